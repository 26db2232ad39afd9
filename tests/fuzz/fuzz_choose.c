/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/check.h"

/* The first bytes decide, then the name; a parser chosen by the name may still
 * refuse the file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	check_decode(parser_choose(NULL, bytes, len), bytes, len);
	check_decode(parser_choose("a.hex", bytes, len), bytes, len);
	check_decode(parser_choose("a.s19", bytes, len), bytes, len);
	return 0;
}
