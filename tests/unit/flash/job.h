/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job for bad lines: writes and verifies 12,000 bytes. */
#ifndef JOB_H
#define JOB_H

#include "flash/chip.h"
#include "flash/flash.h"

#define JOB_LEN 12000

static inline void job_ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static const struct watcher job_watch = {
	.explain = job_ignore, .warn = job_ignore
};

/* The wanted byte at offset i; each seed is another image. */
static inline uint8_t job_wanted(uint32_t i, unsigned seed)
{
	uint32_t x = (i + 1) * 2654435761u ^ seed * 40503u;

	return (uint8_t)(x >> 16 ^ x >> 24);
}

static inline bool job_write(struct flash *flash, struct image *image,
			     struct problem *why)
{
	const struct plan_request request = {
		.image = image, .verify = true,
		.block = stm32_max_write(flash->stm),
	};
	struct plan *plan;
	enum flash_err err;

	if (!plan_make(&request, flash->part, &plan, why))
		return false;
	err = flash_carry_out(flash, plan, image, why);
	plan_free(plan);
	return err == FLASH_OK;
}

static inline struct image *job_image(unsigned seed)
{
	struct image *image = image_new();
	uint8_t bytes[JOB_LEN];
	struct image_clash clash;
	uint32_t i;

	for (i = 0; i < JOB_LEN; i++)
		bytes[i] = job_wanted(i, seed);
	image_add(image, 0x08000000, bytes, JOB_LEN, 0);
	image_finish(image, &clash);
	return image;
}

/* False: *why describes the error. */
static inline bool job_do(struct port *port, unsigned seed,
			  struct problem *why)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};
	struct image *image = job_image(seed);
	struct part part;
	struct stm32 *stm;
	bool done = false;

	if (stm32_open(port, &options, &stm, why) == STM32_OK) {
		struct flash flash = { .stm = stm, .part = &part,
				       .watch = &job_watch, .retries = 10 };

		done = chip_identify(stm, NULL, true, &job_watch,
				     &part) == STM32_OK &&
		       job_write(&flash, image, why);
		stm32_close(stm);
	}
	image_free(image);
	return done;
}

#endif
