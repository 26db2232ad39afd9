/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/count.h"

#include <stdint.h>
#include <string.h>

#define WORD 4	/* bytes; N = 03 is no opcode of any ROM */

/* AN3155, AN4221; 06 is GigaDevice's, FA Artery's. */
static const uint8_t opcodes[] = {
	0x00, 0x01, 0x02, 0x06, 0x11, 0x21, 0x31, 0x32, 0x43, 0x44, 0x45, 0x50,
	0x51, 0x63, 0x64, 0x73, 0x74, 0x82, 0x83, 0x92, 0x93, 0xA1, 0xFA,
};

bool count_is_opcode(const bool listed[256], size_t len)
{
	return listed[len - 1] ||
	       memchr(opcodes, (int)(len - 1), sizeof(opcodes)) != NULL;
}

size_t count_first(const bool listed[256], size_t len)
{
	size_t first;

	if (!count_is_opcode(listed, len))
		return len;
	for (first = WORD; first + WORD <= len; first++)
		if (!count_is_opcode(listed, first) &&
		    !count_is_opcode(listed, len - first))
			return first;
	return 0;
}
