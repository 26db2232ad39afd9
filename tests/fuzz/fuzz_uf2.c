/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/md5.h"
#include "tests/fuzz/check.h"

#define BLOCK 512
#define HAS_MD5 0x4000
#define REGION_AT 484	/* start, length, MD5 */

/* What a region will hold, as far as its blocks are one after the other. */
static size_t gather(const uint8_t *bytes, size_t len, uint32_t address,
		     uint8_t *out, size_t room)
{
	size_t at, n, have = 0;

	for (at = 0; at + BLOCK <= len; at += BLOCK) {
		n = get_le32(bytes + at + 16);
		if (get_le32(bytes + at + 12) != address + have || n > 476)
			continue;
		n = n < room - have ? n : room - have;
		memcpy(out + have, bytes + at + 32, n);
		have += n;
	}
	return have;
}

/* The number and the magic numbers of a block, and the MD5 if it has one. */
static void mend(uint8_t *file, size_t len, size_t at)
{
	uint8_t *block = file + at, *region = block + REGION_AT, *data;
	size_t room = get_le32(region + 4);

	put_le32(block, 0x0A324655);
	put_le32(block + 4, 0x9E5D5157);
	put_le32(block + 20, (uint32_t)(at / BLOCK));
	put_le32(block + 24, (uint32_t)(len / BLOCK));
	put_le32(block + 508, 0x0AB16F30);
	if (!(get_le32(block + 8) & HAS_MD5))
		return;
	data = malloc(len);
	MUST(data != NULL);
	md5(data, gather(file, len, get_le32(region), data,
			 room < len ? room : len), region + 8);
	free(data);
}

/* Runs the input unchanged, and once repaired: otherwise nearly every change is
 * refused early. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *mended;
	size_t at;

	check_decode(&parser_uf2, bytes, len);
	len -= len % BLOCK;
	if (len == 0)
		return 0;
	mended = malloc(len);
	MUST(mended != NULL);
	memcpy(mended, bytes, len);
	for (at = 0; at < len; at += BLOCK)
		mend(mended, len, at);
	check_decode(&parser_uf2, mended, len);
	free(mended);
	return 0;
}
