/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device's replies to identification, reads and checksums. The first byte
 * of the input selects the port and the requests, the rest is the device's
 * output (script_port.h).
 */
#include "tests/fuzz/script_port.h"

#include "protocol/crc.h"
#include "stm32.h"

enum { FRAMED = 1, RESUME = 2, BABBLES = 4, PIPELINE = 8, ASK_AGAIN = 16 };

#define ADDRESS 0x08000000
#define LEN 64

/* Messages have no control characters, whatever the device sent. */
static void check_words(const char *text)
{
	MUST(text[0] != '\0');
	for (; *text != '\0'; text++)
		MUST(*text >= ' ' && *text < 0x7F);
}

static void check_words_of(void *ctx, const char *text)
{
	(void)ctx;
	check_words(text);
}

static void check_info(const struct stm32_info *info)
{
	MUST(info->id_len >= 1 && info->id_len <= sizeof(info->id_bytes));
	MUST(info->listed[0x00]);
}

/* An answer is accepted only with its XOR and its ACK. */
static void ask_checksum(struct stm32 *stm)
{
	uint8_t zeros[LEN] = { 0 };
	uint32_t crc = 0;

	if (!stm32_prove_checksum(stm, ADDRESS, zeros, sizeof(zeros))) {
		MUST(stm32_checksum(stm, ADDRESS, LEN, &crc) ==
		     STM32_UNSUPPORTED);
		return;
	}
	MUST(stm32_has(stm, CMD_GET_CHECKSUM));
	(void)stm32_checksum(stm, ADDRESS, 4 * LEN, &crc);
}

static void ask(struct stm32 *stm, unsigned how)
{
	uint8_t bytes[STM32_MAX_BLOCK];
	enum stm32_err err;

	check_info(stm32_info(stm));
	if (how & ASK_AGAIN) {
		(void)stm32_confirm_id(stm);
		check_info(stm32_info(stm));
	}
	if (how & PIPELINE)
		(void)stm32_try_pipeline(stm, ADDRESS);
	ask_checksum(stm);
	err = stm32_read_memory(stm, ADDRESS, bytes, sizeof(bytes));
	MUST(err != STM32_UNCERTAIN);
	check_words(stm32_strerror(err));
	/* Each is a list as long as the session accepts. */
	MUST(stm32_max_pages(stm) >= 1 &&
	     stm32_max_pages(stm) <= STM32_MAX_PAGES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	unsigned how = len > 0 ? bytes[0] : 0;
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .resume = how & RESUME,
		.max_read = STM32_MAX_BLOCK, .max_frame = STM32_MAX_FRAME,
		.retries = 3, .explain = check_words_of,
	};
	struct problem why = { .text = "" };
	struct script_port port;
	struct stm32 *stm;
	enum stm32_err err;

	if (len == 0)
		return 0;
	script_init(&port, how & FRAMED, bytes + 1, len - 1);
	port.babbles = how & BABBLES;
	err = stm32_open(&port.base, &options, &stm, &why);
	MUST((err == STM32_OK) == (stm != NULL));
	if (err == STM32_OK)
		ask(stm, how);
	else
		check_words(why.text);
	stm32_close(stm);
	return 0;
}
