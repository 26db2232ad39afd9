/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/marks.h"

size_t marks_decode(struct marks *marks, uint8_t *bytes, size_t len)
{
	size_t i, out = 0;

	for (i = 0; i < len; i++) {
		if (marks->held == 0 && bytes[i] != 0xFF) {
			bytes[out++] = bytes[i];
		} else if (marks->held == 0) {
			marks->held = 1;
		} else if (marks->held == 1 && bytes[i] == 0xFF) {
			bytes[out++] = 0xFF;
			marks->held = 0;
		} else if (marks->held == 1 && bytes[i] == 0x00) {
			marks->held = 2;
		} else {
			bytes[out++] = 0x00;
			marks->damaged = true;
			marks->held = 0;
		}
	}
	return out;
}
