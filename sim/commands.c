/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of AN3155, and additions of some vendors. */
#include "sim/commands.h"

#include <string.h>

#include "protocol/crc.h"
#include "sim/answer.h"
#include "sim/cmd.h"
#include "utils.h"

/* Sends the last ACK of a command that only returns data. */
static void answer_end(struct sim *sim)
{
	static const uint8_t ack = ROM_ACK;

	answer_bytes(sim, &ack, 1);
}

/* Sends N (the number of bytes minus one), the bytes, ACK. */
static void answer_list(struct sim *sim, const uint8_t *bytes, size_t len)
{
	answer_byte(sim, (uint8_t)(len - 1));
	answer_bytes(sim, bytes, len);
	answer_end(sim);
}

static uint8_t erase_opcode(const struct sim *sim)
{
	if (sim->config.erase != 0)
		return (uint8_t)sim->config.erase;
	return sim->dev->erase_command != 0 ? sim->dev->erase_command : 0x44;
}

static uint8_t i2c_version(const struct sim *sim)
{
	if (sim->config.i2c_version != SIM_UNSET)
		return (uint8_t)sim->config.i2c_version;
	if (sim->dev->i2c_version != 0)
		return sim->dev->i2c_version;
	return sim->dev->i2c_no_stretch == 1 ? 0x11 : 0x10;
}

static bool i2c_no_stretch(const struct sim *sim)
{
	if (sim->config.no_stretch != SIM_UNSET)
		return sim->config.no_stretch != 0;
	return i2c_version(sim) >= 0x11;
}

uint8_t commands_version(const struct sim *sim)
{
	if (sim->config.framed)
		return i2c_version(sim);
	if (sim->config.version != SIM_UNSET)
		return (uint8_t)sim->config.version;
	if (sim->dev->uart_version != 0)
		return sim->dev->uart_version;
	return erase_opcode(sim) == 0x43 ? 0x22 : 0x31;
}

/* Get, Get Version, Get ID */

static void finish_get(struct sim *sim)
{
	uint8_t list[1 + FAULTS_COMMANDS + 1 + SIM_EXTRA_MAX];
	const struct command *command;
	size_t len = 0, i;

	list[len++] = commands_version(sim);
	for (i = 0; (command = commands_at(i)) != NULL; i++)
		if (commands_exists(sim, command))
			list[len++] = command->opcode;
	if (sim->dev->listed_command != 0)
		list[len++] = sim->dev->listed_command;
	for (i = 0; i < sim->config.extra_count; i++)
		if (memchr(list + 1, sim->config.extra[i], len - 1) == NULL)
			list[len++] = sim->config.extra[i];
	/* N is the number of commands: it excludes the version */
	answer_list(sim, list, len);
}

static void finish_get_version(struct sim *sim)
{
	/* two bytes that once counted protection changes, 0 in newer ROMs; not
	 * in AN4221 */
	const uint8_t reply[] = { commands_version(sim), 0, 0 };

	answer_bytes(sim, reply, sim->config.framed ? 1 : sizeof(reply));
	answer_end(sim);
}

static uint32_t product_id(const struct sim *sim)
{
	return sim->config.pid != SIM_UNSET ? sim->config.pid : sim->dev->id;
}

static void finish_get_id(struct sim *sim)
{
	uint32_t id = product_id(sim);
	const uint8_t plain[] = { (uint8_t)(id >> 8), (uint8_t)id };
	/* BlueNRG: the mask set first */
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
	(void)sim;	/* the CRC unit of these parts has only one */
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
		if (!memory_peek(&sim->memory, sim->rom.address + i, word,
				     sizeof(word)))
			break;	/* checked by take_checksum_size() */
		crc = crc_update(crc, word, sizeof(word));
	}
	put_be32(reply, crc);
	reply[4] = xor_sum(reply, 4);
	answer_bytes(sim, reply, sizeof(reply));
}

static void finish_checksum_two(struct sim *sim)
{
	answer_ack(sim);	/* a second one: the result is ready */
	finish_checksum(sim);
}

/* Special: no subcode is known. */
static enum verdict take_subcode(struct sim *sim)
{
	(void)sim;
	return REFUSED;
}

static bool on_uart(const struct sim *sim)
{
	return !sim->config.framed;
}

static bool on_i2c(const struct sim *sim)
{
	return sim->config.framed;
}

static bool has_no_stretch(const struct sim *sim)
{
	return sim->config.framed && i2c_no_stretch(sim);
}

static bool has_erase(const struct sim *sim)
{
	return on_uart(sim) && erase_opcode(sim) == 0x43;
}

static bool has_extended_erase(const struct sim *sim)
{
	return on_uart(sim) && erase_opcode(sim) == 0x44;
}

static bool has_checksum_four(const struct sim *sim)
{
	return sim->config.checksum == SIM_CHECKSUM_4;
}

