/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Against a ROM that takes for a command whatever may be one. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	session_try(bytes, len, ",rom=worst");
	return 0;
}
