/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which option bytes are refused, for every part of the table. */
#include "flash/lockout.h"

#include "option_table.h"
#include "tests/unit/t.h"
#include "utils.h"

static enum lockout check_word(uint32_t id, uint32_t address, uint32_t word,
			       size_t from, size_t len)
{
	struct image *image = image_new();
	struct problem why = { "" };
	struct part part;
	struct dev dev;
	uint8_t bytes[4];
	enum lockout found;

	put_le32(bytes, word);
	part_init(&part, dev_find(id, &dev) ? &dev : NULL, id);
	EQUAL(image_add(image, address + (uint32_t)from, bytes + from, len, 1),
	      IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	found = lockout_check(&part, image, NULL, &why);
	CHECK((found == LOCKOUT_NONE) == (why.text[0] == '\0'));
	image_free(image);
	return found;
}

static bool find(uint32_t id, const char *name, struct option_field *found)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(id, fields), i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0 &&
		    fields[i].write_at != 0) {
			*found = fields[i];
			return true;
		}
	return false;
}

/* Only the bytes of the field. */
static enum lockout check_field(uint32_t id, const char *name, uint32_t value)
{
	struct option_field f;
	size_t first, last;

	if (!CHECK(find(id, name, &f)))
		return LOCKOUT_NONE;
	first = f.bit / 8u;
	last = (f.bit + f.width - 1u) / 8;
	return check_word(id, f.write_at, value << f.bit, first,
			  last - first + 1);
}

