/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/rom.h"

#include <string.h>

#include "sim/device.h"
#include "utils.h"

#define GARBLE 0x5A

void rom_start(struct rom *rom, bool synced)
{
	memset(rom, 0, sizeof(*rom));
	rom->phase = synced ? ROM_OPCODE : ROM_AUTOBAUD;
}

/* How many packets the command has. */
static size_t last_stage(const struct command *command)
{
	size_t last = 0;

	while (last < ROM_STEPS_MAX &&
	       command->steps[last].packet != PACKET_NONE)
		last++;
	return last;
}

static bool fault_is(const struct rom *rom, enum sim_fault_kind kind)
{
	if (rom->command == NULL || rom->fault == NULL ||
	    rom->fault->kind != kind)
		return false;
	if (rom->fault->phase == SIM_PHASE_LAST)
		return rom->stage == last_stage(rom->command);
	return rom->fault->phase == rom->stage;
}

void rom_answer(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	if (rom->silenced || sim->config.mute)
		return;
	device_send(sim, rom->garbled ? byte ^ GARBLE : byte);
}

void rom_answer_bytes(struct sim *sim, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		rom_answer(sim, bytes[i]);
	device_end_answer(sim);
}

void rom_answer_ack(struct sim *sim)
{
	if (fault_is(&sim->rom, SIM_FAULT_LOSTACK)) {
		sim->rom.fault = NULL;
		sim->stats.faults++;
		return;
	}
	rom_answer(sim, ROM_ACK);
	device_end_answer(sim);
}

static void idle(struct rom *rom)
{
	rom->phase = ROM_OPCODE;
	rom->command = NULL;
	rom->fault = NULL;
	rom->silenced = rom->garbled = false;
}

static void nack(struct sim *sim)
{
	rom_answer(sim, ROM_NACK);
	device_end_answer(sim);
	if (sim->config.second_nack)
		rom_answer(sim, ROM_NACK);
	device_end_answer(sim);
	idle(&sim->rom);
}

/* AN3155: the rate is measured on the first byte, which has to be 7F. */
static void synchronise(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	if (byte != ROM_SYNC) {
		if (sim->config.autobaud)
			device_hang(sim, "rate measured on another byte");
		return;
	}
	journal_add(&sim->journal, "sync");
	rom->phase = ROM_OPCODE;
	if (sim->config.stray_zero)
		rom_answer(sim, 0x00);
	rom_answer(sim, ROM_ACK);
	if (sim->config.second_ack || sim->dev->quirks & DEV_EXTRA_ACK)
		rom_answer(sim, ROM_ACK);
}

/* Waits for the next packet, or the command is complete. */
static void next_stage(struct sim *sim)
{
	struct rom *rom = &sim->rom;

	rom->stage++;
	if (rom->stage <= ROM_STEPS_MAX &&
	    rom->command->steps[rom->stage - 1].packet != PACKET_NONE) {
		rom->phase = ROM_PACKET;
		rom->received = 0;
		rom->sum = 0;
		return;
	}
	if (rom->command->finish != NULL && !rom->silenced)
		rom->command->finish(sim);
	/* finish() may have reset the device: then there is no command */
	if (rom->command != NULL)
		idle(rom);
}

/*
 * Applies the fault that is due in this phase. True if that settles the
 * phase: nothing is to be done and answered any more.
 */
static bool struck(struct sim *sim)
{
	struct rom *rom = &sim->rom;

	if (rom->silenced) {
		next_stage(sim);
		return true;
	}
	rom->garbled = fault_is(rom, SIM_FAULT_GARBLE);
	if (rom->garbled)
		sim->stats.faults++;
	if (fault_is(rom, SIM_FAULT_NACK)) {
		sim->stats.faults++;
		nack(sim);
		return true;
	}
	if (fault_is(rom, SIM_FAULT_SILENT)) {
		sim->stats.faults++;
		rom->silenced = true;
		return struck(sim);
	}
	return false;
}

/* An answer to a phase that went well, and on. */
static void accept(struct sim *sim)
{
	rom_answer_ack(sim);
	next_stage(sim);
}

static bool locked(const struct sim *sim)
{
	uint8_t access = sim->dev->access_id_command;

	return access != 0 && !sim->rom.unlocked && sim->rom.opcode != access;
}

