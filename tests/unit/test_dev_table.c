/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Consistency of the device table, and searching it. */
#include "dev_table.h"

#include "tests/unit/t.h"
#include "utils.h"

static bool has(const struct dev *dev, enum dev_quirk quirk)
{
	return (dev->quirks & (uint32_t)quirk) != 0;
}

static bool power_of_two(uint32_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static uint32_t length(struct range range)
{
	return range.end - range.start;
}

/* ---- each row by itself ---- */

static void check_name(const struct dev *dev)
{
	struct dev found[1];

	CHECK(dev->name[0] != '\0');
	CHECK(memchr(dev->name, '\0', sizeof(dev->name)) != NULL);
	CHECK(strcmp(dev->name, "unknown") != 0);
	/* a whole name is never ambiguous, so names are unique */
	EQUAL(dev_match_text(dev->name, found, 1), 1);
	TEXT(found[0].name, dev->name);
	EQUAL(found[0].id, dev->id);
	EQUAL(found[0].by_name_only, dev->by_name_only);
}

static size_t collect_ranges(const struct dev *dev, struct range *all)
{
	size_t n = 0, i;

	all[n++] = dev->flash;
	all[n++] = dev->ram;
	all[n++] = dev->eeprom;
	for (i = 0; i < ARRAY_LEN(dev->more_ram); i++)
		all[n++] = dev->more_ram[i];
	for (i = 0; i < ARRAY_LEN(dev->option_bytes); i++)
		all[n++] = dev->option_bytes[i];
	for (i = 0; i < ARRAY_LEN(dev->system_memory); i++)
		all[n++] = dev->system_memory[i];
	return n;
}

static void check_ranges(const struct dev *dev)
{
	struct range all[16];
	size_t n = collect_ranges(dev, all), i, k;

	for (i = 0; i < n; i++) {
		CHECK(all[i].start <= all[i].end);
		for (k = 0; k < i; k++)
			CHECK(length(all[i]) == 0 || length(all[k]) == 0 ||
			      all[i].end <= all[k].start ||
			      all[k].end <= all[i].start);
	}
	CHECK(dev->ram_safe == 0 || (dev->ram_safe > dev->ram.start &&
				     dev->ram_safe < dev->ram.end));
	/* a list of ranges has no holes: the first one is the usual one */
	CHECK(length(dev->option_bytes[0]) || !length(dev->option_bytes[1]));
	CHECK(length(dev->option_bytes[1]) || !length(dev->option_bytes[2]));
	CHECK(length(dev->system_memory[0]) || !length(dev->system_memory[1]));
	CHECK(length(dev->ram) || !length(dev->more_ram[0]));
	/* option bytes are a few words, registers or Artery's up to 4 KiB */
	for (i = 0; i < ARRAY_LEN(dev->option_bytes); i++)
		CHECK(length(dev->option_bytes[i]) <= 4096);
}

static void check_memories(const struct dev *dev)
{
	if (has(dev, DEV_OPTION_REGISTERS))
		EQUAL(dev->option_bytes[0].start >> 28 & 0xE, 4);
	else if (length(dev->option_bytes[0]) != 0)
		CHECK(dev->option_bytes[0].start < 0x20000000);
	if (dev->ram.start == dev->ram.end && dev->ram.start != 0)
		CHECK(has(dev, DEV_NO_RAM));
	CHECK(dev->ram_end >= dev->ram.end &&
	      dev->ram_end - dev->ram.end <= 64 * 1024);
	CHECK(dev->axi_end == 0 || (dev->axi_end > dev->more_ram[0].start &&
				    dev->axi_end >= dev->more_ram[0].end));
	CHECK(dev->ram.start == 0 || dev->ram.start >> 28 == 2);
	/* rows from ST's text have the addresses of ROM and RAM */
	if (!has(dev, DEV_NOT_IN_AN2606)) {
		CHECK(length(dev->system_memory[0]) != 0);
		CHECK(dev->ram.start != 0);
		CHECK(dev->erase_command != 0);
		CHECK(dev->size_reg != 0);
	}
	CHECK(length(dev->flash) <= 4u * 1024 * 1024);
	CHECK(length(dev->flash) != 0 || has(dev, DEV_NOT_IN_AN2606));
}

static void check_layout(const struct dev *dev, const struct page_run *run)
{
	uint64_t total = 0;

	for (; run->count != 0; run++) {
		CHECK(power_of_two(run->size));
		EQUAL(run->size % dev->granule, 0);
		EQUAL(run->size % dev->write_align, 0);
		/* a page begins at a multiple of its size */
		EQUAL((dev->flash.start + total) % run->size, 0);
		total += (uint64_t)run->count * run->size;
	}
	EQUAL(total, length(dev->flash));
}

static void check_layouts(const struct dev *dev)
{
	EQUAL(dev->pages != NULL, length(dev->flash) != 0);
	if (dev->pages != NULL)
		check_layout(dev, dev->pages);
	if (dev->pages_single != NULL)
		check_layout(dev, dev->pages_single);
	if (dev->pages_dual != NULL)
		check_layout(dev, dev->pages_dual);
	/* the default mode is one of the two, so the row has only the other */
	CHECK(dev->pages_single == NULL || dev->pages_dual == NULL);
	if (dev->pages_single != NULL || dev->pages_dual != NULL)
		CHECK(has(dev, DEV_DUAL_BANK));
}

static void check_programming(const struct dev *dev)
{
	CHECK(power_of_two(dev->granule));
	CHECK(power_of_two(dev->write_align));
	CHECK(dev->write_align >= 4 && dev->write_align <= 64);
	EQUAL(dev->write_align % dev->granule, 0);
	CHECK(dev->erased == 0xFF ||
	      (dev->erased == 0x00 && has(dev, DEV_NO_MASS_ERASE)));
	/* an aligned block must fit one transfer */
	if (dev->max_transfer != 0)
		CHECK(dev->max_transfer <= 256 &&
		      dev->max_transfer % dev->write_align == 0);
	if (!CHECK(dev->timing != NULL))
		return;
	CHECK(dev->timing->program_us != 0);
	CHECK(dev->timing->page_erase_ms != 0);
	CHECK(dev->timing->mass_erase_ms + dev->timing->mass_ms_per_kib != 0);
}

static void check_protocol(const struct dev *dev)
{
	size_t i;

	CHECK(dev->erase_command == 0 || dev->erase_command == 0x43 ||
	      dev->erase_command == 0x44);
	/* extended erase came with version 3.0 of the UART protocol */
	if (dev->uart_version != 0 && dev->erase_command != 0 &&
	    !has(dev, DEV_ID_IN_BYTE_3))
		EQUAL(dev->erase_command, dev->uart_version < 0x30 ? 0x43
								   : 0x44);
	for (i = 0; i < ARRAY_LEN(dev->i2c_address); i++)
		CHECK(dev->i2c_address[i] == 0 ||
		      (dev->i2c_address[i] >= 0x37 &&
		       dev->i2c_address[i] < 0x80) ||
		      dev->i2c_address[i] == 0x2C);
	EQUAL(dev->i2c_version != 0, dev->i2c_address[0] != 0);
	if (dev->i2c_no_stretch != 0)
		CHECK(dev->i2c_version >= 0x11);
	else
		CHECK(dev->i2c_version <= 0x10);
}

static void check_defect(const struct dev *dev, const struct dev_defect *defect)
{
	size_t i;

	if (defect->ids[0] == 0) {
		CHECK(!defect->bank2_only);
		return;
	}
	CHECK(dev->bootloader_id != 0);
	CHECK(!defect->bank2_only || has(dev, DEV_DUAL_BANK));
	for (i = 1; i < ARRAY_LEN(defect->ids); i++)
		CHECK(defect->ids[i - 1] != 0 || defect->ids[i] == 0);
}

static void check_quirks(const struct dev *dev)
{
	check_defect(dev, &dev->erase_one_page);
	check_defect(dev, &dev->erase_busy);
	check_defect(dev, &dev->no_bank_erase);
	check_defect(dev, &dev->no_stretch_erase);
	if (dev->empty_reg != 0)
		CHECK(has(dev, DEV_EMPTY_CHECK));
	CHECK(dev->empty_bit < 32);
	CHECK(dev->empty_bit == 0 || dev->empty_reg != 0);
	EQUAL(dev->size_codes[0] != 0, has(dev, DEV_SIZE_IS_CODE));
	EQUAL(dev->size_codes[1] != 0, has(dev, DEV_SIZE_IS_CODE));
	if (has(dev, DEV_SIZE_IS_CODE))
		EQUAL(dev->size_codes[0] * 1024, length(dev->flash));
	CHECK(!has(dev, DEV_H7_BANKS) || has(dev, DEV_DUAL_BANK));
	CHECK(!has(dev, DEV_OTHER_PROTOCOL) || dev->pages == NULL);
	CHECK(has(dev, DEV_ID_ARTERY) == (strncmp(dev->name, "Artery ", 7)
					  == 0));
	EQUAL(dev->id > 0xFFF, has(dev, DEV_ID_ARTERY) ||
			       dev->get_id_command != 0);
}

static void test_rows(void)
{
	struct dev dev;
	size_t i;

	for (i = 0; dev_at(i, &dev); i++) {
		t_about(dev.name);
		check_name(&dev);
		check_ranges(&dev);
		check_memories(&dev);
		check_layouts(&dev);
		check_programming(&dev);
		check_protocol(&dev);
		check_quirks(&dev);
	}
	t_about("");
	CHECK(!dev_at(i + 1, &dev));
	CHECK(!dev_at(SIZE_MAX, &dev));
	EQUAL(i, 222);	/* 105 ST IDs, 120 clones less three shared IDs */
}

/* ---- rows against each other ---- */

static void test_ids(void)
{
	struct dev a, b;
	bool clones = false;
	size_t i, k;

	for (i = 0; dev_at(i, &a); i++) {
		t_about(a.name);
		CHECK(a.id != 0);
		CHECK(dev_find(a.id, &b));
		CHECK(a.by_name_only == (strcmp(a.name, b.name) != 0));
		for (k = 0; k < i && dev_at(k, &b); k++) {
			CHECK(a.id != b.id || a.by_name_only);
			CHECK(a.debug_id[0] == 0 ||
			      (a.debug_id[0] != b.debug_id[0] &&
			       a.debug_id[0] != b.id));
		}
		/* ST's STM32 come first */
		if (strncmp(a.name, "STM32", 5) != 0)
			clones = true;
		else
			CHECK(!clones);
	}
	t_about("");
	CHECK(!dev_find(0, &a));
	CHECK(!dev_find(0x411 | 0x1000, &a));
	CHECK(!dev_find(UINT32_MAX, &a));
}

/* ---- important values, copied independently from the documents ---- */

static const struct {
	uint32_t id;
	uint32_t ram_start, flash_kib, first_page;
	uint8_t granule, write_align, erased, erase_command, i2c_address;
	uint32_t size_reg;
} figures[] = {
	/* PM0075, AN2606 */
	{ 0x410, 0x20000200, 128, 1024, 2, 4, 0xFF, 0x43, 0, 0x1FFFF7E0 },
	/* the one F1 with extended erase */
	{ 0x430, 0x20000800, 1024, 2048, 2, 4, 0xFF, 0x44, 0, 0x1FFFF7E0 },
	/* an F103 work-alike keeps the old erase */
	{ 0x641, 0x20000200, 128, 1024, 2, 4, 0xFF, 0x43, 0, 0 },
	{ 0x413, 0x20003000, 1024, 16384, 4, 4, 0xFF, 0x44, 0x3A, 0x1FFF7A22 },
	{ 0x451, 0x20004000, 2048, 32768, 4, 8, 0xFF, 0x44, 0x49, 0x1FF0F442 },
	{ 0x460, 0x20002700, 128, 2048, 8, 8, 0xFF, 0x44, 0x51, 0x1FFF75E0 },
	{ 0x450, 0x20004100, 2048, 131072, 32, 32, 0xFF, 0x44, 0x4E,
	  0x1FF1E880 },
	/* erased is 00 on L0 and L1 only */
	{ 0x447, 0x20001400, 192, 128, 4, 64, 0x00, 0x44, 0x42, 0x1FF8007C },
	{ 0x416, 0x20000800, 128, 256, 4, 8, 0x00, 0x44, 0, 0x1FF8004C },
	{ 0x415, 0x20003100, 1024, 2048, 8, 8, 0xFF, 0x44, 0x43, 0x1FFF75E0 },
	/* not 1 MiB of 2 KiB pages */
	{ 0x470, 0x20003200, 2048, 4096, 8, 8, 0xFF, 0x44, 0x50, 0x1FFF75E0 },
	{ 0x472, 0x20004000, 512, 2048, 8, 16, 0xFF, 0x44, 0x2C, 0x0BFA05E0 },
	/* the RAM of WB1x and WB5x is not exchanged here */
	{ 0x494, 0x20004000, 320, 2048, 8, 8, 0xFF, 0x44, 0x4F, 0x1FFF75E0 },
	{ 0x495, 0x20005000, 1024, 4096, 8, 8, 0xFF, 0x44, 0x4F, 0x1FFF75E0 },
	{ 0x9A8, 0x20000200, 128, 1024, 4, 4, 0xFF, 0x43, 0, 0 },
};

static void test_figures(void)
{
	struct dev dev;
	size_t i;

	for (i = 0; i < ARRAY_LEN(figures); i++) {
		if (!CHECK(dev_find(figures[i].id, &dev)))
			continue;
		t_about(dev.name);
		EQUAL(dev.ram.start, figures[i].ram_start);
		EQUAL(length(dev.flash), figures[i].flash_kib * 1024);
		EQUAL(dev.pages[0].size, figures[i].first_page);
		EQUAL(dev.granule, figures[i].granule);
		EQUAL(dev.write_align, figures[i].write_align);
		EQUAL(dev.erased, figures[i].erased);
		EQUAL(dev.erase_command, figures[i].erase_command);
		EQUAL(dev.i2c_address[0], figures[i].i2c_address);
		EQUAL(dev.size_reg, figures[i].size_reg);
	}
	t_about("");
}

/* The number of rows with each quirk bit, to find an unused bit or a wrong
 * row. */
static void test_quirk_counts(void)
{
	static const struct { enum dev_quirk quirk; int rows; } counts[] = {
		{ DEV_NO_MASS_ERASE, 9 },	/* four L0, five L1 */
		{ DEV_EMPTY_CHECK, 23 },
		{ DEV_OBL_LAUNCH, 1 },
		{ DEV_SIZE_IS_CODE, 1 },
		{ DEV_SIZE_LOW_BYTE, 1 },
		{ DEV_NO_RAM, 3 },
		{ DEV_NO_PARITY, 8 },	/* two W, three WB0, WL3, two BlueNRG */
		{ DEV_ID_IN_BYTE_3, 6 },
		{ DEV_OTHER_PROTOCOL, 5 },
		{ DEV_READ_AFTER_WRITE_LOSS, 1 },
		{ DEV_READ_END_HANGS, 4 },	/* G0 */
		{ DEV_EXTRA_ACK, 1 },
		{ DEV_ID_ARTERY, 105 },	/* 108 parts, three IDs shared */
		{ DEV_NO_GO, 21 },	/* AT32F421 */
		{ DEV_OPTION_NO_RESET, 16 },	/* AT32F435 and F437 */
		{ DEV_H7_BANKS, 2 },
	};
	struct dev dev;
	size_t i, k;
	int rows;

	for (i = 0; i < ARRAY_LEN(counts); i++) {
		rows = 0;
		for (k = 0; dev_at(k, &dev); k++)
			rows += has(&dev, counts[i].quirk);
		EQUAL(rows, counts[i].rows);
	}
	CHECK(dev_find(0x483, &dev) && has(&dev, DEV_READ_AFTER_WRITE_LOSS));
	CHECK(dev_find(0x464, &dev) && has(&dev, DEV_EXTRA_ACK));
	CHECK(dev_find(0x442, &dev) && has(&dev, DEV_OBL_LAUNCH));
	CHECK(dev_find(0x467, &dev));
	EQUAL(dev.erase_one_page.ids[1], 0xD0);
	CHECK(dev.erase_one_page.bank2_only);
}

/* ---- names ---- */

/* id 0: ambiguous or not found; rows is the number of candidates. */
static const struct {
	const char *text;
	uint32_t id;
	size_t rows;
} names[] = {
	{ "0x410", 0x410, 1 },	/* ST's row, not the GD32's */
	{ "0X410", 0x410, 1 },
	{ "0x0410", 0x410, 1 },
	{ "0x700502CD", 0x700502CD, 1 },
	{ "0x028", 0x03B, 1 },	/* debug IDs of ST's programmer */
	{ "0x122", 0x05F, 1 },
	{ "0x0", 0, 0 },
	{ "0xFFF", 0, 0 },
	{ "", 0, 0 },
	{ "STM32", 0, 0 },
	{ "x", 0, 0 },
	{ "Z9", 0, 0 },
	{ "and", 0, 0 },	/* words that are no part names */
	{ "line", 0, 0 },
	{ "Medium", 0, 0 },
	{ "F4 ", 0, 0 },

	{ "STM32F10xxx Medium-density", 0x410, 1 },
	{ "f10xxx medium-density", 0x410, 1 },
	{ "STM32F10xxx Medium-density value line", 0x420, 1 },
	{ "F103", 0, 7 },	/* similar densities, and the 0x641 */
	{ "F105", 0x418, 1 },
	{ "STM32F107VC", 0x418, 1 },

	{ "stm32f407", 0x413, 1 },
	{ "STM32F407VGT6", 0x413, 1 },	/* text after the end of the name */
	{ "F40xxx", 0x413, 1 },	/* as printed, not the F401 */
	{ "F417", 0x413, 1 },	/* a name after the slash */
	{ "F439", 0x419, 1 },
	{ "F401", 0, 3 },	/* B(C), D(E); the F40xxx is a candidate too */
	{ "F401CC", 0x423, 1 },	/* the choice in brackets */
	{ "F401RE", 0x433, 1 },
	{ "F410", 0x458, 1 },	/* not the F41xxx */
	{ "F411", 0x431, 1 },
	{ "F423", 0x463, 1 },	/* not the F42xxx */
	{ "F030", 0, 3 },	/* 4/6, 8, C are three products */
	{ "F030F4", 0x444, 1 },
	{ "F030R8", 0x440, 1 },
	{ "F030CC", 0x442, 1 },
	{ "F072", 0x448, 1 },
	{ "F302R8", 0x439, 1 },
	{ "F302CB", 0x422, 1 },
	{ "F303xE", 0x446, 1 },
	{ "G071", 0x460, 1 },
	{ "G0C1", 0x467, 1 },
	{ "G4A1", 0x479, 1 },
	{ "H743", 0x450, 1 },
	{ "H7B0", 0x480, 1 },
	{ "H503", 0x474, 1 },	/* not the "H5x (1 Mbyte)" */
	{ "l073", 0x447, 1 },
	{ "L152RE", 0x437, 1 },
	{ "L152RB", 0, 2 },	/* with or without the A */
	{ "L476", 0x415, 1 },
	{ "L4S5", 0x470, 1 },
	{ "U5A5", 0x481, 1 },
	{ "U083", 0x489, 1 },
	{ "U366", 0x42B, 1 },	/* "U356/U366": the letter is repeated */
	{ "WB55", 0x495, 1 },
	{ "WB15", 0x494, 1 },
	{ "WLE5", 0x497, 1 },
	{ "WL55", 0x497, 1 },
	{ "WBA52", 0x492, 1 },
	{ "STM32MP157", 0x500, 1 },

	{ "GD32VF103", 0x410, 1 },	/* only by its name */
	{ "bluenrg-2", 0x02F, 1 },
	{ "AT32F421C8T7", 0x50020100, 1 },
	{ "AT32F415RCT7", 0x70030240, 1 },	/* shared, and not the -7 */
	{ "AT32F415RCT7-7", 0x70030243, 1 },
	{ "AT32F415KCU7-4", 0x70030242, 1 },
	{ "AT32F437", 0, 6 },	/* beginning of six part numbers */
};

static void test_names(void)
{
	struct dev found[8], one;
	size_t i, rows;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		t_about(names[i].text);
		rows = dev_match_text(names[i].text, found, ARRAY_LEN(found));
		EQUAL(rows, names[i].rows);
		EQUAL(dev_find_text(names[i].text, &one), rows == 1);
		if (rows == 1) {
			EQUAL(found[0].id, names[i].id);
			TEXT(one.name, found[0].name);
		} else {
			EQUAL(names[i].id, 0);
		}
	}
	t_about("");
	CHECK(dev_find_text("0x410", &one) && !one.by_name_only);
	CHECK(dev_find_text("GD32VF103CBT6", &one) && one.by_name_only);
	CHECK(dev_find(0x410, &one) && !one.by_name_only);
}

/* More candidates than room, and no room at all. */
static void test_room(void)
{
	struct dev found[3] = { { .id = 0 } };

	EQUAL(dev_match_text("F103", found, 2), 7);
	EQUAL(found[0].id, 0x412);
	EQUAL(found[1].id, 0x410);
	EQUAL(found[2].id, 0);
	EQUAL(dev_match_text("F103", NULL, 0), 7);
	EQUAL(dev_match_text("F407", NULL, 0), 1);
	EQUAL(dev_match_text("0x413", NULL, 0), 1);
}

int main(void)
{
	test_rows();
	test_ids();
	test_figures();
	test_quirk_counts();
	test_names();
	test_room();
	return t_done();
}
