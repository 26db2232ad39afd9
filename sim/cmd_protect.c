/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All of these end with a reset. */
#include "sim/cmd.h"

#include "sim/device.h"
#include "sim/silicon.h"

/* The numbers are not checked; the set replaces the one before. */
static enum verdict protect_units(struct sim *sim, const uint8_t *units,
				  size_t count)
{
	uint8_t bits[SIM_WRP_BYTES] = { 0 };
	size_t i;

	for (i = 0; i < count; i++)
		protect_mark(bits, units[i]);
	protect_set_units(sim, bits);
	device_work(sim, silicon_option_time(sim));
	return TAKEN;
}

enum verdict cmd_take_units(struct sim *sim)
{
	const uint8_t *packet = sim->rom.packet;

	return protect_units(sim, packet + 1, packet[0] + 1u);
}

enum verdict cmd_take_unit_count(struct sim *sim)
{
	sim->rom.count = sim->rom.packet[0] + 1u;
	return TAKEN;
}

enum verdict cmd_take_unit_list(struct sim *sim)
{
	return protect_units(sim, sim->rom.packet, sim->rom.count);
}

void cmd_finish_by_reset(struct sim *sim)
{
	device_reset(sim, "reset", true);
}

/* The second ACK, when the option bytes are written. */
static void finish_options(struct sim *sim)
{
	device_work(sim, silicon_option_time(sim));
	rom_answer_ack(sim);
	device_reset(sim, "reset", true);
}

void cmd_finish_write_unprotect(struct sim *sim)
{
	const uint8_t none[SIM_WRP_BYTES] = { 0 };

	protect_set_units(sim, none);
	finish_options(sim);
}

void cmd_finish_readout_protect(struct sim *sim)
{
	protect_set_readout(sim, 1);
	finish_options(sim);
}

void cmd_finish_readout_unprotect(struct sim *sim)
{
	uint8_t *classic;

	device_work(sim, silicon_wipe(sim));
	memory_clear_ram(&sim->memory);
	/* there, the option bytes are erased before the new key is written */
	if (memory_classic_options(&sim->memory, &classic))
		memory_factory_options(&sim->memory);
	protect_set_readout(sim, 0);
	finish_options(sim);
}