static const struct command *find_command(const struct sim *sim,
					  uint8_t opcode, size_t *number)
{
	const struct command *command;
	size_t i;

	for (i = 0; (command = rom_command_at(i)) != NULL; i++) {
		if (command->opcode != opcode ||
		    !rom_command_exists(sim, command))
			continue;
		*number = i;
		return command;
	}
	return NULL;
}

static void start_command(struct sim *sim)
{
	struct rom *rom = &sim->rom;
	size_t number;

	rom->stage = 0;
	rom->command = find_command(sim, rom->opcode, &number);
	if (rom->command == NULL || locked(sim)) {
		nack(sim);
		return;
	}
	rom->fault = faults_execute(&sim->faults, &sim->config,
				    rom->command->name, number);
	if (struck(sim))
		return;
	/* AN3155: readout protection is checked in place of the first ACK */
	if (sim->protection.rdp != 0 && !rom->command->when_protected) {
		nack(sim);
		return;
	}
	sim->stats.commands[rom->opcode]++;
	accept(sim);
}

/* Bytes of the packet in all, as far as those that came tell. */
static size_t packet_length(const struct rom *rom, const uint8_t *bytes,
			    size_t received)
{
	enum packet packet = rom->command->steps[rom->stage - 1].packet;

	switch (packet) {
	case PACKET_NONE:
		return 0;
	case PACKET_WORD:
		return 4 + 1;
	case PACKET_COUNT:
		return 2;
	case PACKET_SUBCODE:
	case PACKET_PAGES_N:
		return 2 + 1;
	case PACKET_COUNTED:
		return (size_t)rom->count + 1;
	case PACKET_PAGES8:
		if (received >= 1 && bytes[0] == 0xFF)
			return 2;
		return received < 1 ? 1 : (size_t)bytes[0] + 3;
	case PACKET_LIST:
		return received < 1 ? 1 : (size_t)bytes[0] + 3;
	case PACKET_PAGES16:
		if (received < 2)
			return 2;
		if (get_be16(bytes) >= ROM_SPECIAL_ERASE)
			return 2 + 1;
		return 2 + ((size_t)get_be16(bytes) + 1) * 2 + 1;
	}
	return 0;
}

static bool checksum_good(const struct rom *rom, enum packet packet)
{
	if (packet == PACKET_COUNT ||
	    (packet == PACKET_PAGES8 && rom->packet[0] == 0xFF))
		return rom->sum == 0xFF;	/* byte and complement */
	return rom->sum == 0 && rom->received <= ROM_PACKET_MAX;
}

static void judge(struct sim *sim, enum verdict verdict)
{
	switch (verdict) {
	case TAKEN_ALL:
		sim->rom.stage = last_stage(sim->rom.command);
		accept(sim);
		return;
	case TAKEN:
		accept(sim);
		return;
	case REFUSED:
		nack(sim);
		return;
	case REFUSED_ADDRESS:
		if (sim->config.silent_abort)
			idle(&sim->rom);
		else
			nack(sim);
		return;
	case LOCKED_UP:
		device_hang(sim, "read past the end");
		return;
	}
}

static void complete_packet(struct sim *sim)
{
	struct rom *rom = &sim->rom;
	size_t step = rom->stage - 1;

	if (struck(sim))
		return;
	if (!checksum_good(rom, rom->command->steps[step].packet)) {
		nack(sim);
		return;
	}
	judge(sim, rom->command->steps[step].take(sim));
}

static void receive_packet(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	if (rom->received < ROM_PACKET_MAX)
		rom->packet[rom->received] = byte;
	rom->received++;
	rom->sum ^= byte;
	if (rom->received == packet_length(rom, rom->packet, rom->received))
		complete_packet(sim);
}

size_t rom_wants(const struct rom *rom, const uint8_t *bytes, size_t len)
{
	return rom->phase == ROM_PACKET ? packet_length(rom, bytes, len) : 2;
}

void rom_receive(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	switch (rom->phase) {
	case ROM_AUTOBAUD:
		synchronise(sim, byte);
		return;
	case ROM_OPCODE:
		rom->opcode = byte;
		rom->phase = ROM_COMPLEMENT;
		return;
	case ROM_COMPLEMENT:
		rom->phase = ROM_OPCODE;
		if ((rom->opcode ^ byte) != 0xFF)
			nack(sim);
		else
			start_command(sim);
		return;
	case ROM_PACKET:
		receive_packet(sim, byte);
		return;
	}
}
