/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With the part's own ROM, as far as known. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	session_try(bytes, len, "");
	return 0;
}
