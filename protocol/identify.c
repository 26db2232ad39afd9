/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/identify.h"

#include <string.h>

#include "protocol/connect.h"
#include "utils.h"

#define OTHER_PARITY_MS 3000	/* for trying the other parity */
#define SURE_TRIES 8	/* until two replies agree */
#define I2C_ID_LEN 3	/* AN4221, Get ID: a count of 1 and two bytes */

/* A count, that many bytes and one more. */
struct reply {
	uint8_t bytes[1 + 256];
	size_t expected;	/* framed: bytes to read, a guess; else 0 */
	bool asked;		/* that many bytes were read */
};

static enum stm32_err receive_reply(struct stm32 *stm, struct reply *reply)
{
	enum stm32_err err;

	/* I2C: one transaction of exactly the device's length (AN4221): it
	 * holds the clock if the host reads more. */
	if (reply->expected != 0)
		return link_receive(&stm->link, reply->bytes, reply->expected,
				    0);
	err = link_receive(&stm->link, reply->bytes, 1, 0);
	if (err != STM32_OK)
		return err;
	return link_receive(&stm->link, reply->bytes + 1,
			    (size_t)reply->bytes[0] + 1, 0);
}

static enum stm32_err take_list(struct stm32 *stm, const struct reply *reply)
{
	const uint8_t *list = reply->bytes + 1;
	size_t i;

	memset(stm->info.listed, 0, sizeof(stm->info.listed));
	stm->info.version = list[0];
	for (i = 1; i <= reply->bytes[0]; i++)
		stm->info.listed[list[i]] = true;
	return stm->info.listed[0x00] ? STM32_OK : STM32_GARBLED;
}

/* I2C: the list does not have the length that was read. If it is one byte
 * longer, that byte is in the device's transmit register, before the ACK.
 * Reading only the ACK would return that byte, and shift all later answers by
 * one. */
static enum stm32_err other_length(struct stm32 *stm, struct reply *reply)
{
	size_t asked = reply->expected;
	uint8_t rest[2];
	enum stm32_err err;

	reply->expected = (size_t)reply->bytes[0] + 2;
	if (reply->expected != asked + 1)
		return STM32_GARBLED;
	err = link_receive(&stm->link, rest, sizeof(rest), 0);
	if (err != STM32_OK)
		return err;
	if (rest[1] != ACK)
		return STM32_GARBLED;
	reply->bytes[asked] = rest[0];
	return take_list(stm, reply);
}

/* AN3155, Get: number of following bytes minus one, version, opcodes, ACK. */
static enum stm32_err try_get(struct stm32 *stm, void *args)
{
	struct reply *reply = args;
	size_t count;
	enum stm32_err err;

	reply->bytes[0] = 0;
	err = session_command(stm, CMD_GET);
	reply->asked = err == STM32_OK;
	if (err == STM32_OK)
		err = receive_reply(stm, reply);
	count = reply->bytes[0];
	if (err == STM32_OK && reply->expected != 0 &&
	    reply->expected != count + 2)
		return other_length(stm, reply);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	return take_list(stm, reply);
}

/* AN3155, Get Version & Read Protection Status; AN4221: only the version. */
static enum stm32_err ask_version(struct stm32 *stm,
				  uint8_t answer[static SESSION_VERSION_LEN])
{
	enum stm32_err err = session_command(stm, CMD_GET_VERSION);

	return err == STM32_OK ? session_version(stm, answer) : err;
}

static enum stm32_err try_get_version(struct stm32 *stm, void *args)
{
	uint8_t answer[SESSION_VERSION_LEN] = { 0 };
	enum stm32_err err = ask_version(stm, answer);

	(void)args;
	if (err != STM32_OK)
		return err;
	stm->info.version = answer[0];
	stm->info.option1 = answer[1];
	stm->info.option2 = answer[2];
	return STM32_OK;
}

static enum stm32_err try_step(struct stm32 *stm, void *args)
{
	uint8_t ignored[SESSION_VERSION_LEN];

	(void)args;
	return ask_version(stm, ignored);
}

enum stm32_err identify_step(struct stm32 *stm)
{
	return session_persist(stm, "Get Version", try_step, NULL);
}

