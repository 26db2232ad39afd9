/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/dfu.h"
#include "tests/fuzz/check.h"

/* Unchanged, and again with the CRC corrected, which otherwise stops nearly
 * every change. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *mended;

	check_decode(&parser_dfu, bytes, len);
	if (len < DFU_SUFFIX_LEN)
		return 0;
	mended = malloc(len);
	MUST(mended != NULL);
	memcpy(mended, bytes, len);
	put_le32(mended + len - 4, dfu_crc(mended, len - 4));
	check_decode(&parser_dfu, mended, len);
	free(mended);
	return 0;
}
