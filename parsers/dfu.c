/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DfuSe, ST's extension of DFU files: UM0391, "DfuSe file format
 * specification". A prefix, targets (one for each memory, which is an
 * alternate setting of the USB interface), in each some elements with an
 * address, and the suffix of DFU. Alternate setting 0 is the internal flash.
 */
#include "parsers/dfu.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/build.h"
#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"
#include "utils.h"

#define PREFIX_LEN 11		/* "DfuSe", version, size, targets */
#define TARGET_LEN 274		/* "Target", setting, named, name, size, n */
#define TARGET_SIZE_AT 266
#define ELEMENT_LEN 8		/* address, size */
#define DFUSE_VERSION 1
#define VENDOR_ST 0x0483
#define VENDOR_ANY 0xFFFF

struct dfu {
	const uint8_t *file;
	size_t at, end;		/* of what is still to be read */
	struct build build;
	uint32_t left_out;	/* bytes of other memories */
	unsigned setting;	/* the last of those */
};

uint32_t dfu_crc(const uint8_t *bytes, size_t len)
{
	uint32_t crc = 0xFFFFFFFF;
	unsigned bit;
	size_t i;

	for (i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return crc;
}

static bool has_mark(const uint8_t *file, size_t len)
{
	return len >= DFU_SUFFIX_LEN && memcmp(file + len - 8, "UFD", 3) == 0 &&
	       file[len - 5] == DFU_SUFFIX_LEN;
}

bool dfu_has_suffix(const uint8_t *file, size_t len)
{
	return has_mark(file, len) &&
	       dfu_crc(file, len - 4) == get_le32(file + len - 4);
}

static bool has_prefix(const uint8_t *head, size_t len)
{
	return len >= 5 && memcmp(head, "DfuSe", 5) == 0;
}

/* The first target is enough: a damaged file is no raw binary either. */
static bool dfu_matches(const uint8_t *head, size_t len)
{
	return has_prefix(head, len) ||
	       (len >= PREFIX_LEN + 6 &&
		memcmp(head + PREFIX_LEN, "Target", 6) == 0);
}

static enum parser_err damaged(struct dfu *dfu, const char *what)
{
	problem_set(dfu->build.why, "byte %zu: %s", dfu->at, what);
	return PARSER_DAMAGED;
}

static enum parser_err check_suffix(struct dfu *dfu, size_t len)
{
	unsigned vendor = get_le16(dfu->file + len - 12);
	uint32_t crc;

	if (!has_mark(dfu->file, len)) {
		dfu->at = len - 8;
		return damaged(dfu, "the suffix of the DFU file is missing");
	}
	crc = dfu_crc(dfu->file, len - 4);
	if (crc != get_le32(dfu->file + len - 4)) {
		problem_set(dfu->build.why, "byte %zu: CRC: expected %08" PRIX32
			    ", read %08" PRIX32, len - 4, crc,
			    get_le32(dfu->file + len - 4));
		return PARSER_DAMAGED;
	}
	if (vendor == VENDOR_ST || vendor == VENDOR_ANY)
		return PARSER_OK;
	problem_set(dfu->build.why, "a DFU file for USB vendor 0x%04X, not for "
		    "ST (0x%04X)", vendor, VENDOR_ST);
	return PARSER_REFUSED;
}

static enum parser_err check_frame(struct dfu *dfu, size_t len)
{
	const uint8_t *file = dfu->file;

	if (!dfu_matches(file, len)) {
		problem_set(dfu->build.why, "not a DfuSe file, though its name "
			    "says so; -f takes any file as raw data");
		return PARSER_DAMAGED;
	}
	if (!has_prefix(file, len))
		return damaged(dfu, "expected \"DfuSe\" at the start of the file");
	dfu->at = len;
	if (len < PREFIX_LEN + DFU_SUFFIX_LEN)
		return damaged(dfu, "the file is cut short");
	dfu->at = 5;
	if (file[5] != DFUSE_VERSION)
		return damaged(dfu, "not version 1 of the DfuSe format");
	dfu->at = 6;
	if (get_le32(file + 6) > len - DFU_SUFFIX_LEN) {
		dfu->at = len;
		return damaged(dfu, "the file is cut short");
	}
	if (get_le32(file + 6) < len - DFU_SUFFIX_LEN)
		return damaged(dfu, "the file is longer than the length given "
			       "here");
	dfu->at = PREFIX_LEN;
	dfu->end = len - DFU_SUFFIX_LEN;
	return check_suffix(dfu, len);
}

/* end: of the target. */
static enum parser_err take_element(struct dfu *dfu, size_t end, bool internal)
{
	const uint8_t *head = dfu->file + dfu->at;
	enum parser_err err = PARSER_OK;
	uint32_t len;

	if (end - dfu->at < ELEMENT_LEN)
		return damaged(dfu, "the target ends inside the header of an "
			       "element");
	len = get_le32(head + 4);
	if (len > end - dfu->at - ELEMENT_LEN)
		return damaged(dfu, "an element is longer than its target");
	if (internal)
		err = build_add(&dfu->build, get_le32(head), head + ELEMENT_LEN,
				len, (unsigned)dfu->at);
	else
		dfu->left_out += len;
	dfu->at += ELEMENT_LEN + len;
	return err;
}

static enum parser_err take_target(struct dfu *dfu)
{
	const uint8_t *head = dfu->file + dfu->at;
	enum parser_err err = PARSER_OK;
	uint32_t len, elements;
	size_t end;

	if (dfu->end - dfu->at < TARGET_LEN)
		return damaged(dfu, "the file ends inside the header of a "
			       "target");
	if (memcmp(head, "Target", 6) != 0)
		return damaged(dfu, "expected a target, which begins with "
			       "\"Target\"");
	len = get_le32(head + TARGET_SIZE_AT);
	elements = get_le32(head + TARGET_SIZE_AT + 4);
	if (len > dfu->end - dfu->at - TARGET_LEN)
		return damaged(dfu, "a target is longer than the file");
	if (head[6] != 0)
		dfu->setting = head[6];
	dfu->at += TARGET_LEN;
	end = dfu->at + len;
	for (; elements > 0 && err == PARSER_OK; elements--)
		err = take_element(dfu, end, head[6] == 0);
	if (err == PARSER_OK && dfu->at != end)
		err = damaged(dfu, "data after the last element of a target");
	return err;
}

static enum parser_err take_all(struct dfu *dfu, size_t len)
{
	enum parser_err err = check_frame(dfu, len);
	unsigned targets;

	if (err != PARSER_OK)
		return err;
	for (targets = dfu->file[10]; targets > 0 && err == PARSER_OK;
	     targets--)
		err = take_target(dfu);
	if (err == PARSER_OK && dfu->at != dfu->end)
		err = damaged(dfu, "data after the last target");
	return err;
}

static enum parser_err dfu_decode(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why)
{
	struct dfu dfu = { .file = text,
			   .build = { .unit = "byte ", .prefix = "byte ",
				      .why = why } };
	enum parser_err err = build_begin(&dfu.build);

	if (err == PARSER_OK)
		err = take_all(&dfu, len);
	err = build_end(&dfu.build, err, out);
	if (err == PARSER_OK && dfu.left_out > 0)
		problem_set(why, "%" PRIu32 " bytes for other memories are "
			    "skipped (alternate setting %u)", dfu.left_out,
			    dfu.setting);
	return err;
}

const struct parser parser_dfu = {
	.name = "DfuSe",
	.suffixes = "dfu",
	.matches = dfu_matches,
	.decode = dfu_decode,
};
