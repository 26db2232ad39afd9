/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UF2, "USB Flashing Format": blocks of 512 bytes, each with an address, up to
 * 476 bytes of data, its number and how many there are. The only checksum is
 * the MD5 of a region, which few files have. Behind the data may be tags, which
 * say nothing on where the data go.
 */
#include <inttypes.h>
#include <string.h>

#include "parsers/build.h"
#include "parsers/image.h"
#include "parsers/md5.h"
#include "parsers/parser.h"
#include "problem.h"
#include "utils.h"

#define BLOCK 512
#define HEAD 32
#define MAGIC_1 0x0A324655	/* "UF2\n" */
#define MAGIC_2 0x9E5D5157
#define MAGIC_END 0x0AB16F30
#define MOST_DATA 476
#define NOT_MAIN_FLASH 0x00000001	/* flags of a block */
#define FILE_CONTAINER 0x00001000	/* a file for a file system */
#define HAS_FAMILY 0x00002000
#define HAS_MD5 0x00004000	/* of a region, at the end of the data space */
#define REGION_AT (BLOCK - 4 - REGION_LEN)	/* start, length, MD5 */
#define REGION_LEN (8 + MD5_LEN)

/* Of the public list, utils/uf2families.json: what this program can write. */
static const struct {
	uint32_t id;
	char name[12];	/* every part's name in the table has it */
} families[] = {
	{ 0x647824B6, "STM32F0" },
	{ 0x5EE21072, "STM32F1" },
	{ 0x5D1A0A2E, "STM32F2" },
	{ 0x6B846188, "STM32F3" },
	{ 0x57755A57, "STM32F4" },
	{ 0x6D0922FA, "STM32F4" },	/* F407 */
	{ 0x8FB060FE, "STM32F4" },	/* F407VG */
	{ 0x53B80F00, "STM32F7" },
	{ 0x300F5633, "STM32G0" },
	{ 0x4C71240A, "STM32G4" },
	{ 0x6DB66082, "STM32H7" },
	{ 0x202E3A91, "STM32L0" },
	{ 0x1E1F432D, "STM32L1" },
	{ 0x00FF6919, "STM32L4" },
	{ 0x04240BDF, "STM32L5" },
	{ 0x70D16653, "STM32WB" },
	{ 0x21460FF0, "STM32WL" },
	{ 0x9AF03E33, "GD32VF103" },
};

struct uf2 {
	const uint8_t *block;
	unsigned at;		/* its offset in the file */
	uint32_t number, count;
	struct build build;
	uint32_t family;	/* of the first block; 0: it has none */
	uint32_t left_out;	/* blocks */
	const uint8_t *checked;	/* the last region that has its MD5, or NULL */
};

/* One of both is enough: a damaged file is no raw binary either. */
static bool uf2_matches(const uint8_t *head, size_t len)
{
	return len >= 8 && (get_le32(head) == MAGIC_1 ||
			    get_le32(head + 4) == MAGIC_2);
}

static uint32_t word(const struct uf2 *uf2, unsigned i)
{
	return get_le32(uf2->block + (size_t)4 * i);
}

static uint32_t family(const struct uf2 *uf2)
{
	return word(uf2, 2) & HAS_FAMILY ? word(uf2, 7) : 0;
}

static bool has_md5(const struct uf2 *uf2)
{
	return word(uf2, 2) & HAS_MD5;
}

static uint32_t region_start(const struct uf2 *uf2)
{
	return get_le32(uf2->block + REGION_AT);
}

static uint32_t region_len(const struct uf2 *uf2)
{
	return get_le32(uf2->block + REGION_AT + 4);
}

static const char *family_name(uint32_t id)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(families); i++)
		if (families[i].id == id)
			return families[i].name;
	return NULL;
}

/* expected, where the block has something else at this offset. */
static enum parser_err check_word(struct uf2 *uf2, unsigned offset,
				  const char *what, uint32_t expected)
{
	uint32_t found = get_le32(uf2->block + offset);

	if (found == expected)
		return PARSER_OK;
	problem_set(uf2->build.why, "byte %u: block %" PRIu32 ": %s: expected "
		    "0x%08" PRIx32 ", read 0x%08" PRIx32, uf2->at + offset,
		    uf2->number, what, expected, found);
	return PARSER_DAMAGED;
}

static enum parser_err check_len(struct uf2 *uf2)
{
	unsigned most = has_md5(uf2) ? MOST_DATA - REGION_LEN : MOST_DATA;

	if (word(uf2, 4) >= 1 && word(uf2, 4) <= most)
		return PARSER_OK;
	problem_set(uf2->build.why, "byte %u: block %" PRIu32 " has %" PRIu32
		    " bytes of data, expected 1 to %u", uf2->at + 16, uf2->number,
		    word(uf2, 4), most);
	return PARSER_DAMAGED;
}

static enum parser_err region_wrong(struct uf2 *uf2, const char *what)
{
	uint32_t start = region_start(uf2);

	problem_set(uf2->build.why, "byte %u: block %" PRIu32 ": the MD5 covers "
		    "0x%08" PRIx32 "-0x%08" PRIx64 ", %s",
		    uf2->at + REGION_AT, uf2->number, start,
		    (uint64_t)start + region_len(uf2), what);
	return PARSER_DAMAGED;
}

/* A missing block and a doubled one both show as a wrong number of the next. */
static enum parser_err check_block(struct uf2 *uf2)
{
	enum parser_err err = check_word(uf2, 0, "magic number", MAGIC_1);

