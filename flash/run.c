/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations that the steps of a plan use: run.h. */
#include "flash/run.h"

#include <string.h>

void run_explain(const struct flash *flash, const char *text)
{
	if (flash->watch != NULL && flash->watch->explain != NULL)
		flash->watch->explain(flash->watch->ctx, text);
}

static void tell_progress(const struct flash *flash, struct progress *p)
{
	p->at_ms = port_now_ms(stm32_port(flash->stm));
	if (flash->watch != NULL && flash->watch->progress != NULL)
		flash->watch->progress(flash->watch->ctx, p);
}

void run_begin(const struct flash *flash, enum stage stage, uint64_t total,
	       uint32_t address)
{
	tell_progress(flash, &(struct progress){
		.stage = stage, .total = total, .address = address,
		.first = true });
}

void run_progress(const struct flash *flash, enum stage stage, uint64_t done,
		     uint64_t total, uint32_t address)
{
	tell_progress(flash, &(struct progress){
		.stage = stage, .done = done, .total = total,
		.address = address, .last = done == total });
}

enum stm32_err run_read_block(struct flash *flash, uint32_t address,
				 uint8_t *out, size_t len)
{
	flash->read_last = true;
	return stm32_read_memory(flash->stm, address, out, len);
}

/* Returns the length of the next read: as long as the session allows, ending
 * on a block boundary if possible. */
uint32_t run_next_len(const struct flash *flash, uint32_t address,
			 uint32_t left)
{
	uint32_t most = stm32_max_read(flash->stm);
	uint32_t to_boundary = STM32_MAX_BLOCK - address % STM32_MAX_BLOCK;

	if (most > to_boundary)
		most = to_boundary;
	return left < most ? left : most;
}

/* Builds the required contents of memory from start on: buf holds the current
 * bytes or the filler for gaps, and the image's bytes overwrite it. */
void run_overlay(const struct image *image, uint32_t start, uint8_t *buf,
		 size_t len)
{
	const struct segment *s = image_from(image, start);
	const struct segment *behind = s != NULL ? image->segments +
						   image->count : NULL;

	for (; s != NULL && s < behind &&
	     (s->start <= start || s->start - start < len); s++) {
		size_t skip = s->start < start ? start - s->start : 0;
		size_t at = s->start > start ? s->start - start : 0;
		size_t n = s->len - skip;

		if (n > len - at)
			n = len - at;
		memcpy(buf + at, s->data + skip, n);
	}
}

bool run_all_equal(const uint8_t *bytes, size_t len, uint8_t value)
{
	return len == 0 || (bytes[0] == value &&
			    memcmp(bytes, bytes + 1, len - 1) == 0);
}
