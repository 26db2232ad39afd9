/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first bytes of an input of session.c: they select the device, the
 * command line and the image.
 */
#ifndef SCENE_H
#define SCENE_H

#include <inttypes.h>

#include "parsers/image.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "tests/fuzz/check.h"

#define ARGUMENTS_MAX 32
#define ARGUMENT_LEN 48
#define FILLED 16384	/* bytes of the flash with data at the start */
#define IMAGE_MAX 2048

enum header {
	H_PART, H_PORT, H_ACTION, H_RANGE, H_ERASE, H_LEN, H_OFFSET, H_DATA,
	H_FRAME, H_RETRIES, H_END, H_DEVICE,
	HEADER
};

enum header_port {
	PORT_I2C = 1, PORT_SIZE = 2 | 4, PORT_LOCKED = 8, PORT_SUMS = 16,
	PORT_FILLED = 32,
	PORT_PROTECTED = 64,	/* the first pages are write protected */
	PORT_LOSSES = 128	/* only answers are lost */
};

struct scene {
	const char *rom;	/* part of the specification */
	uint8_t header[HEADER];
	struct dev dev;		/* the real row of the device */
	bool framed;
	uint8_t address;	/* on a bus */
	struct sim *sim;
	struct image *image;	/* as in the file */
	char text[ARGUMENTS_MAX][ARGUMENT_LEN];
	char *argv[ARGUMENTS_MAX + 1];
	int argc;
	uint8_t filled[FILLED];	/* initial contents of the flash */
};

static inline uint8_t scene_filling(uint32_t i)
{
	return (uint8_t)(i * 73 + (i >> 8) * 19 + 1);
}

static inline void scene_fill_flash(struct scene *s)
{
	uint32_t size = s->dev.flash.end - s->dev.flash.start, i;

	for (i = 0; i < FILLED && i < size; i++)
		s->filled[i] = scene_filling(i);
	for (i = 0; i < FILLED && i < size; i += 256)
		(void)sim_poke_memory(s->sim, s->dev.flash.start + i,
				      s->filled + i, 256);
}

/* NULL: there is no such device. */
static inline struct sim *scene_make_sim(struct scene *s, const char *size)
{
	uint8_t how = s->header[H_PORT];
	struct sim_config config;
	char spec[80];

	snprintf(spec, sizeof(spec), "sim:%s0x%03" PRIx32 "%s%s%s%s%s",
		 s->framed ? "i2c:" : "", s->dev.id, size, s->rom,
		 how & PORT_LOCKED ? ",rdp=1" : "",
		 how & PORT_SUMS ? ",checksum=2" : "",
		 how & PORT_PROTECTED ? ",wrp=0" : "");
	if (!sim_parse(spec, &config, NULL))
		return NULL;
	s->address = (uint8_t)config.i2c_address;
	return sim_new(&config, NULL);
}

static inline bool scene_make_device(struct scene *s)
{
	static const char *const sizes[] = { "", ",size=16K", ",size=32K",
					     ",size=128K" };
	const uint8_t *h = s->header;
	size_t count = 0;

	while (dev_at(count, &s->dev))
		count++;
	if (!dev_at(h[H_PART] % count, &s->dev) || s->dev.by_name_only)
		return false;
	s->framed = (h[H_PORT] & PORT_I2C) && s->dev.i2c_address[0] != 0;
	s->sim = scene_make_sim(s, sizes[(h[H_PORT] & PORT_SIZE) >> 1]);
	if (s->sim == NULL)
		s->sim = scene_make_sim(s, "");
	if (s->sim == NULL)
		return false;
	memset(s->filled, s->dev.erased, sizeof(s->filled));
	if (h[H_PORT] & PORT_FILLED)
		scene_fill_flash(s);
	return true;
}

/* --- the command line ----------------------------------------------------- */

PRINTF_LIKE(2, 3)
static inline void scene_add(struct scene *s, const char *fmt, ...)
{
	char *text = s->text[s->argc];
	va_list args;

	MUST(s->argc < ARGUMENTS_MAX);
	va_start(args, fmt);
	vsnprintf(text, ARGUMENT_LEN, fmt, args);
	va_end(args);
	s->argv[s->argc++] = text;
}

static inline void scene_add_range(struct scene *s, uint8_t how)
{
	const struct dev *dev = &s->dev;
	uint32_t start = dev->flash.start + 256u * s->header[H_OFFSET];
	uint32_t len = 4u * (s->header[H_LEN] + 1u);

	switch (how & 15) {
	case 1:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32, start, len);
		break;
	case 2:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32, dev->flash.start,
		    dev->pages != NULL ? dev->pages[0].size * (1 + how / 16u)
				       : 1024);
		break;
	case 3:
		scene_add(s, "-s%u", how / 16u);
		break;
	case 4:
		scene_add(s, "-e%u", how / 16u);
		break;
	case 5:
		scene_add(s, "-s%u", how / 16u % 4);
		scene_add(s, "-e%u", how / 64u);
		break;
	case 6:
		scene_add(s, "-S0x%08" PRIx32, dev->option_bytes[0].start);
		break;
	case 7:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32, dev->ram.start, len);
		break;
	case 8:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32, 0xA0000000u, len);
		break;
	case 9:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32, dev->eeprom.start,
			  len);
		break;
	case 10:
		scene_add(s, "-S0x%08" PRIx32 ":%" PRIu32,
			  start + 4 * (how / 16u), len);
		break;
	default:
		break;
	}
}

