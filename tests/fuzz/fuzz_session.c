/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Against the ROM that the part has, as far as it is known. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	session_try(bytes, len, "");
	return 0;
}