/* What was read of a chip is no excuse: at level 2 it says nothing. */
static void level_2_that_was_read(void)
{
	static const uint8_t bytes[] = { 0xCC, 0x33, 0xFF, 0x00 };
	struct image *image = image_new();
	struct problem why = { "" };
	struct part part;
	struct dev dev;

	t_about("level 2, misread");
	part_init(&part, dev_find(0x440, &dev) ? &dev : NULL, 0x440);
	EQUAL(image_add(image, 0x1FFFF800, bytes, sizeof(bytes), 1), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(lockout_check(&part, image, image, &why), LOCKOUT_FOREVER);
	image_free(image);
}

static void level_2_on_every_part(void)
{
	struct option_field f;
	struct dev dev;
	size_t i, parts = 0;

	for (i = 0; dev_at(i, &dev); i++) {
		if (dev.by_name_only || !find(dev.id, "RDP", &f))
			continue;
		t_about(dev.name);
		EQUAL(check_field(dev.id, "RDP", 0xCC), LOCKOUT_FOREVER);
		EQUAL(check_field(dev.id, "RDP", 0xAA), LOCKOUT_NONE);
		EQUAL(check_field(dev.id, "RDP", 0xBB), LOCKOUT_NONE);
		/* for an unknown chip, or one without option rows */
		EQUAL(check_word(0x7FF, f.write_at, 0xCCu << f.bit,
				 f.bit / 8u, 1), LOCKOUT_FOREVER);
		parts++;
	}
	CHECK(parts > 70);
}

static const struct {
	uint32_t id;
	const char *name;
	uint32_t value;
	enum lockout expected;
} cases[] = {
	{ 0x460, "BOOT_LOCK", 1, LOCKOUT_FOREVER },
	{ 0x460, "BOOT_LOCK", 0, LOCKOUT_NONE },
	{ 0x497, "C2BOOT_LOCK", 1, LOCKOUT_FOREVER },
	{ 0x44A, "BOOT_LOCK", 0xB4, LOCKOUT_FOREVER },
	{ 0x44A, "BOOT_LOCK", 0xC3, LOCKOUT_NONE },
	{ 0x47B, "NVSTATE", 0x51, LOCKOUT_FOREVER },
	{ 0x47B, "NVSTATE", 0xB4, LOCKOUT_NONE },
	{ 0x450, "SECURITY", 1, LOCKOUT_FOREVER },
	{ 0x450, "SECURITY", 0, LOCKOUT_NONE },
	{ 0x484, "PRODUCT_STATE", 0x5C, LOCKOUT_FOREVER },
	{ 0x484, "PRODUCT_STATE", 0x17, LOCKOUT_FOREVER },
	{ 0x484, "PRODUCT_STATE", 0xED, LOCKOUT_NONE },
	{ 0x484, "NSBOOT_LOCK", 0xB4, LOCKOUT_FOREVER },
	{ 0x484, "NSBOOT_LOCK", 0xC3, LOCKOUT_NONE },
	{ 0x484, "LOCKBL", 1, LOCKOUT_FOREVER },
	{ 0x484, "LOCKBL", 0, LOCKOUT_NONE },
	{ 0x484, "TZEN", 0xB4, LOCKOUT_BOOT },
	{ 0x484, "TZEN", 0xC3, LOCKOUT_NONE },
	{ 0x44E, "RDP_level", 0x72, LOCKOUT_FOREVER },
	{ 0x44E, "RDP_level", 0xED, LOCKOUT_NONE },
	{ 0x455, "OEM1KEYR1", 0, LOCKOUT_FOREVER },
	{ 0x455, "TZEN", 1, LOCKOUT_BOOT },
	{ 0x455, "UNLOCK_1A", 0, LOCKOUT_BOOT },
	{ 0x455, "UNLOCK_1A", 1, LOCKOUT_NONE },
	/* 0x0BF90000 is the ROM, 0x08000000 is not */
	{ 0x455, "NSBOOTADD1", 0x0BF90000 >> 7, LOCKOUT_NONE },
	{ 0x455, "NSBOOTADD1", 0x08000000 >> 7, LOCKOUT_BOOT },
	{ 0x455, "NSBOOTADD0", 0x08001000 >> 7, LOCKOUT_NONE },
	{ 0x449, "BOOT_ADD1", 0x00100000 / 0x4000, LOCKOUT_NONE },
	{ 0x449, "BOOT_ADD1", 0x00200000 / 0x4000, LOCKOUT_BOOT },
	{ 0x449, "BOOT_ADD0", 0x00200000 / 0x4000, LOCKOUT_NONE },
	/* code becomes unreadable; or no protection, as the end is before the
	 * start */
	{ 0x415, "PCROP1_STRT", 0, LOCKOUT_BOOT },
	{ 0x415, "PCROP1_STRT", 0xFFFF, LOCKOUT_NONE },
	{ 0x415, "PCROP1_END", 1, LOCKOUT_BOOT },
	{ 0x415, "PCROP1_END", 0, LOCKOUT_NONE },
	{ 0x415, "PCROP_RDP", 0, LOCKOUT_NONE },
	{ 0x415, "PCROP_RDP", 1, LOCKOUT_NONE },
	{ 0x460, "PCROP1A_STRT", 3, LOCKOUT_BOOT },
	{ 0x460, "SEC_SIZE", 1, LOCKOUT_BOOT },
	{ 0x460, "SEC_SIZE", 0, LOCKOUT_NONE },
	{ 0x468, "SEC_SIZE1", 1, LOCKOUT_BOOT },
	{ 0x450, "PROT_AREA_START1", 0, LOCKOUT_BOOT },
	{ 0x450, "PROT_AREA_START1", 0xFFF, LOCKOUT_NONE },
	{ 0x450, "PROT_AREA_END1", 0, LOCKOUT_NONE },
	{ 0x450, "SEC_AREA_END1", 1, LOCKOUT_BOOT },
	{ 0x482, "HDP1EN", 1, LOCKOUT_BOOT },
	{ 0x482, "HDP1EN", 0, LOCKOUT_NONE },
	{ 0x482, "HDP1_PEND", 5, LOCKOUT_NONE },
	{ 0x454, "HDP1EN", 1, LOCKOUT_BOOT },
	{ 0x454, "HDP1EN", 0xB4, LOCKOUT_NONE },
	{ 0x47C, "HDP1_END", 1, LOCKOUT_BOOT },
	{ 0x47C, "HDP1_END", 0, LOCKOUT_NONE },
	{ 0x413, "WRP0", 0, LOCKOUT_NONE },
	{ 0x423, "SPRMOD", 1, LOCKOUT_BOOT },
	{ 0x423, "SPRMOD", 0, LOCKOUT_NONE },
	{ 0x447, "WPRMOD", 1, LOCKOUT_BOOT },
	{ 0x452, "PCROP0", 1, LOCKOUT_BOOT },
	{ 0x452, "PCROP0", 0, LOCKOUT_NONE },
	/* for the second core */
	{ 0x495, "SFSA", 0xFF, LOCKOUT_FOREVER },
	{ 0x495, "SBRV", 0, LOCKOUT_FOREVER },
	{ 0x495, "C2OPT", 1, LOCKOUT_FOREVER },
	{ 0x494, "SBRSA_B", 1, LOCKOUT_FOREVER },
	{ 0x494, "BRSD_A", 1, LOCKOUT_FOREVER },
	{ 0x495, "IPCCDBA", 0, LOCKOUT_NONE },
	{ 0x460, "NRST_MODE", 2, LOCKOUT_BOOT },
	{ 0x44A, "BL_COM_CFG", 0, LOCKOUT_BOOT },
	{ 0x460, "nRST_STOP", 0, LOCKOUT_NONE },
	{ 0x410, "WRP0", 0, LOCKOUT_NONE },
};

static void fields_one_by_one(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		EQUAL(check_field(cases[i].id, cases[i].name, cases[i].value),
		      cases[i].expected);
	}
}

