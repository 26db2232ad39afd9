/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/rom.h"

#include <string.h>

#include "sim/answer.h"
#include "sim/commands.h"
#include "sim/output.h"
#include "utils.h"

/* 24575 polls in the F051's ROM */
#define MEASURE_US 10000

void rom_start(struct rom *rom, bool synced)
{
	memset(rom, 0, sizeof(*rom));
	rom->phase = synced ? ROM_OPCODE : ROM_AUTOBAUD;
}

static void idle(struct rom *rom)
{
	rom->phase = ROM_OPCODE;
	rom->command = NULL;
	rom->fault = NULL;
	rom->silenced = rom->garbled = false;
}

static void refuse(struct sim *sim, unsigned nacks)
{
	if (nacks != 0 && sim->config.second_nack)
		nacks++;
	while (nacks-- > 0) {
		answer_byte(sim, ROM_NACK);
		output_end(sim);
	}
	idle(&sim->rom);
	sim->rom.sliding = sim->kind->slides;
}

static const struct refusals *refusals(const struct sim *sim)
{
	return &sim->kind->refusals[sim->rom.command->refusal];
}

static void refuse_address(struct sim *sim)
{
	unsigned nacks = refusals(sim)->unserved;

	if (refusals(sim)->acked)
		answer_ack(sim);
	refuse(sim, nacks);
}

/* True for bytes without the first edge after the start bit, as seen. */
static bool has_one_edge(uint8_t byte)
{
	return byte == 0x00 || byte == 0x80 || byte == 0xFE;
}

/* True if measuring this byte gives a wrong rate. */
static bool spoils_rate(struct sim *sim, uint8_t byte)
{
	const struct rom_kind *kind = sim->kind;

	if (sim->rom.spoilt)
		return true;
	if (!kind->measures_any)
		return false;
	if (sim->now_us < sim->rom.measures_until_us)
		return true;
	if (kind->measures_again && has_one_edge(byte)) {
		sim->rom.measures_until_us = sim->now_us + MEASURE_US;
		return false;
	}
	return byte != ROM_SYNC;
}

static void spoil_rate(struct sim *sim)
{
	state_hang(sim, "rate measured on another byte");
}

/* Until the last bit the F103's ROM measures the rest of the byte; the F051's
 * gives up and starts again. */
void rom_receive_cut(struct sim *sim, uint8_t byte, int64_t missed_ns)
{
	bool last_bit = missed_ns * 11 >= sim->uart.byte_ns * 8;

	if (!sim->kind->measures_any)
		rom_receive(sim, byte);
	else if (!sim->kind->measures_again && !last_bit)
		spoil_rate(sim);
}

/* AN3155: measures the rate on the first byte, which must be 7F. */
static void synchronise(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	if (spoils_rate(sim, byte)) {
		spoil_rate(sim);
		return;
	}
	if (byte != ROM_SYNC)
		return;
	journal_add(&sim->journal, "sync");
	rom->phase = ROM_OPCODE;
	if (sim->config.stray_zero)
		answer_byte(sim, 0x00);
	answer_byte(sim, ROM_ACK);
	if (sim->config.second_ack || sim->dev->quirks & DEV_EXTRA_ACK)
		answer_byte(sim, ROM_ACK);
}

/* Waits for the next packet, or completes the command. */
static void next_stage(struct sim *sim)
{
	struct rom *rom = &sim->rom;

	rom->stage++;
	if (rom->stage <= COMMAND_STEPS_MAX &&
	    rom->command->steps[rom->stage - 1].packet != PACKET_NONE) {
		rom->phase = ROM_PACKET;
		rom->received = 0;
		rom->sum = 0;
		return;
	}
	if (rom->command->finish != NULL && !rom->silenced)
		rom->command->finish(sim);
	idle(rom);
}

/*
 * Applies the fault that is due in this phase. True if that ends the phase:
 * nothing else is done or answered.
 */
static bool struck(struct sim *sim)
{
	struct rom *rom = &sim->rom;

	if (rom->silenced) {
		next_stage(sim);
		return true;
	}
	rom->garbled = answer_fault_is(rom, SIM_FAULT_GARBLE);
	if (rom->garbled)
		sim->stats.faults++;
	if (answer_fault_is(rom, SIM_FAULT_NACK)) {
		sim->stats.faults++;
		refuse(sim, 1);
		return true;
	}
	if (answer_fault_is(rom, SIM_FAULT_SILENT)) {
		sim->stats.faults++;
		rom->silenced = true;
		return struck(sim);
	}
	return false;
}

/* Acknowledges a valid phase, and continues. */
static void accept(struct sim *sim)
{
	answer_ack(sim);
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

	for (i = 0; (command = commands_at(i)) != NULL; i++) {
		if (command->opcode != opcode ||
		    !commands_exists(sim, command))
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
		refuse(sim, 1);
		return;
	}
	rom->fault = faults_execute(&sim->faults, &sim->config,
				    (enum sim_command)rom->command->name,
				    number);
	if (struck(sim))
		return;
	/* AN3155: readout protection is checked before the first ACK */
	if (sim->protection.rdp != 0 && !rom->command->when_protected) {
		refuse(sim, refusals(sim)->locked);
		return;
	}
	rom->sliding = false;
	sim->stats.commands[rom->opcode]++;
	accept(sim);
}

/* Returns the length of the packet in bytes, as far as the bytes so far
 * tell. */
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
		sim->rom.stage = command_packets(sim->rom.command);
		accept(sim);
		return;
	case TAKEN:
		accept(sim);
		return;
	case REFUSED:
		refuse(sim, 1);
		return;
	case REFUSED_ADDRESS:
		refuse_address(sim);
		return;
	case FAULTED:
		answer_crash(sim);
		return;
	case LOCKED_UP:
		state_hang(sim, "read past the end");
		return;
	}
}

static bool is_special_erase(const struct rom *rom, enum packet packet)
{
	if (packet == PACKET_PAGES8)
		return rom->packet[0] == 0xFF;
	return packet == PACKET_PAGES16 &&
	       get_be16(rom->packet) >= ROM_SPECIAL_ERASE;
}

static void refuse_checksum(struct sim *sim, enum packet packet)
{
	const struct rom *rom = &sim->rom;

	if (packet == PACKET_PAGES8 && is_special_erase(rom, packet) &&
	    sim->kind->ignores_bad_ff) {
		accept(sim);
		return;
	}
	if (packet == PACKET_COUNT || packet == PACKET_LIST ||
	    is_special_erase(rom, packet))
		refuse(sim, 1);
	else
		refuse(sim, refusals(sim)->checksum);
}

static void complete_packet(struct sim *sim)
{
	struct rom *rom = &sim->rom;
	size_t step = rom->stage - 1;

	if (struck(sim))
		return;
	if (rom->command->steps[step].packet == PACKET_LIST)
		memcpy(rom->buffer, rom->packet + 1, rom->packet[0] + 1u);
	if (!checksum_good(rom, rom->command->steps[step].packet)) {
		refuse_checksum(sim, rom->command->steps[step].packet);
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

static void receive_complement(struct sim *sim, uint8_t byte)
{
	struct rom *rom = &sim->rom;

	rom->phase = ROM_OPCODE;
	if ((rom->opcode ^ byte) != 0xFF)
		refuse(sim, 1);
	else
		start_command(sim);
	if (rom->sliding) {	/* it may begin the next command */
		rom->opcode = byte;
		rom->phase = ROM_COMPLEMENT;
	}
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
		receive_complement(sim, byte);
		return;
	case ROM_PACKET:
		receive_packet(sim, byte);
		return;
	}
}
