/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a ROM that takes whatever it can for a command. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	session_try(bytes, len, ",rom=worst");
	return 0;
}