/* Decodes the product ID from the reply to Get ID: two bytes for an STM32; for
 * the BlueNRG lineage the mask data first and the ID third; Artery sends bits
 * 15-0, then 31-16, then a project number. */
static uint32_t decode_id(const uint8_t *bytes, size_t len)
{
	if (len == 5)
		return (uint32_t)get_be16(bytes + 2) << 16 | get_be16(bytes);
	if (len == 3 || len == 4)
		return bytes[2];
	return len == 1 ? bytes[0] : get_be16(bytes);
}

/* AN3155, Get ID: number of following bytes minus one, those bytes, ACK. args
 * is the opcode: GigaDevice uses another one. */
static enum stm32_err try_get_id(struct stm32 *stm, void *args)
{
	const enum stm32_command *command = args;
	struct stm32_info *info = &stm->info;
	struct reply reply = {
		.expected = session_is_framed(stm) ? I2C_ID_LEN : 0
	};
	size_t len;
	enum stm32_err err;

	err = session_command(stm, *command);
	if (err == STM32_OK)
		err = receive_reply(stm, &reply);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	len = (size_t)reply.bytes[0] + 1;
	if (len > sizeof(info->id_bytes) ||
	    (reply.expected != 0 && reply.expected != len + 1))
		return STM32_GARBLED;
	memcpy(info->id_bytes, reply.bytes + 1, len);
	info->id_len = len;
	return STM32_OK;
}

/* The GD32VW55x has a part number of four letters; its Get ID, if it exists,
 * returns the same as that of other parts. */
static enum stm32_err get_part_number(struct stm32 *stm)
{
	enum stm32_command command = CMD_GET_PART_NUMBER;
	enum stm32_err err = session_persist(stm, "part number", try_get_id, &command);

	if (err == STM32_OK && stm->info.id_len == 4)
		stm->info.id = get_be32(stm->info.id_bytes);
	return err;
}

static enum stm32_err get_id(struct stm32 *stm)
{
	enum stm32_command command = CMD_GET_ID;
	enum stm32_err err = STM32_UNSUPPORTED;

	if (session_has(stm, CMD_GET_PART_NUMBER))
		err = get_part_number(stm);
	if (err == STM32_OK && stm->info.id_len == 4)
		return STM32_OK;
	if (err == STM32_PORT || err == STM32_STOPPED)
		return err;
	err = session_persist(stm, "Get ID", try_get_id, &command);
	if (err == STM32_OK)
		stm->info.id = decode_id(stm->info.id_bytes, stm->info.id_len);
	return err;
}

enum stm32_err identify_again(struct stm32 *stm)
{
	uint32_t before = stm->info.id;
	enum stm32_err err = get_id(stm);
	unsigned tries;

	for (tries = 0; err == STM32_OK && stm->info.id != before &&
	     tries < SURE_TRIES; tries++) {
		before = stm->info.id;
		err = get_id(stm);
	}
	return err;
}

/* Some Artery parts refuse all commands before this one. */
static enum stm32_err try_access(struct stm32 *stm, void *args)
{
	(void)args;
	return session_command(stm, CMD_ACCESS);
}

/* Checks for the commands that every ROM of AN3155 lists. The reply has no
 * checksum: without one of these it was damaged, or the ROM is unusual. */
static bool is_plausible(const struct stm32 *stm)
{
	static const enum stm32_command every[] = {
		CMD_GET_VERSION, CMD_GET_ID, CMD_READ_MEMORY, CMD_GO,
		CMD_WRITE_MEMORY,
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(every); i++)
		if (!session_lists(stm, every[i]))
			return false;
	return session_lists(stm, CMD_ERASE) !=
	       session_lists(stm, CMD_EXTENDED_ERASE);
}

/* Accepts an implausible list if it is the same twice. */
static enum stm32_err get_surely(struct stm32 *stm)
{
	bool before[sizeof(stm->info.listed)];
	struct reply reply = { .expected = 0 };
	enum stm32_err err = session_persist(stm, "Get", try_get, &reply);
	unsigned tries;

