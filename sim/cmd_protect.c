/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All of these end with a reset. */
#include "sim/cmd.h"

#include "sim/answer.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/protect.h"
#include "sim/silicon.h"

/* The pairs of the classic option bytes. */
enum pair { PAIR_RDP, PAIR_USER, PAIR_DATA0, PAIR_DATA1, PAIR_WRP, PAIRS = 8 };

/* True for option bytes that this ROM rewrites as a whole. */
static bool rewrites(const struct sim *sim, uint8_t **bytes)
{
	return sim->kind->rewrites &&
	       memory_classic_options(&sim->memory, bytes);
}

/* Keeps the first count pairs. */
static size_t keep(struct option_byte *list, const uint8_t *bytes,
		   size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		list[i] = (struct option_byte){ (uint8_t)i, bytes[2 * i] };
	return count;
}

/* Does not program bytes that protect nothing. */
static void rewrite_units(struct sim *sim, const uint8_t *bytes,
			  const uint8_t *bits)
{
	struct option_byte list[PAIRS];
	size_t count = keep(list, bytes,
			    sim->kind->loses_data ? PAIR_DATA0 : PAIR_WRP);
	unsigned i;

	for (i = 0; i < memory_wrp_bytes(&sim->memory); i++)
		if (bits[i] != 0)
			list[count++] = (struct option_byte){
				(uint8_t)(PAIR_WRP + i), (uint8_t)~bits[i] };
	output_work(sim, silicon_rewrite_options(sim, list, count));
}

static enum verdict protect_units(struct sim *sim, const uint8_t *units,
				  size_t count)
{
	uint8_t bits[SIM_WRP_BYTES] = { 0 }, *bytes;
	size_t i;

	for (i = 0; i < count; i++)
		protect_mark(bits, units[i]);
	if (rewrites(sim, &bytes)) {
		rewrite_units(sim, bytes, bits);
		return TAKEN;
	}
	protect_by_command(sim, units, count);
	output_work(sim, silicon_option_time(sim));
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
	state_ask(sim, REQUEST_OPTION_LOAD, "reset");
}

/* Sends the second ACK when the option bytes are written. */
static void finish_options(struct sim *sim, uint64_t us)
{
	output_work(sim, us);
	answer_ack(sim);
	state_ask(sim, REQUEST_OPTION_LOAD, "reset");
}

void cmd_finish_write_unprotect(struct sim *sim)
{
	const uint8_t none[SIM_WRP_BYTES] = { 0 };
	struct option_byte list[1];
	uint8_t *bytes;

	if (rewrites(sim, &bytes)) {
		(void)keep(list, bytes, 1);
		finish_options(sim, silicon_rewrite_options(sim, list, 1));
		return;
	}
	(void)protect_set_units(sim, none);
	finish_options(sim, silicon_option_time(sim));
}

/* Programs all write protection bytes at the address of the first one: only
 * that one is kept, the flash refuses the others. */
static uint64_t rewrite_protected(struct sim *sim, const uint8_t *bytes)
{
	struct option_byte list[PAIRS];
	size_t count = keep(list, bytes, PAIR_WRP), i;

	list[PAIR_RDP].value = protect_key(sim, 1);
	for (i = 0; i < memory_wrp_bytes(&sim->memory); i++)
		list[count++] = (struct option_byte){
			PAIR_WRP, bytes[2 * (PAIR_WRP + i)] };
	return silicon_rewrite_options(sim, list, count);
}

void cmd_finish_readout_protect(struct sim *sim)
{
	uint8_t *bytes;

	if (rewrites(sim, &bytes)) {
		finish_options(sim, rewrite_protected(sim, bytes));
		return;
	}
	protect_set_readout(sim, 1);
	finish_options(sim, silicon_option_time(sim));
}

/* Erases the option bytes before the new key is written. */
static uint64_t write_key(struct sim *sim)
{
	const struct option_byte key = { PAIR_RDP, protect_key(sim, 0) };
	uint8_t *bytes;

	if (rewrites(sim, &bytes))
		return silicon_rewrite_options(sim, &key, 1);
	if (memory_classic_options(&sim->memory, &bytes))
		options_factory(&sim->memory);
	else
		options_regress(&sim->memory);
	protect_set_readout(sim, 0);
	return silicon_option_time(sim);
}

void cmd_finish_readout_unprotect(struct sim *sim)
{
	/* the chip erases its flash only when protection ends */
	if (sim->protection.rdp != 0 || !sim->kind->rewrites)
		output_work(sim, silicon_wipe(sim));
	memory_clear_ram(&sim->memory);
	finish_options(sim, write_key(sim));
}
