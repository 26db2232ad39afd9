/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/answer.h"

#include "sim/output.h"

#define GARBLE 0x5A

bool answer_fault_is(const struct rom *rom, enum sim_fault_kind kind)
{
	if (rom->command == NULL || rom->fault == NULL ||
	    rom->fault->kind != kind)
		return false;
	if (rom->fault->phase == SIM_PHASE_LAST)
		return rom->stage == command_packets(rom->command);
	return rom->fault->phase == rom->stage;
}

void answer_byte(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	if (rom->silenced || sim->config.mute)
		return;
	output_send(sim, rom->garbled ? byte ^ GARBLE : byte);
}

void answer_bytes(struct sim *sim, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		answer_byte(sim, bytes[i]);
	output_end(sim);
}

void answer_ack(struct sim *sim)
{
	if (answer_fault_is(&sim->rom, SIM_FAULT_LOSTACK)) {
		sim->rom.fault = NULL;
		sim->stats.faults++;
		return;
	}
	answer_byte(sim, ROM_ACK);
	output_end(sim);
}

void answer_crash(struct sim *sim)
{
	state_ask(sim, REQUEST_RESET, "reset (fault of the ROM)");
}