	for (tries = 0; err == STM32_OK && !is_plausible(stm) &&
	     tries < SURE_TRIES; tries++) {
		memcpy(before, stm->info.listed, sizeof(before));
		err = session_persist(stm, "Get", try_get, &reply);
		if (memcmp(before, stm->info.listed, sizeof(before)) == 0)
			break;
	}
	return err;
}

static enum stm32_err get(struct stm32 *stm)
{
	enum stm32_err err = get_surely(stm);

	if (err != STM32_REFUSED)
		return err;
	err = session_persist(stm, "access", try_access, NULL);
	return err == STM32_OK ? get_surely(stm) : err;
}

/* Returns the length of the reply to Get in bytes, including count and
 * version, by the version of the protocol (AN4221). A first guess: some ROMs
 * list more. */
static size_t i2c_get_len(uint8_t version)
{
	if (version <= 0x10)
		return 13;
	return version == 0x11 ? 19 : 20;
}

/* With a wrong length there may be no answer at all, so after a wrong guess
 * read the shortest possible list. Its first byte has the real length; the
 * resynchronisation discards what the device still has to send. */
static enum stm32_err get_framed(struct stm32 *stm)
{
	struct reply reply = { .expected = i2c_get_len(stm->info.version) };
	enum stm32_err err = try_get(stm, &reply);

	if (err == STM32_OK || err == STM32_PORT)
		return err;
	session_explain_retry(stm, "Get", err);
	err = link_resync(&stm->link);
	if (err != STM32_OK)
		return err;
	if (reply.asked && reply.bytes[0] == 0)
		reply.expected = i2c_get_len(0x10);
	return session_persist(stm, "Get", try_get, &reply);
}

/* Get Version needs no list. Over I2C it comes first, as the length of the
 * list depends on the version. */
static enum stm32_err get_all(struct stm32 *stm)
{
	bool framed = session_is_framed(stm);
	enum stm32_err err = framed ? STM32_OK : get(stm);

	if (err == STM32_OK)
		err = session_persist(stm, "Get Version", try_get_version,
				      NULL);
	if (err == STM32_OK && framed)
		err = get_framed(stm);
	return err == STM32_OK ? get_id(stm) : err;
}

/*
 * An ACK is received with any parity setting, as its parity bit looks like a
 * stop bit; commands are not. If the other parity works better, tell the user
 * which one is right.
 */
static bool answers_in(struct stm32 *stm, char parity)
{
	struct serial_mode found = stm->link.port->mode;
	struct serial_mode other = found;
	struct reply reply = { .expected = 0 };
	bool answered;

	other.parity = parity;
	if (port_set_mode(stm->link.port, &other) != PORT_OK)
		return false;
	/* the answers that were late so far had the wrong parity */
	stm->link.late_ms = 0;
	stm->link.deadline_ms = port_now_ms(stm->link.port) + OTHER_PARITY_MS;
	answered = link_resync(&stm->link) == STM32_OK &&
		   try_get(stm, &reply) == STM32_OK;
	stm->link.deadline_ms = 0;
	(void)port_set_mode(stm->link.port, &found);
	return answered;
}

static void explain_identify(struct stm32 *stm, enum stm32_err err,
			     struct problem *why)
{
	const struct port *port = stm->link.port;
	char other = port->mode.parity == 'n' ? 'e' : 'n';

	if (stm->seen.acks > 0 && port->mode.data_bits != 0 &&
	    err != STM32_STOPPED && err != STM32_PORT && answers_in(stm, other))
		problem_set(why, "%s: this bootloader uses %u%c%u; use -m "
			    "%u%c%u", port->device, port->mode.data_bits, other,
			    port->mode.stop_bits, port->mode.data_bits, other,
			    port->mode.stop_bits);
	else
		connect_explain(stm, err, why);
}

enum stm32_err identify_device(struct stm32 *stm, unsigned timeout_ms,
				bool resume, struct problem *why)
{
	enum stm32_err err = connect_sync(stm, timeout_ms, resume, why);

	if (err != STM32_OK)
		return err;
	err = get_all(stm);
	if (err != STM32_OK)
		explain_identify(stm, err, why);
	return err;
}