/* nBOOT_SEL 24, nBOOT1 25, nBOOT0 26 of the G0; nSWBOOT0 26, nBOOT0 27 of the
 * L4, nBOOT1 23. */
static void boot_bits_together(void)
{
	static const struct {
		uint32_t id, word;
		enum lockout expected;
	} words[] = {
		{ 0x460, 0x07000000, LOCKOUT_BOOT },	/* factory */
		{ 0x460, 0x06000000, LOCKOUT_NONE },	/* by the pin */
		{ 0x460, 0x03000000, LOCKOUT_NONE },	/* nBOOT0 = 0 */
		{ 0x460, 0x0E000000, LOCKOUT_NONE },	/* NRST_MODE = 1 */
		{ 0x460, 0x16000000, LOCKOUT_BOOT },	/* 2 */
		{ 0x460, 0x1E000000, LOCKOUT_NONE },	/* 3 */
		{ 0x460, 0x04000000, LOCKOUT_BOOT },	/* nBOOT1 = 0 */
		{ 0x435, 0x0C800000, LOCKOUT_NONE },
		{ 0x435, 0x08800000, LOCKOUT_BOOT },
		{ 0x435, 0x00800000, LOCKOUT_NONE },
		{ 0x435, 0x0C000000, LOCKOUT_BOOT },
	};
	size_t i;

	t_about("boot bits together");
	for (i = 0; i < ARRAY_LEN(words); i++)
		EQUAL(check_word(words[i].id, 0x1FFF7800,
				 words[i].word | 0xAA, 0, 4),
		      words[i].expected);
}

/* A chip that is taken for another part keeps its option bytes. */
static void by_another_name(void)
{
	struct image *image = image_new();
	struct problem why = { "" };
	const uint8_t level_2 = 0xCC;
	struct part part;
	struct dev dev;

	t_about("--device of another part");
	CHECK(dev_find(0x410, &dev));
	part_init(&part, &dev, 0x413);
	EQUAL(image_add(image, 0x1FFFC001, &level_2, 1, 1), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(lockout_check(&part, image, NULL, &why), LOCKOUT_FOREVER);
	image_free(image);
}

int main(void)
{
	level_2_on_every_part();
	level_2_that_was_read();
	fields_one_by_one();
	boot_bits_together();
	by_another_name();
	return t_done();
}
