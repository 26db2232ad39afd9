/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	check_decode(&parser_uf2, bytes, len);
	return 0;
}