static inline void scene_add_erase(struct scene *s, uint8_t how, bool writes)
{
	static const char *const modes[] = { "", "--erase=pages",
					     "--erase=chip", "--erase=none",
					     "--changed" };
	size_t mode = how % 8 < ARRAY_LEN(modes) ? how % 8 : 0;

	if (mode != 0 && writes)
		scene_add(s, "%s", modes[mode]);
	if (how & 16)
		scene_add(s, "-v");
	if (how & 32)
		scene_add(s, "--pipeline");
	if (how & 64)
		scene_add(s, "-c");
	if (how & 128)
		scene_add(s, "--dry-run");
}

/* True if one of them is a write. */
static inline bool scene_add_actions(struct scene *s, uint8_t how)
{
	static const char *const actions[][2] = {
		{ "-wf" }, { "-rf" }, { "-o" }, { "-C" }, { "-u" }, { "-j" },
		{ "-k" }, { "-k", "-wf" }, { "-u", "-wf" }, { "-wf", "-j" },
		{ NULL }, { "-wf", "-v" },
	};
	const char *const *action = actions[how % ARRAY_LEN(actions)];
	bool writes = false;
	size_t i;

	for (i = 0; i < 2 && action[i] != NULL; i++) {
		scene_add(s, "%s", action[i]);
		writes |= strcmp(action[i], "-wf") == 0;
	}
	return writes;
}

static inline void scene_make_arguments(struct scene *s)
{
	const uint8_t *h = s->header;
	bool writes;

	scene_add(s, "stm32flash");
	writes = scene_add_actions(s, h[H_ACTION]);
	scene_add_range(s, h[H_RANGE]);
	scene_add_erase(s, h[H_ERASE], writes);
	scene_add(s, "-n%u", h[H_RETRIES] % 4u);
	if (h[H_FRAME] & 1)
		scene_add(s, "-F%u:%u", 20u + h[H_FRAME] % 236u,
			  5u + h[H_FRAME] % 253u);
	if (h[H_END] & 1)
		scene_add(s, "-g0x%08" PRIx32,
			  h[H_END] & 2 ? s->dev.flash.start : 0);
	if (h[H_END] & 4)
		scene_add(s, "-R");
	if (h[H_END] & 8)
		scene_add(s, "-i%s", h[H_END] & 16 ? "rts,-dtr:dtr" : ":brk");
	if (h[H_DEVICE] & 1)
		scene_add(s, "--device=0x%03" PRIx32, s->dev.id);
	scene_add(s, "sim:");
}

static inline uint8_t scene_image_byte(const struct scene *s, uint32_t i)
{
	uint8_t data = s->header[H_DATA];

	/* some stretches are erased */
	if (data & 1 && (i / 192) % 3 == 1)
		return s->dev.erased;
	return (uint8_t)(i * 31 + (i >> 7) + data);
}

static inline void scene_make_image(struct scene *s)
{
	const uint8_t *h = s->header;
	uint8_t bytes[IMAGE_MAX];
	uint32_t len = 1 + h[H_LEN] * 8u - (h[H_LEN] & 7), i;
	uint32_t start = h[H_OFFSET] * 4u * ((h[H_DATA] >> 5) + 1u);

	for (i = 0; i < len; i++)
		bytes[i] = scene_image_byte(s, i);
	s->image = image_new();
	MUST(s->image != NULL);
	if (!(h[H_DATA] & 2))
		start = 0;
	else if ((h[H_RANGE] & 15) == 7)
		start += s->dev.ram.start;
	else if ((h[H_RANGE] & 15) == 6)
		start = s->dev.option_bytes[0].start + (start & 15);
	else if (!(h[H_DATA] & 8))
		start += s->dev.flash.start;
	MUST(image_add(s->image, start, bytes, len, 0) == IMAGE_OK);
	if ((h[H_DATA] & 6) == 6)
		MUST(image_add(s->image, start + len + 300, bytes, len, 0) ==
		     IMAGE_OK);
	MUST(image_finish(s->image, NULL) == IMAGE_OK);
	s->image->has_addresses = (h[H_DATA] & 2) != 0;
}

/* False: there is no such device. End the scene in any case. */
static inline bool scene_begin(struct scene *s, const uint8_t *header,
			       const char *rom)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->header, header, HEADER);
	s->rom = rom;
	if (!scene_make_device(s))
		return false;
	scene_make_image(s);
	scene_make_arguments(s);
	return true;
}

static inline void scene_end(struct scene *s)
{
	image_free(s->image);
	(void)sim_free(s->sim, NULL);
}

#endif
