/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/hazard.h"

#include <stdbool.h>

#include "utils.h"

#define PAIR 2		/* an opcode and its complement */
#define ADDRESS 5	/* with its XOR */
#define SUBCODE 3	/* the same */

/* Whether a command begins with this pair. Without the forms of AN4221: on a bus
 * a frame is never incomplete. */
static bool is_command(const uint8_t *bytes, size_t len)
{
	switch (bytes[0]) {
	case 0x43:	/* Erase */
	case 0x44:	/* Extended Erase */
	case 0x63:	/* Write Protect */
	case 0x73:	/* Write Unprotect */
	case 0x82:	/* Readout Protect */
	case 0x92:	/* Readout Unprotect */
		return true;
	case 0x21:	/* Go */
	case 0x31:	/* Write Memory */
		return len >= PAIR + ADDRESS &&
		       xor_sum(bytes + PAIR, ADDRESS) == 0;
	case 0x50:	/* Special */
	case 0x51:	/* Extended Special */
		return len >= PAIR + SUBCODE &&
		       xor_sum(bytes + PAIR, SUBCODE) == 0;
	default:
		return false;
	}
}

size_t hazard_next(const uint8_t *bytes, size_t len, size_t from)
{
	/* most bytes are in no pair, which takes no call to see */
	while (from < len && ((bytes[from - 1] ^ bytes[from]) != 0xFF ||
			      !is_command(bytes + from - 1, len - from + 1)))
		from++;
	return from;
}