/* In AN4221 since version 1.2. */
static bool has_checksum_two(const struct sim *sim)
{
	if (sim->config.checksum == SIM_CHECKSUM_BY_VERSION)
		return sim->config.framed && i2c_version(sim) >= 0x12;
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

#define NO_PACKET { { PACKET_NONE, NULL } }
#define WRITE_STEPS \
	{ { PACKET_WORD, cmd_take_write_address }, \
	  { PACKET_LIST, cmd_take_write_data } }
#define ERASE_STEPS_I2C \
	{ { PACKET_PAGES_N, cmd_take_page_count }, \
	  { PACKET_COUNTED, cmd_take_page_list } }
#define PROTECT_STEPS_I2C \
	{ { PACKET_COUNT, cmd_take_unit_count }, \
	  { PACKET_COUNTED, cmd_take_unit_list } }

/* In the order of the reply to Get. */
static const struct command commands[] = {
	{ 0x00, SIM_GET, REFUSE_OTHERS, true, NULL, NO_PACKET, finish_get,
	  false },
	{ 0x01, SIM_VERSION, REFUSE_OTHERS, true, NULL, NO_PACKET,
	  finish_get_version, false },
	{ 0x02, SIM_ID, REFUSE_OTHERS, true, NULL, NO_PACKET, finish_get_id,
	  false },
	{ 0x06, SIM_PART, REFUSE_OTHERS, true, has_part_number, NO_PACKET,
	  finish_part_number, false },
	{ 0x11, SIM_READ, REFUSE_MEMORY, false, NULL,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_COUNT, cmd_take_read_count } }, cmd_finish_read, false },
	{ 0x21, SIM_GO, REFUSE_GO, false, NULL,
	  { { PACKET_WORD, cmd_take_go_address } }, cmd_finish_go, false },
	{ 0x31, SIM_WRITE, REFUSE_MEMORY, false, NULL, WRITE_STEPS,
	  cmd_finish_write, false },
	{ 0x43, SIM_ERASE, REFUSE_ERASE, false, has_erase,
	  { { PACKET_PAGES8, cmd_take_pages8 } }, NULL, false },
	{ 0x44, SIM_ERASE, REFUSE_ERASE, false, has_extended_erase,
	  { { PACKET_PAGES16, cmd_take_pages16 } }, NULL, false },
	{ 0x44, SIM_ERASE, REFUSE_ERASE, false, on_i2c, ERASE_STEPS_I2C, NULL,
	  false },
	{ 0x63, SIM_WPROTECT, REFUSE_OTHERS, false, on_uart,
	  { { PACKET_LIST, cmd_take_units } }, cmd_finish_by_reset, false },
	{ 0x63, SIM_WPROTECT, REFUSE_OTHERS, false, on_i2c, PROTECT_STEPS_I2C,
	  cmd_finish_by_reset, false },
	{ 0x73, SIM_WUNPROTECT, REFUSE_OTHERS, false, NULL, NO_PACKET,
	  cmd_finish_write_unprotect, false },
	{ 0x82, SIM_RPROTECT, REFUSE_OTHERS, false, NULL, NO_PACKET,
	  cmd_finish_readout_protect, false },
	{ 0x92, SIM_RUNPROTECT, REFUSE_OTHERS, true, NULL, NO_PACKET,
	  cmd_finish_readout_unprotect, false },
	{ 0x32, SIM_WRITE, REFUSE_MEMORY, false, has_no_stretch, WRITE_STEPS,
	  cmd_finish_write, true },
	{ 0x45, SIM_ERASE, REFUSE_ERASE, false, has_no_stretch, ERASE_STEPS_I2C,
	  NULL, true },
	{ 0x64, SIM_WPROTECT, REFUSE_OTHERS, false, has_no_stretch,
	  PROTECT_STEPS_I2C, cmd_finish_by_reset, true },
	{ 0x74, SIM_WUNPROTECT, REFUSE_OTHERS, false, has_no_stretch, NO_PACKET,
	  cmd_finish_write_unprotect, true },
	{ 0x83, SIM_RPROTECT, REFUSE_OTHERS, false, has_no_stretch, NO_PACKET,
	  cmd_finish_readout_protect, true },
	{ 0x93, SIM_RUNPROTECT, REFUSE_OTHERS, true, has_no_stretch, NO_PACKET,
	  cmd_finish_readout_unprotect, true },
	{ 0xA1, SIM_CHECKSUM, REFUSE_OTHERS, false, has_checksum_four,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_WORD, take_checksum_size },
	    { PACKET_WORD, take_polynomial },
	    { PACKET_WORD, take_init } }, finish_checksum, false },
	{ 0xA1, SIM_CHECKSUM, REFUSE_OTHERS, false, has_checksum_two,
	  { { PACKET_WORD, cmd_take_read_address },
	    { PACKET_WORD, take_checksum_size } }, finish_checksum_two, true },
	{ 0x50, SIM_SPECIAL, REFUSE_OTHERS, true, has_special,
	  { { PACKET_SUBCODE, take_subcode } }, NULL, false },
	{ 0x51, SIM_XSPECIAL, REFUSE_OTHERS, true, has_extended_special,
	  { { PACKET_SUBCODE, take_subcode } }, NULL, false },
	{ 0xFA, SIM_ACCESS, REFUSE_OTHERS, true, has_access, NO_PACKET,
	  finish_access, false },
};

_Static_assert(ARRAY_LEN(commands) <= FAULTS_COMMANDS,
	       "every command counts its executions");

const struct command *commands_at(size_t i)
{
	return i < ARRAY_LEN(commands) ? &commands[i] : NULL;
}

bool commands_exists(const struct sim *sim, const struct command *command)
{
	return command->exists == NULL || command->exists(sim);
}