	if (err == PARSER_OK)
		err = check_word(uf2, 4, "magic number", MAGIC_2);
	if (err == PARSER_OK)
		err = check_word(uf2, BLOCK - 4, "magic number", MAGIC_END);
	if (err == PARSER_OK)
		err = check_word(uf2, 20, "block number", uf2->number);
	if (err == PARSER_OK)
		err = check_word(uf2, 24, "number of blocks", uf2->count);
	if (err != PARSER_OK)
		return err;
	if (family(uf2) != uf2->family) {
		problem_set(uf2->build.why, "byte %u: block %" PRIu32 " is for "
			    "another family (0x%08" PRIx32 ") than block 0 "
			    "(0x%08" PRIx32 ")", uf2->at + 28, uf2->number,
			    family(uf2), uf2->family);
		return PARSER_DAMAGED;
	}
	return check_len(uf2);
}

/* Data beside the region would be in no MD5: then address or length is wrong. */
static enum parser_err check_inside(struct uf2 *uf2)
{
	uint32_t start = region_start(uf2), len = region_len(uf2);
	uint32_t address = word(uf2, 3);

	if (address >= start && address - start < len &&
	    word(uf2, 4) <= len - (address - start))
		return PARSER_OK;
	return region_wrong(uf2, "not the data of this block");
}

static enum parser_err take_block(struct uf2 *uf2)
{
	enum parser_err err = check_block(uf2);

	if (err != PARSER_OK)
		return err;
	if (word(uf2, 2) & (NOT_MAIN_FLASH | FILE_CONTAINER)) {
		uf2->left_out++;
		return PARSER_OK;
	}
	if (has_md5(uf2))
		err = check_inside(uf2);
	if (err != PARSER_OK)
		return err;
	return build_add(&uf2->build, word(uf2, 3), uf2->block + HEAD,
			 word(uf2, 4), uf2->at);
}

/* The bytes of a range that the image has whole, or NULL. */
static const uint8_t *bytes_of(const struct image *image, uint32_t start,
			       uint32_t len)
{
	const struct segment *s = image_from(image, start);

	if (s == NULL || s->start > start || s->len - (start - s->start) < len)
		return NULL;
	return s->data + (start - s->start);
}

/* Many blocks in a row have the same region. A block that is left out counts
 * too: without it there is no telling what is left out by mistake. */
static enum parser_err check_region(struct uf2 *uf2)
{
	const uint8_t *region = uf2->block + REGION_AT, *bytes;
	uint8_t sum[MD5_LEN];

	if (!has_md5(uf2) || (uf2->checked != NULL &&
			      memcmp(uf2->checked, region, REGION_LEN) == 0))
		return PARSER_OK;
	bytes = bytes_of(uf2->build.image, region_start(uf2), region_len(uf2));
	if (bytes == NULL)
		return region_wrong(uf2, "and part of that is missing");
	md5(bytes, region_len(uf2), sum);
	if (memcmp(region + 8, sum, MD5_LEN) != 0)
		return region_wrong(uf2, "and does not match the data");
	uf2->checked = region;
	return PARSER_OK;
}

static enum parser_err check_file(struct uf2 *uf2, const uint8_t *file,
				  size_t len)
{
	struct problem *why = uf2->build.why;
	const char *name;

	if (!uf2_matches(file, len)) {
		problem_set(why, "not a UF2 file, though its name says so; -f "
			    "takes any file as raw data");
		return PARSER_DAMAGED;
	}
	if (len % BLOCK != 0) {
		problem_set(why, "byte %zu: the file is cut short; a block has "
			    "%u bytes", len, BLOCK);
		return PARSER_DAMAGED;
	}
	uf2->block = file;
	uf2->count = (uint32_t)(len / BLOCK);
	uf2->family = family(uf2);
	name = family_name(uf2->family);
	uf2->build.image->family = name;
	if (uf2->family == 0 || name != NULL)
		return PARSER_OK;
	problem_set(why, "a UF2 file for family 0x%08" PRIx32 ", not an STM32 "
		    "family", uf2->family);
	return PARSER_REFUSED;
}

/* Has every block looked at by this function, until one fails. */
static enum parser_err each_block(struct uf2 *uf2, const uint8_t *file,
				  enum parser_err (*look)(struct uf2 *uf2))
{
	enum parser_err err = PARSER_OK;

	for (uf2->number = 0; err == PARSER_OK && uf2->number < uf2->count;
	     uf2->number++) {
		uf2->at = uf2->number * BLOCK;
		uf2->block = file + uf2->at;
		err = look(uf2);
	}
	return err;
}

static enum parser_err take_all(struct uf2 *uf2, const uint8_t *file,
				size_t len)
{
	enum parser_err err = check_file(uf2, file, len);

	if (err == PARSER_OK)
		err = each_block(uf2, file, take_block);
	if (err == PARSER_OK)
		err = build_part(&uf2->build);
	if (err == PARSER_OK)
		err = each_block(uf2, file, check_region);
	return err;
}

static enum parser_err uf2_decode(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why)
{
	struct uf2 uf2 = { .build = { .unit = "byte ", .prefix = "byte ",
				      .why = why } };
	enum parser_err err = build_begin(&uf2.build);

	if (err == PARSER_OK)
		err = take_all(&uf2, text, len);
	err = build_end(&uf2.build, err, out);
	if (err == PARSER_OK && uf2.left_out > 0)
		problem_set(why, "%" PRIu32 " of %" PRIu32 " blocks are not "
			    "for the main flash and are skipped", uf2.left_out,
			    uf2.count);
	return err;
}

const struct parser parser_uf2 = {
	.name = "UF2",
	.suffixes = "uf2",
	.matches = uf2_matches,
	.decode = uf2_decode,
};
