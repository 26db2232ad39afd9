/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of AN3155, and those that some vendors add. */
#include <string.h>

#include "crc.h"
#include "sim/cmd.h"
#include "sim/device.h"
#include "utils.h"

static void answer_bytes(struct sim *sim, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		rom_answer(sim, bytes[i]);
}

/* N, which says one less than the bytes that follow, the bytes, ACK. */
static void answer_list(struct sim *sim, const uint8_t *bytes, size_t len)
{
	rom_answer(sim, (uint8_t)(len - 1));
	answer_bytes(sim, bytes, len);
	rom_answer(sim, ROM_ACK);
}

static uint8_t erase_opcode(const struct sim *sim)
{
	if (sim->config.erase != 0)
		return (uint8_t)sim->config.erase;
	return sim->dev->erase_command != 0 ? sim->dev->erase_command : 0x44;
}

static uint8_t protocol_version(const struct sim *sim)
{
	if (sim->config.version != SIM_UNSET)
		return (uint8_t)sim->config.version;
	if (sim->dev->uart_version != 0)
		return sim->dev->uart_version;
	return erase_opcode(sim) == 0x43 ? 0x22 : 0x31;
}

/* Get, Get Version, Get ID */

static void finish_get(struct sim *sim)
{
	uint8_t list[1 + FAULTS_COMMANDS + SIM_EXTRA_MAX];
	const struct command *command;
	size_t len = 0, i;

	list[len++] = protocol_version(sim);
	for (i = 0; (command = rom_command_at(i)) != NULL; i++)
		if (rom_command_exists(sim, command))
			list[len++] = command->opcode;
	for (i = 0; i < sim->config.extra_count; i++)
		if (memchr(list + 1, sim->config.extra[i], len - 1) == NULL)
			list[len++] = sim->config.extra[i];
	/* N is the number of commands: the version is not counted */
	answer_list(sim, list, len);
}

static void finish_get_version(struct sim *sim)
{
	/* two bytes that counted protection changes once, 0 since */
	const uint8_t reply[] = { protocol_version(sim), 0, 0, ROM_ACK };

	answer_bytes(sim, reply, sizeof(reply));
}

static uint32_t product_id(const struct sim *sim)
{
	return sim->config.pid != SIM_UNSET ? sim->config.pid : sim->dev->id;
}

static void finish_get_id(struct sim *sim)
{
	uint32_t id = product_id(sim);
	const uint8_t plain[] = { (uint8_t)(id >> 8), (uint8_t)id };
	/* BlueNRG: the mask set comes first */
	const uint8_t masked[] = { 0x01, 0x20, (uint8_t)id };
	/* Artery PM0005; the last byte is the project ID */
	const uint8_t artery[] = { (uint8_t)(id >> 8), (uint8_t)id,
				   (uint8_t)(id >> 24), (uint8_t)(id >> 16),
				   0x01 };

	if (sim->dev->quirks & DEV_ID_ARTERY)
		answer_list(sim, artery, sizeof(artery));
	else if (sim->dev->quirks & DEV_ID_IN_BYTE_3 ||
		 sim->config.id_bytes == 3)
		answer_list(sim, masked, sizeof(masked));
	else
		answer_list(sim, plain, sizeof(plain));
}

/* GigaDevice: the four characters of the part number. */
static void finish_part_number(struct sim *sim)
{
	uint8_t id[4];

	put_be32(id, product_id(sim));
	answer_list(sim, id, sizeof(id));
}

static void finish_access(struct sim *sim)
{
	sim->rom.unlocked = true;
}

/* Get Checksum */

static enum verdict take_checksum_size(struct sim *sim)
{
	sim->rom.count = get_be32(sim->rom.packet);
	sim->rom.init = CRC_INIT;
	if (sim->rom.count == 0 || sim->rom.count % 4 != 0 ||
	    sim->rom.address % 4 != 0 ||
	    !memory_open_range(&sim->memory, sim->rom.address, sim->rom.count))
		return REFUSED;
	return TAKEN;
}

static enum verdict take_polynomial(struct sim *sim)
{
	(void)sim;	/* the CRC unit of these parts has one only */
	return TAKEN;
}

static enum verdict take_init(struct sim *sim)
{
	sim->rom.init = get_be32(sim->rom.packet);
	return TAKEN;
}

static void finish_checksum(struct sim *sim)
{
	uint32_t crc = sim->rom.init, i;
	uint8_t word[4], reply[5];

	for (i = 0; i < sim->rom.count; i += 4) {
		if (!sim_peek_memory(sim, sim->rom.address + i, word,
				     sizeof(word)))
			break;	/* take_checksum_size() saw to that */
		crc = crc_update(crc, word, sizeof(word));
	}
	put_be32(reply, crc);
	reply[4] = xor_sum(reply, 4);
	answer_bytes(sim, reply, sizeof(reply));
}

