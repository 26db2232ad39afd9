/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/checksum.h"

#include <assert.h>

#include "protocol/crc.h"
#include "utils.h"

#define CHECKSUM_US_PER_KIB 1000	/* a CRC unit fed by a ROM loop */
#define SECOND_ACK_MS 200

struct checksum {
	uint32_t address, len;
	uint32_t crc;
};

/* Receives the result: four bytes and their XOR, on some ROMs after a further
 * ACK, which may look like the first of the four. */
static enum stm32_err receive_crc(struct stm32 *stm, bool ack_first,
				  unsigned work_ms, uint32_t *crc)
{
	uint8_t answer[5];
	enum stm32_err err = STM32_OK;

	if (ack_first)
		err = link_ack(&stm->link, work_ms);
	if (err == STM32_OK)
		err = link_receive(&stm->link, answer, sizeof(answer), work_ms);
	if (err != STM32_OK)
		return err;
	if (xor_sum(answer, sizeof(answer)) != 0)
		return STM32_GARBLED;
	*crc = get_be32(answer);
	return STM32_OK;
}

/* AN3155, Get Checksum: address, size, polynomial and initial value, each
 * acknowledged, then the result. AN4221, version 1.2: only address and size,
 * then a further ACK when the result is ready. */
static enum stm32_err try_checksum(struct stm32 *stm, void *args)
{
	struct checksum *c = args;
	unsigned work_ms = c->len / 1024 * CHECKSUM_US_PER_KIB / 1000 + 1;
	bool four = stm->checksum != CHECKSUM_TWO_WORDS;
	enum stm32_err err;

	err = session_command(stm, CMD_GET_CHECKSUM);
	if (err == STM32_OK)
		err = session_address(stm, c->address);
	if (err == STM32_OK)
		err = session_word(stm, c->len, 0);
	if (err == STM32_OK && four)
		err = session_word(stm, CRC_POLYNOMIAL, 0);
	if (err == STM32_OK && four)
		err = session_word(stm, CRC_INIT, 0);
	if (err != STM32_OK)
		return err;
	return receive_crc(stm, stm->checksum != CHECKSUM_FOUR_WORDS, work_ms,
			   &c->crc);
}

/* After address and size, only the short form sends an unrequested byte. */
static enum stm32_err try_checksum_form(struct stm32 *stm, void *args)
{
	struct checksum *c = args;
	enum stm32_err err;
	uint8_t byte;

	err = session_command(stm, CMD_GET_CHECKSUM);
	if (err == STM32_OK)
		err = session_address(stm, c->address);
	if (err == STM32_OK)
		err = session_word(stm, c->len, 0);
	if (err != STM32_OK)
		return err;
	if (session_is_framed(stm)) {
		stm->checksum = CHECKSUM_TWO_WORDS;
		return receive_crc(stm, true, 0, &c->crc);
	}
	/* A damaged byte is no silence: link_listen() returns it as 00. */
	if (link_listen(&stm->link, &byte, SECOND_ACK_MS +
			stm->link.port->round_trip_ms) == PORT_OK) {
		stm->checksum = CHECKSUM_TWO_WORDS;
		return byte == ACK ? receive_crc(stm, false, 0, &c->crc)
				   : STM32_GARBLED;
	}
	err = session_word(stm, CRC_POLYNOMIAL, 0);
	if (err == STM32_OK)
		err = session_word(stm, CRC_INIT, 0);
	if (err != STM32_OK)
		return err;
	stm->checksum = CHECKSUM_FOUR_WORDS;
	return receive_crc(stm, false, 0, &c->crc);
}

bool checksum_prove(struct stm32 *stm, uint32_t address, const uint8_t *bytes,
		    size_t len)
{
	static const enum checksum_form forms[] = {
		CHECKSUM_UNKNOWN,	/* find the form */
		CHECKSUM_FOUR_WORDS_ACK
	};
	struct checksum c = { .address = address, .len = (uint32_t)len };
	uint32_t expected = crc_update(CRC_INIT, bytes, len);
	enum stm32_err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(forms); i++) {
		stm->checksum = forms[i];
		err = session_persist(stm, "Get Checksum",
			      i == 0 ? try_checksum_form : try_checksum, &c);
		if (err == STM32_OK && c.crc == expected)
			return true;
		if (err == STM32_PORT || err == STM32_STOPPED ||
		    err == STM32_UNSUPPORTED)
			break;
	}
	stm->checksum = CHECKSUM_UNKNOWN;
	return false;
}

enum stm32_err checksum_take(struct stm32 *stm, uint32_t address, uint32_t len,
			     uint32_t *crc)
{
	struct checksum c = { .address = address, .len = len };
	enum stm32_err err;

	assert(len > 0 && len % 4 == 0);

	if (stm->checksum == CHECKSUM_UNKNOWN)
		return STM32_UNSUPPORTED;
	err = session_persist(stm, "Get Checksum", try_checksum, &c);
	*crc = c.crc;
	return err;
}