static void finish_checksum_two(struct sim *sim)
{
	rom_answer_ack(sim);	/* one more: the result is ready */
	finish_checksum(sim);
}

/* Special: no subcode is known. */
static enum verdict take_subcode(struct sim *sim)
{
	(void)sim;
	return REFUSED;
}

static bool has_erase(const struct sim *sim)
{
	return erase_opcode(sim) == 0x43;
}

static bool has_extended_erase(const struct sim *sim)
{
	return erase_opcode(sim) == 0x44;
}

static bool has_checksum_four(const struct sim *sim)
{
	return sim->config.checksum == SIM_CHECKSUM_4;
}

static bool has_checksum_two(const struct sim *sim)
{
	return sim->config.checksum == SIM_CHECKSUM_2;
}

static bool has_special(const struct sim *sim)
{
	return memchr(sim->config.extra, 0x50, sim->config.extra_count) != NULL;
}

static bool has_extended_special(const struct sim *sim)
{
	return memchr(sim->config.extra, 0x51, sim->config.extra_count) != NULL;
}

static bool has_part_number(const struct sim *sim)
{
	return sim->dev->get_id_command == 0x06;
}

static bool has_access(const struct sim *sim)
{
	return sim->dev->access_id_command == 0xFA;
}

/* In the order in which Get lists them. */
static const struct command commands[] = {
	{ 0x00, "get", true, NULL, { { PACKET_NONE, NULL } }, finish_get },
	{ 0x01, "version", true, NULL, { { PACKET_NONE, NULL } },
	  finish_get_version },
	{ 0x02, "id", true, NULL, { { PACKET_NONE, NULL } }, finish_get_id },
	{ 0x06, "part", true, has_part_number, { { PACKET_NONE, NULL } },
	  finish_part_number },
	{ 0x11, "read", false, NULL,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_COUNT, cmd_take_read_count } }, cmd_finish_read },
	{ 0x21, "go", false, NULL, { { PACKET_WORD, cmd_take_go_address } },
	  cmd_finish_go },
	{ 0x31, "write", false, NULL,
	  { { PACKET_WORD, cmd_take_write_address },
	    { PACKET_LIST, cmd_take_write_data } }, cmd_finish_write },
	{ 0x43, "erase", false, has_erase,
	  { { PACKET_PAGES8, cmd_take_pages8 } }, NULL },
	{ 0x44, "erase", false, has_extended_erase,
	  { { PACKET_PAGES16, cmd_take_pages16 } }, NULL },
	{ 0x63, "wprotect", false, NULL, { { PACKET_LIST, cmd_take_units } },
	  cmd_finish_by_reset },
	{ 0x73, "wunprotect", false, NULL, { { PACKET_NONE, NULL } },
	  cmd_finish_write_unprotect },
	{ 0x82, "rprotect", false, NULL, { { PACKET_NONE, NULL } },
	  cmd_finish_readout_protect },
	{ 0x92, "runprotect", true, NULL, { { PACKET_NONE, NULL } },
	  cmd_finish_readout_unprotect },
	{ 0xA1, "checksum", false, has_checksum_four,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_WORD, take_checksum_size },
	    { PACKET_WORD, take_polynomial },
	    { PACKET_WORD, take_init } }, finish_checksum },
	{ 0xA1, "checksum", false, has_checksum_two,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_WORD, take_checksum_size } }, finish_checksum_two },
	{ 0x50, "special", true, has_special,
	  { { PACKET_SUBCODE, take_subcode } }, NULL },
	{ 0x51, "xspecial", true, has_extended_special,
	  { { PACKET_SUBCODE, take_subcode } }, NULL },
	{ 0xFA, "access", true, has_access, { { PACKET_NONE, NULL } },
	  finish_access },
};

_Static_assert(ARRAY_LEN(commands) <= FAULTS_COMMANDS,
	       "every command counts its executions");

const struct command *rom_command_at(size_t i)
{
	return i < ARRAY_LEN(commands) ? &commands[i] : NULL;
}

bool rom_command_exists(const struct sim *sim, const struct command *command)
{
	return command->exists == NULL || command->exists(sim);
}

const char *rom_command_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(commands); i++)
		if (strlen(commands[i].name) == len &&
		    memcmp(commands[i].name, name, len) == 0)
			return commands[i].name;
	return NULL;
}
