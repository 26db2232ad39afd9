/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts. Unless a comment says otherwise a row is from AN2606 Rev 70:
 * product ID, RAM and system memory from its table of bootloader device
 * parameters; the I2C address, the versions and the defects from the section
 * of the product. Flash layout, option bytes and registers are from the CMSIS
 * headers and the device data of ST's own tools. Where AN2606 contradicts
 * itself, or the sources disagree, the comment at the row says what was
 * chosen.
 */
#include "dev_table.h"

#include <ctype.h>
#include <string.h>

#include "utils.h"

#define KIB(n) ((uint32_t)(n) * 1024)
#define SPAN(base, len) { .start = (base), .end = (base) + (len) }

/* Flash times: the worst case from datasheets and users' reports, rounded up;
 * an estimate where the comment says so. */
enum timing {
	TIMING_HALF_WORD,
	TIMING_F2_F4,
	TIMING_F7,
	TIMING_H7,
	TIMING_L0_L1,
	TIMING_L4,
	TIMING_G0,
	TIMING_QUAD_WORD,
	TIMING_SLOW
};

static const struct flash_timing timings[] = {
	/* F0, F1, F3: 70 us per half-word, 40 ms for a page or a mass erase. */
	[TIMING_HALF_WORD] = {
		.program_us = 70,
		.page_erase_ms = 40,
		.mass_erase_ms = 40,
	},
	/* F2, F4 at 2.7 V and above: 16 KiB 0.5 s, 64 KiB 1.1 s, 128 KiB 2 s;
	 * mass erase 16 s per MiB. */
	[TIMING_F2_F4] = {
		.program_us = 100,
		.page_erase_ms = 280,
		.erase_ms_per_kib = 14,
		.mass_ms_per_kib = 16,
	},
	/* F7: as F4; a sector of 256 KiB takes 4 s. */
	[TIMING_F7] = {
		.program_us = 100,
		.page_erase_ms = 280,
		.erase_ms_per_kib = 15,
		.mass_ms_per_kib = 16,
	},
	/* H7 with sectors of 128 KiB: 2.2 s each; a mass erase of 2 MiB took
	 * 13 s. The time for a flash word of 32 bytes is an estimate. */
	[TIMING_H7] = {
		.program_us = 300,
		.page_erase_ms = 2200,
		.mass_ms_per_kib = 7,
	},
	/*
	 * L0, L1: 3.2 ms for a page, and for a half-page (L0: 64 bytes, L1:
	 * 128), which is 200 us for each of its words. A ROM that programs
	 * single words takes 3.2 ms for each. There is no mass erase: the time
	 * is the sum of the pages.
	 */
	[TIMING_L0_L1] = {
		.program_us = 200,
		.page_erase_ms = 4,
		.mass_ms_per_kib = 26,
	},
	/* L4, L4+, G4: 91 us for 8 bytes, 25 ms for a page or a mass erase. An
	 * estimate for L5, WB and WL, which have the same flash. */
	[TIMING_L4] = {
		.program_us = 91,
		.page_erase_ms = 25,
		.mass_erase_ms = 25,
	},
	/* G0: 125 us for 8 bytes, 40 ms for a page or a mass erase. An
	 * estimate for C0 and U0. */
	[TIMING_G0] = {
		.program_us = 125,
		.page_erase_ms = 40,
		.mass_erase_ms = 40,
	},
	/* Estimate, for the families that program 16 bytes at once, and U3. */
	[TIMING_QUAD_WORD] = {
		.program_us = 250,
		.page_erase_ms = 25,
		.mass_erase_ms = 25,
		.mass_ms_per_kib = 3,
	},
	/* Estimate, on the slow side: no data known. */
	[TIMING_SLOW] = {
		.program_us = 200,
		.page_erase_ms = 100,
		.mass_erase_ms = 100,
		.mass_ms_per_kib = 20,
	},
};

/*
 * The kinds of flash: the granule, the write alignment that AN2606 asks for (4
 * is the protocol's own rule), the erased value.
 */
enum kind {
	HALF_WORD_FLASH,
	F2_F4_FLASH,
	F7_FLASH,
	G0_FLASH,
	L4_FLASH,
	L5_FLASH,
	U3_FLASH,
	QUAD_WORD_FLASH,
	H7_FLASH,
	V8_FLASH,
	L0_FLASH,
	L1_FLASH,
	WB0_FLASH,
	UNKNOWN_FLASH
};

static const struct flash_kind {
	uint8_t granule, write_align, erased;
	uint8_t timing;		/* enum timing */
} kinds[] = {
	[HALF_WORD_FLASH] = { 2, 4, 0xFF, TIMING_HALF_WORD },
	[F2_F4_FLASH] = { 4, 4, 0xFF, TIMING_F2_F4 },
	[F7_FLASH] = { 4, 8, 0xFF, TIMING_F7 },
	[G0_FLASH] = { 8, 8, 0xFF, TIMING_G0 },
	[L4_FLASH] = { 8, 8, 0xFF, TIMING_L4 },
	[L5_FLASH] = { 8, 16, 0xFF, TIMING_L4 },
	[U3_FLASH] = { 8, 8, 0xFF, TIMING_QUAD_WORD },
	[QUAD_WORD_FLASH] = { 16, 16, 0xFF, TIMING_QUAD_WORD },
	[H7_FLASH] = { 32, 32, 0xFF, TIMING_H7 },
	[V8_FLASH] = { 32, 32, 0xFF, TIMING_QUAD_WORD },
	[L0_FLASH] = { 4, 64, 0x00, TIMING_L0_L1 },
	[L1_FLASH] = { 4, 8, 0x00, TIMING_L0_L1 },
	[WB0_FLASH] = { 4, 16, 0xFF, TIMING_SLOW },
	[UNKNOWN_FLASH] = { 4, 4, 0xFF, TIMING_SLOW },
};

/*
 * Layouts, in the order in which the erase command numbers the pages. The
 * sectors: F2, F4, F72x, and the F76x with two banks; then the other F7.
 */
#define F4_BANK(large) { 4, KIB(16) }, { 1, KIB(64) }, { large, KIB(128) }
#define LAYOUTS								\
	LAYOUT(PAGES_128x128B, { 128, 128 })				\
	LAYOUT(PAGES_256x128B, { 256, 128 })				\
	LAYOUT(PAGES_512x128B, { 512, 128 })				\
	LAYOUT(PAGES_1536x128B, { 1536, 128 })				\
	LAYOUT(PAGES_512x256B, { 512, 256 })				\
	LAYOUT(PAGES_1024x256B, { 1024, 256 })				\
	LAYOUT(PAGES_1536x256B, { 1536, 256 })				\
	LAYOUT(PAGES_2048x256B, { 2048, 256 })				\
	LAYOUT(PAGES_16x1K, { 16, KIB(1) })				\
	LAYOUT(PAGES_32x1K, { 32, KIB(1) })				\
	LAYOUT(PAGES_64x1K, { 64, KIB(1) })				\
	LAYOUT(PAGES_128x1K, { 128, KIB(1) })				\
	LAYOUT(PAGES_16x2K, { 16, KIB(2) })				\
	LAYOUT(PAGES_32x2K, { 32, KIB(2) })				\
	LAYOUT(PAGES_64x2K, { 64, KIB(2) })				\
	LAYOUT(PAGES_80x2K, { 80, KIB(2) })				\
	LAYOUT(PAGES_96x2K, { 96, KIB(2) })				\
	LAYOUT(PAGES_128x2K, { 128, KIB(2) })				\
	LAYOUT(PAGES_160x2K, { 160, KIB(2) })				\
	LAYOUT(PAGES_256x2K, { 256, KIB(2) })				\
	LAYOUT(PAGES_512x2K, { 512, KIB(2) })				\
	LAYOUT(PAGES_64x4K, { 64, KIB(4) })				\
	LAYOUT(PAGES_112x4K, { 112, KIB(4) })				\
	LAYOUT(PAGES_128x4K, { 128, KIB(4) })				\
	LAYOUT(PAGES_256x4K, { 256, KIB(4) })				\
	LAYOUT(PAGES_512x4K, { 512, KIB(4) })				\
	LAYOUT(PAGES_1024x4K, { 1024, KIB(4) })				\
	LAYOUT(PAGES_8x8K, { 8, KIB(8) })				\
	LAYOUT(PAGES_16x8K, { 16, KIB(8) })				\
	LAYOUT(PAGES_32x8K, { 32, KIB(8) })				\
	LAYOUT(PAGES_64x8K, { 64, KIB(8) })				\
	LAYOUT(PAGES_128x8K, { 128, KIB(8) })				\
	LAYOUT(PAGES_256x8K, { 256, KIB(8) })				\
	LAYOUT(PAGES_512x8K, { 512, KIB(8) })				\
	LAYOUT(PAGES_8x128K, { 8, KIB(128) })				\
	LAYOUT(PAGES_16x128K, { 16, KIB(128) })				\
	LAYOUT(SECTORS_F4_128K, { 4, KIB(16) }, { 1, KIB(64) })		\
	LAYOUT(SECTORS_F4_256K, F4_BANK(1))				\
	LAYOUT(SECTORS_F4_512K, F4_BANK(3))				\
	LAYOUT(SECTORS_F4_1M, F4_BANK(7))				\
	LAYOUT(SECTORS_F4_1536K, F4_BANK(11))				\
	LAYOUT(SECTORS_F4_2X1M, F4_BANK(7), F4_BANK(7))			\
	LAYOUT(SECTORS_F7_1M, { 4, KIB(32) }, { 1, KIB(128) }, { 3, KIB(256) })	\
	LAYOUT(SECTORS_F7_2M, { 4, KIB(32) }, { 1, KIB(128) }, { 7, KIB(256) })

#define LAYOUT(name, ...) name,
enum layout { NO_PAGES, LAYOUTS };
#undef LAYOUT

/* All layouts in one array, each with its end mark, count 0. */
#define LAYOUT(name, ...) __VA_ARGS__, { 0, 0 },
static const struct page_run runs[] = { { 0, 0 }, LAYOUTS };
#undef LAYOUT

/* Facts that few parts have; the names are those of struct dev. */
struct rare {
	uint16_t debug_id[2];
	struct range more_ram[3];
	/* Set where the datasheet has more RAM than the ROM offers: SRAM2 or
	 * CCM after SRAM1, RAM without its parity, RAM that the ROM itself
	 * uses. */
	uint32_t ram_end, axi_end;
	struct range more_option_bytes;
	struct range more_system_memory;
	uint8_t pages_single, pages_dual;	/* enum layout */
	struct bank_mode bank_mode;
	uint16_t size_codes[2];
	uint8_t max_transfer;
	uint8_t access_id_command, get_id_command, listed_command;
	struct dev_defect erase_one_page, erase_busy, no_bank_erase;
	struct dev_defect no_stretch_erase;
};

#define RARE(...) &(const struct rare){ __VA_ARGS__ }

/*
 * A row in its stored form; it is unpacked into a struct dev. Two hundred of
 * those would be a quarter of the program: every pointer needs four times its
 * size in a position-independent executable.
 */
struct row {
	const struct rare *rare;	/* NULL: nothing */
	struct range ram, flash;
	struct range option_bytes[2], system_memory, eeprom;
	uint32_t ram_safe;
	uint32_t size_reg, uid_reg, bootloader_id, empty_reg;
	uint32_t quirks;
	uint16_t id;
	char name[DEV_NAME];
	bool by_name_only;
	uint8_t pages;			/* enum layout */
	uint8_t kind;			/* enum kind */
	uint8_t wrp_pages;
	uint8_t erase_command;
	uint8_t i2c_address[2];
	int8_t i2c_no_stretch;
	uint8_t empty_bit;
	uint8_t uart_version, i2c_version;
};

static const struct row rows[] = {
	/* STM32F0 */
#define F0_COMMON							\
	.option_bytes    = { SPAN(0x1FFFF800, 16) },			\
	.kind            = HALF_WORD_FLASH,				\
	.size_reg        = 0x1FFFF7CC,					\
	.uid_reg         = 0x1FFFF7AC,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31

	{
		.id              = 0x440,
		.name            = "STM32F05xxx and STM32F030x8",
		.ram             = { 0x20000800, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_64x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFEC00, KIB(3)),
		.bootloader_id   = 0x1FFFF7A6,
		F0_COMMON,
	},
	{
		.id              = 0x444,
		.name            = "STM32F03xx4/6",
		.ram             = { 0x20000800, 0x20001000 },
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_32x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFEC00, KIB(3)),
		.bootloader_id   = 0x1FFFF7A6,
		F0_COMMON,
	},
	/*
	 * The hardware samples the emptiness of the flash only when option
	 * bytes are loaded (RM0360), so a system reset does not leave the ROM.
	 * AN2606 gives no RAM at all for the F09x: they may refuse what the
	 * F030xC allows.
	 */
	{
		.id              = 0x442,
		.name            = "STM32F030xC and STM32F09xxx",
		.ram             = { 0x20001800, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFD800, KIB(8)),
		.bootloader_id   = 0x1FFFF796,
		.i2c_address     = { 0x41 },
		.i2c_version     = 0x10,
		.quirks          = DEV_EMPTY_CHECK | DEV_OBL_LAUNCH,
		F0_COMMON,
	},
	/* Correct: the ROM uses all of the RAM itself. */
	{
		.id              = 0x445,
		.name            = "STM32F04xxx and STM32F070x6",
		.ram             = { 0x20001800, 0x20001800 },
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_32x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFC400, KIB(13)),
		.bootloader_id   = 0x1FFFF6A6,
		.i2c_address     = { 0x3E },
		.i2c_version     = 0x10,
		.quirks          = DEV_EMPTY_CHECK | DEV_NO_RAM,
		F0_COMMON,
	},
	/*
	 * AN2606 gives no RAM for the F070xB: it may refuse what the F071 and
	 * F072 allow.
	 */
	{
		.id              = 0x448,
		.name            = "STM32F070xB and STM32F071xx/072xx",
		.ram             = { 0x20001800, 0x20004000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_64x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFC800, KIB(12)),
		.bootloader_id   = 0x1FFFF6A6,
		.i2c_address     = { 0x3B },
		.i2c_version     = 0x10,
		F0_COMMON,
	},

	/* STM32F1: only the ROM of the XL-density parts has Extended Erase. */
#define F1_COMMON							\
	.option_bytes    = { SPAN(0x1FFFF800, 16) },			\
	.kind            = HALF_WORD_FLASH,				\
	.size_reg        = 0x1FFFF7E0,					\
	.uid_reg         = 0x1FFFF7E8

	{
		.id              = 0x412,
		.name            = "STM32F10xxx Low-density",
		.ram             = { 0x20000200, 0x20002800 },
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_32x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x410,
		.name            = "STM32F10xxx Medium-density",
		.ram             = { 0x20000200, 0x20005000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_128x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x414,
		.name            = "STM32F10xxx High-density",
		.ram             = { 0x20000200, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x420,
		.name            = "STM32F10xxx Medium-density value line",
		.ram             = { 0x20000200, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_128x1K,
		.wrp_pages       = 4,
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.bootloader_id   = 0x1FFFF7D6,
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x428,
		.name            = "STM32F10xxx High-density value line",
		.ram             = { 0x20000200, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.bootloader_id   = 0x1FFFF7D6,
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x418,
		.name            = "STM32F105xx/107xx",
		.ram             = { 0x20001000, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFB000, KIB(18)),
		.erase_command   = 0x43,
		.uart_version    = 0x22,
		F1_COMMON,
	},
	{
		.id              = 0x430,
		.name            = "STM32F10xxx XL-density",
		.ram             = { 0x20000800, 0x20018000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_512x2K,
		.wrp_pages       = 2,
		.system_memory   = SPAN(0x1FFFE000, KIB(6)),
		.bootloader_id   = 0x1FFFF7D6,
		.erase_command   = 0x44,
		.uart_version    = 0x30,
		/* page numbers continue from bank 1 to bank 2 */
		.quirks          = DEV_DUAL_BANK | DEV_BANKS_ADJOIN,
		F1_COMMON,
	},
	/*
	 * Not an ST ID: an F103 work-alike. Low confidence: tools only; the
	 * erase command is that of the F103 it copies.
	 */
	{
		.id              = 0x641,
		.name            = "STM32F10xxx Medium-density performance line",
		.ram             = { 0x20000200, 0x20005000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_128x1K,
		.wrp_pages       = 4,
		.option_bytes    = { SPAN(0x1FFFF800, 16) },
		.system_memory   = SPAN(0x1FFFF000, KIB(2)),
		.kind            = HALF_WORD_FLASH,
		.erase_command   = 0x43,
		.quirks          = DEV_NOT_IN_AN2606,
	},

	/*
	 * STM32F2 and STM32F4: the size register is not word aligned. The parts
	 * with two banks keep the option bytes of bank 2 below the system
	 * memory.
	 */
#define F2_F4_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes[0] = SPAN(0x1FFFC000, 16),			\
	.system_memory   = SPAN(0x1FFF0000, KIB(30)),			\
	.kind            = F2_F4_FLASH,					\
	.size_reg        = 0x1FFF7A22,					\
	.uid_reg         = 0x1FFF7A10,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31

	{
		.id              = 0x411,
		.name            = "STM32F2xxxx",
		.ram             = { 0x20002000, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = SECTORS_F4_1M,
		.bootloader_id   = 0x1FFF77DE,
		F2_F4_COMMON,
	},
	/* RAM from 0x20002000 in V3.1, from 0x20003000 in V9.x; this is the
	 * higher one. */
	{
		.id              = 0x413,
		.name            = "STM32F40xxx/41xxx",
		.ram             = { 0x20003000, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = SECTORS_F4_1M,
		.bootloader_id   = 0x1FFF77DE,
		.i2c_address     = { 0x3A },
		.i2c_version     = 0x10,
		F2_F4_COMMON,
	},
	/*
	 * Layout of the 2 MiB parts. With 1 MiB in two banks there are three
	 * sectors of 128 KiB per bank, and bank 2 begins at 0x08080000 with
	 * sector 12. The no-stretch commands came with V9.1.
	 */
	{
		.id              = 0x419,
		.name            = "STM32F42xxx/43xxx",
		.ram             = { 0x20003000, 0x20030000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = SECTORS_F4_2X1M,
		/* RM0090, RM0386: DB1M, for parts of 1 MiB */
		.rare            = RARE(.bank_mode = { 0x1FFFC008, 14, true,
						       BANK_MODE_SMALLER }),
		.option_bytes[1] = SPAN(0x1FFEC000, 16),
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x38 },
		.i2c_no_stretch  = -1,
		.i2c_version     = 0x11,
		.quirks          = DEV_DUAL_BANK,
		F2_F4_COMMON,
	},
	/*
	 * Medium confidence: AN2606 prints I2C address 0x3A here and 0x39 for
	 * the F401xD(E), although both should be the same.
	 */
	{
		.id              = 0x423,
		.name            = "STM32F401xB(C)",
		.ram             = { 0x20003000, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = SECTORS_F4_256K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x3A },
		.i2c_version     = 0x10,
		F2_F4_COMMON,
	},
	{
		.id              = 0x433,
		.name            = "STM32F401xD(E)",
		.ram             = { 0x20003000, 0x20018000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = SECTORS_F4_512K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x39 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x11,
		F2_F4_COMMON,
	},
	{
		.id              = 0x458,
		.name            = "STM32F410xx",
		.ram             = { 0x20003000, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = SECTORS_F4_128K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x47 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		F2_F4_COMMON,
	},
	{
		.id              = 0x431,
		.name            = "STM32F411xx",
		.ram             = { 0x20003000, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = SECTORS_F4_512K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x39 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x11,
		F2_F4_COMMON,
	},
	/* The RAM table of AN2606 says 0x20003000, its text 16 KiB used. */
	{
		.id              = 0x441,
		.name            = "STM32F412xx",
		.ram             = { 0x20003000, 0x20040000 },
		.ram_safe        = 0x20004000,
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = SECTORS_F4_1M,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x46 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		F2_F4_COMMON,
	},
	{
		.id              = 0x421,
		.name            = "STM32F446xx",
		.ram             = { 0x20003000, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = SECTORS_F4_512K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x3C },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		F2_F4_COMMON,
	},
	/* Smaller parts: as the F42x. */
	{
		.id              = 0x434,
		.name            = "STM32F469xx/479xx",
		.ram             = { 0x20003000, 0x20060000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = SECTORS_F4_2X1M,
		/* RM0090, RM0386: DB1M, for parts of 1 MiB */
		.rare            = RARE(.bank_mode = { 0x1FFFC008, 14, true,
						       BANK_MODE_SMALLER }),
		.option_bytes[1] = SPAN(0x1FFEC000, 16),
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x44 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		.quirks          = DEV_DUAL_BANK,
		F2_F4_COMMON,
	},
	/* The RAM table of AN2606 says 0x20003000, its text 16 KiB used. */
	{
		.id              = 0x463,
		.name            = "STM32F413xx/423xx",
		.ram             = { 0x20003000, 0x20050000 },
		.ram_safe        = 0x20004000,
		.flash           = SPAN(0x08000000, KIB(1536)),
		.pages           = SECTORS_F4_1536K,
		.bootloader_id   = 0x1FFF76DE,
		.i2c_address     = { 0x4B },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		F2_F4_COMMON,
	},

	/* STM32F3 */
#define F3_COMMON							\
	.wrp_pages       = 2,						\
	.option_bytes    = { SPAN(0x1FFFF800, 16) },			\
	.system_memory   = SPAN(0x1FFFD800, KIB(8)),			\
	.kind            = HALF_WORD_FLASH,				\
	.size_reg        = 0x1FFFF7CC,					\
	.uid_reg         = 0x1FFFF7AC,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_version     = 0x10

	/*
	 * RAM from 0x20001000 on the F378, from 0x20001400 on the F373; this
	 * is the higher one.
	 */
	{
		.id              = 0x432,
		.name            = "STM32F373xx and STM32F378xx",
		.ram             = { 0x20001400, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.bootloader_id   = 0x1FFFF7A6,
		.i2c_address     = { 0x37 },
		F3_COMMON,
	},
	{
		.id              = 0x422,
		.name            = "STM32F302xB(C)/303xB(C) and STM32F358xx",
		.ram             = { 0x20001400, 0x2000A000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.bootloader_id   = 0x1FFFF796,
		.i2c_address     = { 0x37 },
		F3_COMMON,
	},
	{
		.id              = 0x439,
		.name            = "STM32F301xx/302x4(6/8) and STM32F318xx",
		.ram             = { 0x20001800, 0x20004000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.bootloader_id   = 0x1FFFF796,
		.i2c_address     = { 0x3D },
		F3_COMMON,
	},
	{
		.id              = 0x438,
		.name            = "STM32F303x4(6/8)/334xx/328xx",
		.ram             = { 0x20001800, 0x20003000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.bootloader_id   = 0x1FFFF796,
		.i2c_address     = { 0x3F },
		F3_COMMON,
	},
	{
		.id              = 0x446,
		.name            = "STM32F302xD(E)/303xD(E) and STM32F398xx",
		.ram             = { 0x20001800, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.bootloader_id   = 0x1FFFF796,
		.i2c_address     = { 0x40 },
		F3_COMMON,
	},

	/*
	 * STM32F7: the silicon programs bytes and words, but AN2606 asks for
	 * writes aligned to 8.
	 */
#define F7_COMMON							\
	.wrp_pages       = 1,						\
	.system_memory   = { 0x1FF00000, 0x1FF0EDC0 },			\
	.kind            = F7_FLASH,					\
	.bootloader_id   = 0x1FF0EDBE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12

	/*
	 * PCROP words follow the option bytes at 0x1FFF0020. I2C2 may answer at
	 * 0x4D: AN2606 prints another address for it than for I2C1.
	 */
	{
		.id              = 0x452,
		.name            = "STM32F72xxx/73xxx",
		.ram             = { 0x20004000, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = SECTORS_F4_512K,
		.option_bytes    = { SPAN(0x1FFF0000, 44) },
		.size_reg        = 0x1FF07A22,
		.uid_reg         = 0x1FF07A10,
		.i2c_address     = { 0x49 },
		F7_COMMON,
	},
	{
		.id              = 0x449,
		.name            = "STM32F74xxx/75xxx",
		.ram             = { 0x20004000, 0x20050000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = SECTORS_F7_1M,
		.option_bytes    = { SPAN(0x1FFF0000, 32) },
		.size_reg        = 0x1FF0F442,
		.uid_reg         = 0x1FF0F420,
		.i2c_address     = { 0x45 },
		F7_COMMON,
	},
	/*
	 * One bank by default; with nDBANK = 0 two, with the sectors of an
	 * F42x.
	 */
	{
		.id              = 0x451,
		.name            = "STM32F76xxx/77xxx",
		.ram             = { 0x20004000, 0x20080000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = SECTORS_F7_2M,
		/* RM0410, option bytes: nDBANK */
		.rare            = RARE(
			.pages_dual = SECTORS_F4_2X1M,
			.bank_mode = { .reg = 0x1FFF0008, .bit = 13 }),
		.option_bytes    = { SPAN(0x1FFF0000, 32) },
		.size_reg        = 0x1FF0F442,
		.uid_reg         = 0x1FF0F420,
		.i2c_address     = { 0x49 },
		.quirks          = DEV_DUAL_BANK,
		F7_COMMON,
	},

	/*
	 * STM32G0: a user reported that a read past the end of the flash stops
	 * the ROM of a G070 until reset; assumed for the whole family.
	 */
#define G0_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { SPAN(0x1FFF7800, 128) },			\
	.kind            = G0_FLASH,					\
	.size_reg        = 0x1FFF75E0,					\
	.uid_reg         = 0x1FFF7590,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12,					\
	.empty_reg       = 0x40022000,					\
	.empty_bit       = 16

	{
		.id              = 0x466,
		.name            = "STM32G03xxx/04xxx",
		.ram             = { 0x20001000, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(8)),
		.bootloader_id   = 0x1FFF1FFE,
		.i2c_address     = { 0x56 },
		.quirks          = DEV_EMPTY_CHECK | DEV_READ_END_HANGS,
		G0_COMMON,
	},
	/*
	 * Medium confidence: the part has 18 KiB of RAM, AN2606 ends it at
	 * 0x20002000; the ROM may really stop there. V5.1 stretches in the
	 * no-stretch erase.
	 */
	{
		.id              = 0x456,
		.name            = "STM32G05xxx/061xx",
		.ram             = { 0x20001000, 0x20004800 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(8)),
		.bootloader_id   = 0x1FFF1FFE,
		.i2c_address     = { 0x62 },
		.rare            = RARE(.no_stretch_erase = { { 0x51 }, false }),
		.quirks          = DEV_EMPTY_CHECK | DEV_READ_END_HANGS,
		G0_COMMON,
	},
	/*
	 * AN2606, table: RAM from 0x20002700, text: 12 KiB used. V11.3
	 * mishandles erases of several pages: erase one at a time, 40 ms
	 * apart.
	 */
	{
		.id              = 0x460,
		.name            = "STM32G07xxx/08xxx",
		.ram             = { 0x20002700, 0x20009000 },
		.ram_safe        = 0x20003000,
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_64x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(28)),
		.bootloader_id   = 0x1FFF6FFE,
		.i2c_address     = { 0x51 },
		.rare            = RARE(.erase_one_page = { { 0xB3 }, false }),
		.quirks          = DEV_EMPTY_CHECK | DEV_READ_END_HANGS,
		G0_COMMON,
	},
	/* Erases of several pages in bank 2 fail: erase one at a time. */
	{
		.id              = 0x467,
		.name            = "STM32G0B0xx and STM32G0B1xx/0C1xx",
		.ram             = { 0x20004000, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(28)),
		.bootloader_id   = 0x1FFF9FFE,
		.i2c_address     = { 0x5D },
		.rare            = RARE(
			.ram_end = 0x20024000,
			.more_system_memory = SPAN(0x1FFF8000, KIB(28)),
			.erase_one_page = { { 0x92, 0xD0 }, true }),
		.quirks          = DEV_DUAL_BANK | DEV_EMPTY_CHECK |
				   DEV_READ_END_HANGS,
		G0_COMMON,
	},

	/* STM32G4: parts with two banks have their option bytes in two
	 * places. */
#define G4_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes[0] = SPAN(0x1FFF7800, 48),			\
	.system_memory   = SPAN(0x1FFF0000, KIB(28)),			\
	.kind            = L4_FLASH,					\
	.size_reg        = 0x1FFF75E0,					\
	.uid_reg         = 0x1FFF7590,					\
	.bootloader_id   = 0x1FFF6FFE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12

	{
		.id              = 0x468,
		.name            = "STM32G431xx/441xx",
		.ram             = { 0x20004000, 0x20005800 },
		.rare            = RARE(.ram_end = 0x20008000),
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_64x2K,
		.i2c_address     = { 0x54 },
		G4_COMMON,
	},
	/* Two banks by default; pages of 4 KiB with DBANK off. */
	{
		.id              = 0x469,
		.name            = "STM32G47xxx/48xxx",
		.ram             = { 0x20004000, 0x20018000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		/* RM0440, FLASH_OPTR: DBANK */
		.rare            = RARE(
			.ram_end = 0x20020000,
			.pages_single = PAGES_128x4K,
			.bank_mode = { 0x1FFF7800, 22, true, BANK_MODE_ANY }),
		.option_bytes[1] = SPAN(0x1FFFF800, 48),
		.i2c_address     = { 0x53 },
		.quirks          = DEV_DUAL_BANK,
		G4_COMMON,
	},
	{
		.id              = 0x479,
		.name            = "STM32G491xx/4A1xx",
		.ram             = { 0x20004000, 0x2001C000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.i2c_address     = { 0x5F },
		G4_COMMON,
	},

	/*
	 * STM32G5: low confidence: ST's programmer only. RAM, system memory
	 * and the erase command are unknown; use the reply to Get.
	 */
#define G5_COMMON							\
	.option_bytes    = { { 0x40022050, 0x40022100 },		\
			     { 0x400221E0, 0x40022200 } },		\
	.kind            = QUAD_WORD_FLASH,				\
	.size_reg        = 0x08FFF80C,					\
	.bootloader_id   = 0x0BFADAFE

	{
		.id              = 0x44A,
		.name            = "STM32G55x/G56x",
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_64x8K,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_NOT_IN_AN2606,
		G5_COMMON,
	},
	{
		.id              = 0x44B,
		.name            = "STM32G53x/G54x",
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_32x8K,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_NOT_IN_AN2606,
		G5_COMMON,
	},

	/* STM32C0 */
#define C0_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { SPAN(0x1FFF7800, 128) },			\
	.kind            = G0_FLASH,					\
	.size_reg        = 0x1FFF75A0,					\
	.uid_reg         = 0x1FFF7550,					\
	.erase_command   = 0x44,					\
	.i2c_no_stretch  = 1,						\
	.empty_reg       = 0x40022000,					\
	.empty_bit       = 16

	/*
	 * Medium confidence: 3.5 KiB used of 6 KiB; AN2606 seems to have
	 * exchanged the RAM ends of C011 and C031.
	 */
	{
		.id              = 0x443,
		.name            = "STM32C011xx",
		.ram             = { 0x20000E00, 0x20001800 },
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_16x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(6)),
		.bootloader_id   = 0x1FFF17FE,
		.uart_version    = 0x31,
		.i2c_address     = { 0x64 },
		.i2c_version     = 0x11,
		.quirks          = DEV_EMPTY_CHECK,
		C0_COMMON,
	},
	/*
	 * Medium confidence: AN2606 prints a RAM range that ends before it
	 * starts; 3.5 KiB used of 12 KiB. ram_safe is the start that it
	 * prints.
	 */
	{
		.id              = 0x453,
		.name            = "STM32C031xx",
		.ram             = { 0x20000E00, 0x20003000 },
		.ram_safe        = 0x20002000,
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_16x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(6)),
		.bootloader_id   = 0x1FFF17FE,
		.uart_version    = 0x31,
		.i2c_address     = { 0x63 },
		.i2c_version     = 0x11,
		.quirks          = DEV_EMPTY_CHECK,
		C0_COMMON,
	},
	{
		.id              = 0x44C,
		.name            = "STM32C051xx",
		.ram             = { 0x20001400, 0x20003000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(12)),
		.bootloader_id   = 0x1FFF2FFE,
		.uart_version    = 0x40,
		.i2c_address     = { 0x76 },
		.i2c_version     = 0x20,
		.quirks          = DEV_EMPTY_CHECK,
		C0_COMMON,
	},
	{
		.id              = 0x493,
		.name            = "STM32C071xx",
		.ram             = { 0x20002300, 0x20006000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_64x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(28)),
		.bootloader_id   = 0x1FFF67FE,
		.uart_version    = 0x31,
		.i2c_address     = { 0x71 },
		.i2c_version     = 0x12,
		.quirks          = DEV_EMPTY_CHECK,
		C0_COMMON,
	},
	/*
	 * 36 KiB of RAM if the parity bits serve as memory, 30 KiB if not, as
	 * in AN2606. The bootloader ID is wider than a byte.
	 */
	{
		.id              = 0x44D,
		.name            = "STM32C091xx/92xx",
		.ram             = { 0x20002400, 0x20007800 },
		.rare            = RARE(.ram_end = 0x20009000),
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(16)),
		.bootloader_id   = 0x1FFF3FFE,
		.uart_version    = 0x40,
		.i2c_address     = { 0x77 },
		.i2c_version     = 0x20,
		.quirks          = DEV_EMPTY_CHECK,
		C0_COMMON,
	},

	/*
	 * STM32C5: the bootloader ID is wider than a byte. EEPROM here is a
	 * data flash. No I2C bootloader is known.
	 */
#define C5_COMMON							\
	.wrp_pages       = 4,						\
	.option_bytes    = { { 0x40022050, 0x400220C8 },		\
			     { 0x400220E8, 0x40022100 } },		\
	.rare            = RARE(.more_option_bytes =			\
				{ 0x400221E8, 0x40022200 }),		\
	.system_memory   = { 0x0BF80080, 0x0BF88600 },			\
	.eeprom          = SPAN(0x09000000, KIB(48)),			\
	.kind            = QUAD_WORD_FLASH,				\
	.size_reg        = 0x08FFF80C,					\
	.uid_reg         = 0x08FFF800,					\
	.bootloader_id   = 0x0BF885FE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x40

	/* Medium confidence, all C5: only ST sources. */
	{
		.id              = 0x44E,
		.name            = "STM32C55xxx/562xx",
		.ram             = { 0x20003C40, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_64x8K,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS,
		C5_COMMON,
	},
	{
		.id              = 0x44F,
		.name            = "STM32C53xxx/542xx",
		.ram             = { 0x20003C00, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_32x8K,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS,
		C5_COMMON,
	},
	{
		.id              = 0x45A,
		.name            = "STM32C5A3xx/59xxx",
		.ram             = { 0x20003C00, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_128x8K,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS,
		C5_COMMON,
	},

	/*
	 * STM32H5: option bytes are flash registers; protection by groups of
	 * four sectors.
	 */
#define H5_COMMON							\
	.wrp_pages       = 4,						\
	.option_bytes[0] = { 0x40022050, 0x40022100 },			\
	.kind            = QUAD_WORD_FLASH,				\
	.size_reg        = 0x08FFF80C,					\
	.uid_reg         = 0x08FFF800,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x40,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x20

	{
		.id              = 0x474,
		.name            = "STM32H503xx",
		.ram             = { 0x20004000, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_16x8K,
		.option_bytes[1] = { 0x400221E8, 0x40022200 },
		.system_memory   = SPAN(0x0BF87000, KIB(36)),
		.bootloader_id   = 0x0BF8FFFE,
		.i2c_address     = { 0x67 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS,
		H5_COMMON,
	},
	/*
	 * Medium confidence: AN2606 puts the bootloader ID at 0x0BF8FFFE,
	 * where the H503 has it, outside this part's system memory; this
	 * address is from ST's programmer and from the H563.
	 */
	{
		.id              = 0x478,
		.name            = "STM32H523xx/533xx",
		.ram             = { 0x20004000, 0x20044000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_64x8K,
		.option_bytes[1] = { 0x400221E0, 0x40022200 },
		.system_memory   = SPAN(0x0BF97000, KIB(36)),
		.bootloader_id   = 0x0BF9FAFE,
		.i2c_address     = { 0x6E },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		H5_COMMON,
	},
	/*
	 * Medium confidence: the table of AN2606 offers all of the RAM, but
	 * its text says that 16 KiB are used.
	 */
	{
		.id              = 0x484,
		.name            = "STM32H562xx/563xx/573xx",
		.ram             = { 0x20004000, 0x200A0000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_256x8K,
		.option_bytes[1] = { 0x400221E0, 0x40022200 },
		.system_memory   = SPAN(0x0BF97000, KIB(36)),
		.bootloader_id   = 0x0BF9FAFE,
		.i2c_address     = { 0x65 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		H5_COMMON,
	},
	/*
	 * Medium confidence: ST sources only; uid_reg is where every other H5
	 * has it.
	 */
	{
		.id              = 0x47A,
		.name            = "STM32H5Ex/5Fx",
		.ram             = { 0x20004000, 0x20180000 },
		.flash           = SPAN(0x08000000, KIB(4096)),
		.pages           = PAGES_512x8K,
		.option_bytes[1] = { 0x40022198, 0x40022200 },
		.system_memory   = SPAN(0x0BFAC000, KIB(48)),
		.bootloader_id   = 0x0BFB5FFE,
		.i2c_address     = { 0x74 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		H5_COMMON,
	},
	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x47C,
		.name            = "STM32H5x (1 Mbyte)",
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_128x8K,
		.option_bytes[0] = { 0x40022050, 0x40022100 },
		.option_bytes[1] = { 0x40022198, 0x40022200 },
		.kind            = QUAD_WORD_FLASH,
		.size_reg        = 0x08FFF80C,
		.bootloader_id   = 0x0BFADFFE,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_NOT_IN_AN2606,
	},

	/* STM32H7 */

	/* V9.1 sends the ACK of an erase in bank 2 too early. */
	{
		.id              = 0x450,
		.name            = "STM32H74xxx/75xxx",
		.ram             = { 0x20004100, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_16x128K,
		.wrp_pages       = 1,
		.option_bytes    = { { 0x5200201C, 0x52002150 } },
		.system_memory   = SPAN(0x1FF00000, KIB(122)),
		.kind            = H7_FLASH,
		.size_reg        = 0x1FF1E880,
		.uid_reg         = 0x1FF1E800,
		.bootloader_id   = 0x1FF1E7FE,
		.erase_command   = 0x44,
		.uart_version    = 0x31,
		.i2c_address     = { 0x4E },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x11,
		.rare            = RARE(
			.axi_end = 0x24080000,
			.more_ram = { { 0x24005000, 0x24080000 } },
			.erase_busy = { { 0x91 }, true }),
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_H7_BANKS,
	},
	/*
	 * Medium confidence: AN2606 prints the I2C address with one digit too
	 * many (0b10101111x). 0x57 fits the addresses assigned at that time;
	 * 0x5F is the other reading. Pages of 8 KiB, unlike the other H7.
	 */
	{
		.id              = 0x480,
		.name            = "STM32H7A3xx/7B3xx/7B0xx",
		.ram             = { 0x20004100, 0x20020000 },
		.rare            = RARE(.axi_end = 0x24100000,
					.more_ram = { { 0x24034000, 0x24080000 } }),
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_256x8K,
		.wrp_pages       = 4,
		.option_bytes    = { { 0x5200201C, 0x52002150 } },
		.system_memory   = SPAN(0x1FF00000, KIB(80)),
		.kind            = QUAD_WORD_FLASH,
		.size_reg        = 0x08FFF80C,
		.uid_reg         = 0x08FFF800,
		.bootloader_id   = 0x1FF13FFE,
		.erase_command   = 0x44,
		.uart_version    = 0x31,
		.i2c_address     = { 0x57 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_H7_BANKS,
	},
	/*
	 * Reading a block back right after it was written makes the next write
	 * lose its first 32 bytes (two independent reports on the H723).
	 */
	{
		.id              = 0x483,
		.name            = "STM32H72xxx/73xxx",
		.ram             = { 0x20004100, 0x20020000 },
		.rare            = RARE(.axi_end = 0x24050000,
					.more_ram = { { 0x24004000, 0x24050000 } }),
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_8x128K,
		.wrp_pages       = 1,
		.option_bytes    = { { 0x5200201C, 0x52002078 } },
		.system_memory   = SPAN(0x1FF00000, KIB(122)),
		.kind            = H7_FLASH,
		.size_reg        = 0x1FF1E880,
		.uid_reg         = 0x1FF1E800,
		.bootloader_id   = 0x1FF1E7FE,
		.erase_command   = 0x44,
		.uart_version    = 0x31,
		.i2c_address     = { 0x5C },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		.quirks          = DEV_OPTION_REGISTERS |
				   DEV_READ_AFTER_WRITE_LOSS,
	},

	/* STM32H7R and STM32H7S */

	/*
	 * Medium confidence: ST sources only. 64 KiB of flash are correct: it
	 * is a boot flash. more_ram[2] is the ITCM, at address 0.
	 */
	{
		.id              = 0x485,
		.name            = "STM32H7Rxxx/7Sxxx",
		.ram             = { 0x20000000, 0x20030000 },
		.rare            = RARE(
			.axi_end = 0x24072000,
			.more_ram = { { 0x24000000, 0x24020000 },
				      { 0x24024000, 0x24072000 },
				      { 0x00000000, 0x00030000 } }),
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_8x8K,
		.wrp_pages       = 1,
		.option_bytes    = { { 0x52002200, 0x52002280 } },
		.system_memory   = SPAN(0x1FF18000, KIB(32)),
		.kind            = QUAD_WORD_FLASH,
		.size_reg        = 0x08FFF80C,
		.uid_reg         = 0x08FFF800,
		.bootloader_id   = 0x1FF1FCFE,
		.erase_command   = 0x44,
		.uart_version    = 0x40,
		.i2c_address     = { 0x61 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x20,
		.quirks          = DEV_OPTION_REGISTERS,
	},

	/* STM32H7P */

	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x47B,
		.name            = "STM32H7Pxxx",
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_256x8K,
		.option_bytes    = { { 0x52002050, 0x520022A0 } },
		.kind            = QUAD_WORD_FLASH,
		.size_reg        = 0x08FFF80C,
		.bootloader_id   = 0x1FF19FFE,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_NOT_IN_AN2606,
	},

	/*
	 * STM32L0: an erased byte is 0x00. A word can be programmed, but users
	 * report that of several writes to one half-page of 64 bytes only the
	 * first takes effect, although all get an ACK. The three words of the
	 * unique ID are at +0, +4 and +0x14. Data EEPROM: datasheets, largest
	 * part.
	 */
#define L0_COMMON							\
	.wrp_pages       = 32,						\
	.option_bytes    = { SPAN(0x1FF80000, 32) },			\
	.kind            = L0_FLASH,					\
	.size_reg        = 0x1FF8007C,					\
	.uid_reg         = 0x1FF80050,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31

	/* Correct: the ROM uses all of the RAM itself. */
	{
		.id              = 0x457,
		.name            = "STM32L01xxx/02xxx",
		.ram             = { 0x20000800, 0x20000800 },
		.flash           = SPAN(0x08000000, KIB(16)),
		.pages           = PAGES_128x128B,
		.system_memory   = SPAN(0x1FF00000, KIB(4)),
		.eeprom          = SPAN(0x08080000, 512),
		.bootloader_id   = 0x1FF00FFE,
		.quirks          = DEV_NO_MASS_ERASE | DEV_EMPTY_CHECK |
				   DEV_NO_RAM,
		L0_COMMON,
	},
	/*
	 * The table of AN2606 lists this RAM, but its text says that reads and
	 * writes do not reach it.
	 */
	{
		.id              = 0x425,
		.name            = "STM32L031xx/041xx",
		.ram             = { 0x20001000, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(32)),
		.pages           = PAGES_256x128B,
		.system_memory   = SPAN(0x1FF00000, KIB(4)),
		.eeprom          = SPAN(0x08080000, KIB(1)),
		.bootloader_id   = 0x1FF00FFE,
		.quirks          = DEV_NO_MASS_ERASE | DEV_NO_RAM,
		L0_COMMON,
	},
	{
		.id              = 0x417,
		.name            = "STM32L05xxx/06xxx",
		.ram             = { 0x20001000, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_512x128B,
		.system_memory   = SPAN(0x1FF00000, KIB(4)),
		.eeprom          = SPAN(0x08080000, KIB(2)),
		.bootloader_id   = 0x1FF00FFE,
		.quirks          = DEV_NO_MASS_ERASE,
		L0_COMMON,
	},
	/* RAM from 0x20001000 in V4.1, from 0x20001400 in V11.2. */
	{
		.id              = 0x447,
		.name            = "STM32L07xxx/08xxx",
		.ram             = { 0x20001400, 0x20005000 },
		.ram_safe        = 0x20002000,
		.flash           = SPAN(0x08000000, KIB(192)),
		.pages           = PAGES_1536x128B,
		.system_memory   = SPAN(0x1FF00000, KIB(8)),
		.eeprom          = SPAN(0x08080000, KIB(6)),
		.bootloader_id   = 0x1FF01FFE,
		.i2c_address     = { 0x42 },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		/* page numbers continue from bank 1 to bank 2 */
		.quirks          = DEV_NO_MASS_ERASE | DEV_DUAL_BANK |
				   DEV_BANKS_ADJOIN,
		L0_COMMON,
	},

	/* STM32L1: as the L0, with pages of 256 bytes. */
#define L1_COMMON							\
	.wrp_pages       = 16,						\
	.option_bytes[0] = SPAN(0x1FF80000, 32),			\
	.kind            = L1_FLASH,					\
	.erase_command   = 0x44

	/*
	 * AN2606 shows 8 KiB of system memory, a merged cell: its text has
	 * 4 KiB, and the bootloader ID is at their end.
	 */
	{
		.id              = 0x416,
		.name            = "STM32L1xxx6(8/B)",
		.ram             = { 0x20000800, 0x20004000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_512x256B,
		.system_memory   = SPAN(0x1FF00000, KIB(4)),
		.eeprom          = SPAN(0x08080000, KIB(4)),
		.size_reg        = 0x1FF8004C,
		.uid_reg         = 0x1FF80050,
		.bootloader_id   = 0x1FF00FFE,
		.uart_version    = 0x30,
		.quirks          = DEV_NO_MASS_ERASE,
		L1_COMMON,
	},
	/* System memory: as above. Only the low byte of the size counts. */
	{
		.id              = 0x429,
		.name            = "STM32L1xxx6(8/B)A",
		.ram             = { 0x20001000, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_512x256B,
		.system_memory   = SPAN(0x1FF00000, KIB(4)),
		.eeprom          = SPAN(0x08080000, KIB(4)),
		.size_reg        = 0x1FF8004C,
		.uid_reg         = 0x1FF80050,
		.bootloader_id   = 0x1FF00FFE,
		.uart_version    = 0x31,
		.quirks          = DEV_NO_MASS_ERASE | DEV_SIZE_LOW_BYTE,
		L1_COMMON,
	},
	{
		.id              = 0x427,
		.name            = "STM32L1xxxC",
		.ram             = { 0x20001000, 0x20008000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_1024x256B,
		.system_memory   = SPAN(0x1FF00000, KIB(8)),
		.eeprom          = SPAN(0x08080000, KIB(8)),
		.size_reg        = 0x1FF800CC,
		.uid_reg         = 0x1FF800D0,
		.bootloader_id   = 0x1FF01FFE,
		.uart_version    = 0x31,
		.quirks          = DEV_NO_MASS_ERASE,
		L1_COMMON,
	},
	/*
	 * Size register: 0 is 384 KiB, 1 is 256 KiB. Unlike the L1xxxE, the
	 * option bytes have no second part here.
	 */
	{
		.id              = 0x436,
		.name            = "STM32L1xxxD",
		.ram             = { 0x20001000, 0x2000C000 },
		.flash           = SPAN(0x08000000, KIB(384)),
		.pages           = PAGES_1536x256B,
		.system_memory   = SPAN(0x1FF00000, KIB(8)),
		.eeprom          = SPAN(0x08080000, KIB(12)),
		.size_reg        = 0x1FF800CC,
		.rare            = RARE(.size_codes = { 384, 256 }),
		.uid_reg         = 0x1FF800D0,
		.bootloader_id   = 0x1FF01FFE,
		.uart_version    = 0x31,
		/* page numbers continue from bank 1 to bank 2 */
		.quirks          = DEV_NO_MASS_ERASE | DEV_DUAL_BANK |
				   DEV_BANKS_ADJOIN |
				   DEV_SIZE_IS_CODE,
		L1_COMMON,
	},
	/* WRP4 is separate from the other option bytes. */
	{
		.id              = 0x437,
		.name            = "STM32L1xxxE",
		.ram             = { 0x20001000, 0x20014000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_2048x256B,
		.option_bytes[1] = SPAN(0x1FF80080, 32),
		.system_memory   = SPAN(0x1FF00000, KIB(8)),
		.eeprom          = SPAN(0x08080000, KIB(16)),
		.size_reg        = 0x1FF800CC,
		.uid_reg         = 0x1FF800D0,
		.bootloader_id   = 0x1FF01FFE,
		.uart_version    = 0x31,
		/* page numbers continue from bank 1 to bank 2 */
		.quirks          = DEV_NO_MASS_ERASE | DEV_DUAL_BANK |
				   DEV_BANKS_ADJOIN,
		L1_COMMON,
	},

	/*
	 * STM32L4: five option entries of 8 bytes, including PCROP and WRP;
	 * parts with two banks have five more at 0x1FFFF800.
	 */
#define L4_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes[0] = SPAN(0x1FFF7800, 40),			\
	.system_memory   = SPAN(0x1FFF0000, KIB(28)),			\
	.kind            = L4_FLASH,					\
	.size_reg        = 0x1FFF75E0,					\
	.uid_reg         = 0x1FFF7590,					\
	.bootloader_id   = 0x1FFF6FFE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12

	/*
	 * Medium confidence: AN2606, table: RAM from 0x20002100, text: 12 KiB
	 * used. V13.1 answers the 7F with two ACKs.
	 */
	{
		.id              = 0x464,
		.name            = "STM32L412xx/422xx",
		.ram             = { 0x20002100, 0x20008000 },
		.rare            = RARE(.ram_end = 0x2000A000),
		.ram_safe        = 0x20003100,
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_64x2K,
		.i2c_address     = { 0x52 },
		.empty_reg       = 0x40022010,
		.empty_bit       = 17,
		.quirks          = DEV_EMPTY_CHECK | DEV_EXTRA_ACK,
		L4_COMMON,
	},
	{
		.id              = 0x435,
		.name            = "STM32L43xxx/44xxx",
		.ram             = { 0x20003100, 0x2000C000 },
		.rare            = RARE(.ram_end = 0x20010000),
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.i2c_address     = { 0x48 },
		.empty_reg       = 0x40022010,
		.empty_bit       = 17,
		.quirks          = DEV_EMPTY_CHECK,
		L4_COMMON,
	},
	{
		.id              = 0x462,
		.name            = "STM32L45xxx/46xxx",
		.ram             = { 0x20003100, 0x20020000 },
		.rare            = RARE(.ram_end = 0x20028000),
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.i2c_address     = { 0x4A },
		.empty_reg       = 0x40022010,
		.empty_bit       = 17,
		.quirks          = DEV_EMPTY_CHECK,
		L4_COMMON,
	},
	/* RAM from 0x20003000 in V10.3, from 0x20003100 in V9.2; this is the
	 * higher one. */
	{
		.id              = 0x415,
		.name            = "STM32L47xxx/48xxx",
		.ram             = { 0x20003100, 0x20018000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_512x2K,
		.option_bytes[1] = SPAN(0x1FFFF800, 40),
		.i2c_address     = { 0x43 },
		.quirks          = DEV_DUAL_BANK,
		L4_COMMON,
	},
	/* V9.3 refuses a bank erase. */
	{
		.id              = 0x461,
		.name            = "STM32L496xx/4A6xx",
		.ram             = { 0x20003100, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_512x2K,
		.option_bytes[1] = SPAN(0x1FFFF800, 40),
		.i2c_address     = { 0x4C },
		.rare            = RARE(.ram_end = 0x20050000,
					.no_bank_erase = { { 0x93 }, false }),
		.quirks          = DEV_DUAL_BANK | DEV_EMPTY_CHECK,
		L4_COMMON,
	},

	/*
	 * STM32L4+: two banks of 4 KiB pages, or one of 8 KiB pages with DBANK
	 * off.
	 */
#define L4PLUS_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { SPAN(0x1FF00000, 40),			\
			     SPAN(0x1FF01000, 40) },			\
	.system_memory   = SPAN(0x1FFF0000, KIB(28)),			\
	.kind            = L4_FLASH,					\
	.size_reg        = 0x1FFF75E0,					\
	.uid_reg         = 0x1FFF7590,					\
	.bootloader_id   = 0x1FFF6FFE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12,					\
	.empty_reg       = 0x40022010,					\
	.empty_bit       = 17

	/*
	 * 2 MiB of 4 KiB pages, as in all ST sources; older tools have 1 MiB
	 * of 2 KiB, which is wrong.
	 */
	{
		.id              = 0x470,
		.name            = "STM32L4Rxxx/4Sxxx",
		.ram             = { 0x20003200, 0x200A0000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_512x4K,
		/* RM0432, FLASH_OPTR: DBANK; smaller parts use another bit */
		.rare            = RARE(
			.pages_single = PAGES_256x8K,
			.bank_mode = { 0x1FF00000, 22, true, BANK_MODE_LARGEST }),
		.i2c_address     = { 0x50 },
		.quirks          = DEV_DUAL_BANK | DEV_EMPTY_CHECK,
		L4PLUS_COMMON,
	},
	{
		.id              = 0x471,
		.name            = "STM32L4P5xx/4Q5xx",
		.ram             = { 0x20004000, 0x20050000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_256x4K,
		/* RM0432, FLASH_OPTR: DB1M, for parts of 1 MiB */
		.rare            = RARE(
			.pages_single = PAGES_128x8K,
			.bank_mode = { 0x1FF00000, 21, true, BANK_MODE_LARGEST }),
		.i2c_address     = { 0x5B },
		.quirks          = DEV_DUAL_BANK | DEV_EMPTY_CHECK,
		L4PLUS_COMMON,
	},

	/* STM32L5 */

	/*
	 * Medium confidence: AN2606 prints 0x2C; other parts of its time
	 * suggest 0x58. AN2606 asks for writes aligned to 16.
	 */
	{
		.id              = 0x472,
		.name            = "STM32L552xx/562xx",
		.ram             = { 0x20004000, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		/* RM0438, FLASH_OPTR: DBANK; smaller parts use another bit */
		.rare            = RARE(
			.pages_single = PAGES_128x4K,
			.bank_mode = { 0x40022040, 22, true, BANK_MODE_LARGEST }),
		.wrp_pages       = 1,
		.option_bytes    = { { 0x40022040, 0x40022070 } },
		.system_memory   = SPAN(0x0BF90000, KIB(32)),
		.kind            = L5_FLASH,
		.size_reg        = 0x0BFA05E0,
		.uid_reg         = 0x0BFA0590,
		.bootloader_id   = 0x0BF97FFE,
		.erase_command   = 0x44,
		.uart_version    = 0x31,
		.i2c_address     = { 0x2C },
		.i2c_no_stretch  = 1,
		.i2c_version     = 0x12,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
	},

	/*
	 * STM32U0: size and ID registers as in the CMSIS headers; ST's
	 * programmer has 0x1FFF777C for the size.
	 */
#define U0_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { { 0x40022020, 0x40022084 } },		\
	.kind            = G0_FLASH,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12,					\
	.empty_reg       = 0x40022000,					\
	.empty_bit       = 16

	{
		.id              = 0x459,
		.name            = "STM32U031xx",
		.ram             = { 0x20001500, 0x20003000 },
		.flash           = SPAN(0x08000000, KIB(64)),
		.pages           = PAGES_32x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(14)),
		.size_reg        = 0x1FFF3EA0,
		.uid_reg         = 0x1FFF3E50,
		.bootloader_id   = 0x1FFF37FE,
		.i2c_address     = { 0x6B },
		.quirks          = DEV_EMPTY_CHECK | DEV_OPTION_REGISTERS,
		U0_COMMON,
	},
	/* AN2606, table: RAM from 0x20002170, text: 8.5 KiB used. */
	{
		.id              = 0x489,
		.name            = "STM32U073xx/83xx",
		.ram             = { 0x20002170, 0x2000A000 },
		.ram_safe        = 0x20002200,
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.system_memory   = SPAN(0x1FFF0000, KIB(26)),
		.size_reg        = 0x1FFF6EA0,
		.uid_reg         = 0x1FFF6E50,
		.bootloader_id   = 0x1FFF67FE,
		.i2c_address     = { 0x6A },
		.quirks          = DEV_EMPTY_CHECK | DEV_OPTION_REGISTERS,
		U0_COMMON,
	},

	/* STM32U3: ST's programmer aligns to 16, AN2606 to 8. */
#define U3_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { { 0x40022040, 0x40022070 } },		\
	.system_memory   = SPAN(0x0BF8F000, KIB(68)),			\
	.kind            = U3_FLASH,					\
	.size_reg        = 0x0BFA07A0,					\
	.uid_reg         = 0x0BFA0700,					\
	.bootloader_id   = 0x0BF98FFE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x40,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x20

	/*
	 * Medium confidence: AN2606 prints 0x6C for I2C1 and 0x5A for the
	 * others, as for the U535. V14.1 mishandles erases of several pages.
	 */
	{
		.id              = 0x454,
		.name            = "STM32U375xx/385xx",
		.ram             = { 0x20004000, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_256x4K,
		.i2c_address     = { 0x6C, 0x5A },
		.rare            = RARE(.erase_one_page = { { 0xE1 }, false }),
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U3_COMMON,
	},
	/* Medium confidence: only ST sources. */
	{
		.id              = 0x42A,
		.name            = "STM32U3B5xx/3C5xx",
		.ram             = { 0x20004000, 0x200A0000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_512x4K,
		.i2c_address     = { 0x73 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U3_COMMON,
	},
	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x42B,
		.name            = "STM32U356/U366",
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_128x4K,
		.wrp_pages       = 1,
		.option_bytes    = { { 0x40022040, 0x40022070 } },
		.kind            = U3_FLASH,
		.size_reg        = 0x0BFA07A0,
		.bootloader_id   = 0x0BF98FFE,
		.erase_command   = 0x44,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE | DEV_NOT_IN_AN2606,
	},
	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x42C,
		.name            = "STM32U335/U345",
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_64x4K,
		.wrp_pages       = 1,
		.option_bytes    = { { 0x40022040, 0x40022070 } },
		.kind            = U3_FLASH,
		.size_reg        = 0x0BFA07A0,
		.bootloader_id   = 0x0BF98FFE,
		.erase_command   = 0x44,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE | DEV_NOT_IN_AN2606,
	},

	/* STM32U5 */
#define U5_COMMON							\
	.wrp_pages       = 1,						\
	.option_bytes    = { { 0x40022040, 0x40022070 },		\
			     { 0x40022070, 0x40022080 } },		\
	.system_memory   = SPAN(0x0BF90000, KIB(64)),			\
	.kind            = QUAD_WORD_FLASH,				\
	.size_reg        = 0x0BFA07A0,					\
	.uid_reg         = 0x0BFA0700,					\
	.bootloader_id   = 0x0BF99EFE,					\
	.erase_command   = 0x44,					\
	.uart_version    = 0x31,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12

	/*
	 * Medium confidence: AN2606 ends the RAM at 0x20240000, but the part
	 * has 256 KiB.
	 */
	{
		.id              = 0x455,
		.name            = "STM32U535xx/545xx",
		.ram             = { 0x20004000, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_64x8K,
		.i2c_address     = { 0x5A },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U5_COMMON,
	},
	{
		.id              = 0x482,
		.name            = "STM32U575xx/585xx",
		.ram             = { 0x20004000, 0x200C0000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_256x8K,
		.i2c_address     = { 0x5A },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U5_COMMON,
	},
	{
		.id              = 0x481,
		.name            = "STM32U595xx/599xx/5A5xx/5A9xx",
		.ram             = { 0x20004000, 0x20270000 },
		.flash           = SPAN(0x08000000, KIB(4096)),
		.pages           = PAGES_512x8K,
		.i2c_address     = { 0x60 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U5_COMMON,
	},
	{
		.id              = 0x476,
		.name            = "STM32U5F7xx/5F9xx/5G7xx/5G9xx",
		.ram             = { 0x20004000, 0x202F0000 },
		.flash           = SPAN(0x08000000, KIB(4096)),
		.pages           = PAGES_512x8K,
		.i2c_address     = { 0x69 },
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		U5_COMMON,
	},

	/* STM32V8 */

	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x499,
		.name            = "STM32V8xx",
		.flash           = SPAN(0x08000000, KIB(4096)),
		.pages           = PAGES_512x8K,
		.option_bytes    = { { 0x48022050, 0x48022130 } },
		.kind            = V8_FLASH,
		.size_reg        = 0x08FFF80C,
		.bootloader_id   = 0x0C027FFE,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_NOT_IN_AN2606,
	},

	/* STM32WB: the flash registers are at 0x58004000. */
#define WB_COMMON							\
	.wrp_pages       = 1,						\
	.system_memory   = SPAN(0x1FFF0000, KIB(28)),			\
	.kind            = L4_FLASH,					\
	.size_reg        = 0x1FFF75E0,					\
	.uid_reg         = 0x1FFF7590,					\
	.bootloader_id   = 0x1FFF6FFE,					\
	.erase_command   = 0x44,					\
	.i2c_no_stretch  = 1,						\
	.i2c_version     = 0x12,					\
	.empty_reg       = 0x58004000,					\
	.empty_bit       = 16

	/*
	 * Medium confidence: AN2606 seems to have exchanged the RAM of this
	 * row and the next one: the WB15 has 48 KiB, the WB55 256 KiB.
	 */
	{
		.id              = 0x494,
		.name            = "STM32WB10xx/15xx",
		.ram             = { 0x20004000, 0x2000C000 },
		.flash           = SPAN(0x08000000, KIB(320)),
		.pages           = PAGES_160x2K,
		.option_bytes    = { SPAN(0x1FFF7800, 128) },
		.uart_version    = 0x31,
		.i2c_address     = { 0x4F },
		.quirks          = DEV_EMPTY_CHECK,
		WB_COMMON,
	},
	/* Medium confidence: see above. A debugger may see 0x496 in a WB3x. */
	{
		.id              = 0x495,
		.name            = "STM32WB30xx/35xx/50xx/55xx",
		.ram             = { 0x20005000, 0x20040000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_256x4K,
		.option_bytes    = { SPAN(0x1FFF8000, 128) },
		.uart_version    = 0x32,
		.i2c_address     = { 0x4F },
		.quirks          = DEV_EMPTY_CHECK,
		WB_COMMON,
	},

	/* STM32WBA */
#define WBA_COMMON							\
	.wrp_pages       = 1,						\
	.kind            = QUAD_WORD_FLASH,				\
	.erase_command   = 0x44,					\
	.i2c_no_stretch  = 1

	/*
	 * Medium confidence: few sources. AN2606 prints 0x78, although I2C
	 * reserves it for 10-bit addressing. The unique ID is unknown.
	 */
	{
		.id              = 0x4B2,
		.name            = "STM32WBA2xxx",
		.ram             = { 0x20003000, 0x20018000 },
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_128x4K,
		.option_bytes    = { { 0x40022040, 0x40022060 },
				     { 0x40022110, 0x40022130 } },
		.system_memory   = { 0x0BF85000, 0x0BF8CE00 },
		.size_reg        = 0x0BF8D7A0,
		.bootloader_id   = 0x0BF8CCFE,
		.uart_version    = 0x40,
		.i2c_address     = { 0x78 },
		.i2c_version     = 0x20,
		.quirks          = DEV_OPTION_REGISTERS | DEV_TRUSTZONE,
		WBA_COMMON,
	},
	/*
	 * Medium confidence: AN2606 ends the RAM at 0x20002000, with a digit
	 * lost; the largest part has 128 KiB, the WBA50 less.
	 */
	{
		.id              = 0x492,
		.name            = "STM32WBA5xxx",
		.ram             = { 0x20001800, 0x20020000 },
		.flash           = SPAN(0x08000000, KIB(1024)),
		.pages           = PAGES_128x8K,
		.option_bytes    = { { 0x40022040, 0x40022060 },
				     { 0x40022070, 0x40022080 } },
		.system_memory   = SPAN(0x0BF88000, KIB(32)),
		.size_reg        = 0x0BF907A0,
		.uid_reg         = 0x0BF90700,
		.bootloader_id   = 0x0BF8FEFE,
		.uart_version    = 0x31,
		.i2c_address     = { 0x66 },
		.i2c_version     = 0x12,
		.quirks          = DEV_OPTION_REGISTERS | DEV_TRUSTZONE,
		WBA_COMMON,
	},
	{
		.id              = 0x4B0,
		.name            = "STM32WBA62xx/63xx/64xx/65xx",
		.ram             = { 0x20003000, 0x20080000 },
		.flash           = SPAN(0x08000000, KIB(2048)),
		.pages           = PAGES_256x8K,
		.option_bytes    = { { 0x40022040, 0x40022070 } },
		.system_memory   = SPAN(0x0BF90000, KIB(64)),
		.size_reg        = 0x0BFA07A0,
		.uid_reg         = 0x0BFA0700,
		.bootloader_id   = 0x0BF97EFE,
		.uart_version    = 0x40,
		.i2c_address     = { 0x6F },
		.i2c_version     = 0x20,
		.quirks          = DEV_DUAL_BANK | DEV_OPTION_REGISTERS |
				   DEV_TRUSTZONE,
		WBA_COMMON,
	},

	/* STM32WL */

	{
		.id              = 0x497,
		.name            = "STM32WLE5xx/55xx",
		.ram             = { 0x20002000, 0x20010000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.wrp_pages       = 1,
		.option_bytes    = { SPAN(0x1FFF7800, 128) },
		.system_memory   = SPAN(0x1FFF0000, KIB(16)),
		.kind            = L4_FLASH,
		.size_reg        = 0x1FFF75E0,
		.uid_reg         = 0x1FFF7590,
		.bootloader_id   = 0x1FFF3EFE,
		.erase_command   = 0x44,
		.uart_version    = 0x31,
		.empty_reg       = 0x58004000,
		.empty_bit       = 16,
		.quirks          = DEV_EMPTY_CHECK,
	},

	/* STM32WL4 */

	/* Low confidence: known from ST's programmer only. */
	{
		.id              = 0x49A,
		.name            = "STM32WL4x",
		.flash           = SPAN(0x08000000, KIB(512)),
		.pages           = PAGES_256x2K,
		.option_bytes    = { { 0x48100040, 0x48100060 } },
		.kind            = QUAD_WORD_FLASH,
		.size_reg        = 0x0BF86F98,
		.bootloader_id   = 0x0BF867FE,
		.quirks          = DEV_OPTION_REGISTERS | DEV_TRUSTZONE |
				   DEV_NOT_IN_AN2606,
	},

	/*
	 * STM32WB0 and STM32WL3, BlueNRG lineage: the ROM does not let the
	 * host read the size register, a peripheral; only debuggers can. Low
	 * confidence, all rows: product IDs from one tool, after AN5471 and
	 * AN5920, not confirmed by an ST document; ST's programmer knows the
	 * parts by the debug_id. RAM ends where the 3 KiB of the ROM begin.
	 */
#define WB0_COMMON							\
	.wrp_pages       = 1,						\
	.system_memory   = SPAN(0x10000000, KIB(6)),			\
	.kind            = WB0_FLASH,					\
	.uid_reg         = 0x10001EF0,					\
	.erase_command   = 0x43

	{
		.id              = 0x03B,
		.name            = "STM32WB05xx",
		.ram             = { 0x20000000, 0x20005400 },
		.flash           = SPAN(0x10040000, KIB(192)),
		.pages           = PAGES_96x2K,
		.size_reg        = 0x40001012,
		.uart_version    = 0x20,
		.rare            = RARE(.ram_end = 0x20006000,
					.debug_id = { 0x028 }),
		.quirks          = DEV_NO_PARITY | DEV_ID_IN_BYTE_3 |
				   DEV_NO_PERIPHERALS,
		WB0_COMMON,
	},
	{
		.id              = 0x03F,
		.name            = "STM32WB06xx/07xx",
		.ram             = { 0x20000000, 0x2000F400 },
		.flash           = SPAN(0x10040000, KIB(256)),
		.pages           = PAGES_128x2K,
		.size_reg        = 0x40001014,
		.uart_version    = 0x40,
		.rare            = RARE(.ram_end = 0x20010000,
					.debug_id = { 0x01E }),
		.quirks          = DEV_NO_PARITY | DEV_ID_IN_BYTE_3 |
				   DEV_NO_PERIPHERALS,
		WB0_COMMON,
	},
	/* The mask data of Get ID has one more byte here. */
	{
		.id              = 0x006,
		.name            = "STM32WB09xx",
		.ram             = { 0x20000000, 0x2000F400 },
		.flash           = SPAN(0x10040000, KIB(512)),
		.pages           = PAGES_256x2K,
		.size_reg        = 0x40001014,
		.uart_version    = 0x10,
		.rare            = RARE(.ram_end = 0x20010000,
					.debug_id = { 0x032 }),
		.quirks          = DEV_NO_PARITY | DEV_ID_IN_BYTE_3 |
				   DEV_NO_PERIPHERALS,
		WB0_COMMON,
	},
	{
		.id              = 0x05F,
		.name            = "STM32WL3xxx",
		.ram             = { 0x20000000, 0x20007400 },
		.flash           = SPAN(0x10040000, KIB(256)),
		.pages           = PAGES_128x2K,
		.size_reg        = 0x40001014,
		.uart_version    = 0x40,
		.rare            = RARE(.ram_end = 0x20008000,
					.debug_id = { 0x027, 0x122 }),
		.quirks          = DEV_NO_PARITY | DEV_ID_IN_BYTE_3 |
				   DEV_NO_PERIPHERALS,
		WB0_COMMON,
	},

	/*
	 * STM32W108, low confidence: tools only; AN2606 does not cover it. No
	 * parity, and the erase of the old protocol.
	 */
#define W_COMMON							\
	.wrp_pages       = 4,						\
	.option_bytes    = { SPAN(0x08040800, 16) },			\
	.system_memory   = SPAN(0x08040000, KIB(2)),			\
	.kind            = UNKNOWN_FLASH,				\
	.erase_command   = 0x43

	{
		.id              = 0x9A8,
		.name            = "STM32W-128K",
		.ram             = { 0x20000200, 0x20002000 },
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_128x1K,
		.quirks          = DEV_NO_PARITY | DEV_NOT_IN_AN2606,
		W_COMMON,
	},
	{
		.id              = 0x9B0,
		.name            = "STM32W-256K",
		.ram             = { 0x20000200, 0x20004000 },
		.flash           = SPAN(0x08000000, KIB(256)),
		.pages           = PAGES_128x2K,
		.quirks          = DEV_NO_PARITY | DEV_NOT_IN_AN2606,
		W_COMMON,
	},

	/* STM32N6 */

	/*
	 * Low confidence: no flash, and another protocol in its ROM; listed,
	 * so that the program can name it.
	 */
	{
		.id              = 0x486,
		.name            = "STM32N6xx",
		.kind            = UNKNOWN_FLASH,
		.uid_reg         = 0x46009014,
		.quirks          = DEV_OTHER_PROTOCOL | DEV_NOT_IN_AN2606,
	},

	/*
	 * STM32MP1 and STM32MP2, low confidence: no flash, and other protocols
	 * in their ROMs; listed, so that the program can name them.
	 */

	{
		.id              = 0x500,
		.name            = "STM32MP15xx",
		.kind            = UNKNOWN_FLASH,
		.uid_reg         = 0x5C005234,
		.quirks          = DEV_OTHER_PROTOCOL | DEV_NOT_IN_AN2606,
	},
	{
		.id              = 0x501,
		.name            = "STM32MP13xx",
		.kind            = UNKNOWN_FLASH,
		.quirks          = DEV_OTHER_PROTOCOL | DEV_NOT_IN_AN2606,
	},
	{
		.id              = 0x503,
		.name            = "STM32MP21xx",
		.kind            = UNKNOWN_FLASH,
		.quirks          = DEV_OTHER_PROTOCOL | DEV_NOT_IN_AN2606,
	},
	{
		.id              = 0x505,
		.name            = "STM32MP23xx/25xx",
		.kind            = UNKNOWN_FLASH,
		.quirks          = DEV_OTHER_PROTOCOL | DEV_NOT_IN_AN2606,
	},

	/*
	 * Not STM32: parts whose ROM uses a protocol like AN3155. None is in
	 * AN2606; low confidence unless a comment says otherwise, from one
	 * tool.
	 */

	/* Predecessors of the STM32WB0, with the same behaviour. */
#define BLUENRG_COMMON							\
	.ram             = { 0x20000000, 0x20006000 },			\
	.system_memory   = SPAN(0x10000000, KIB(2)),			\
	.kind            = UNKNOWN_FLASH,				\
	.size_reg        = 0x40100014,					\
	.uid_reg         = 0x100007F4,					\
	.erase_command   = 0x43,					\
	.quirks          = DEV_NO_PARITY | DEV_ID_IN_BYTE_3 |		\
			   DEV_NO_PERIPHERALS | DEV_NOT_IN_AN2606

	{
		.id              = 0x003,
		.name            = "ST BlueNRG-1",
		.flash           = SPAN(0x10040000, KIB(160)),
		.pages           = PAGES_80x2K,
		BLUENRG_COMMON,
	},
	{
		.id              = 0x02F,
		.name            = "ST BlueNRG-2",
		.flash           = SPAN(0x10040000, KIB(256)),
		.pages           = PAGES_128x2K,
		BLUENRG_COMMON,
	},

	/* Only the name is known. */
	{
		.id              = 0x801,
		.name            = "Wiznet W7500",
		.kind            = UNKNOWN_FLASH,
		.quirks          = DEV_NOT_IN_AN2606,
	},

	/* From a published log: answers like the F103, with version 3.0, and
	 * Get lists a command 06. The log does not show its erase command. */
	{
		.id              = 0x410,
		.name            = "GigaDevice GD32VF103",
		.by_name_only    = true,
		.flash           = SPAN(0x08000000, KIB(128)),
		.pages           = PAGES_128x1K,
		.kind            = UNKNOWN_FLASH,
		.uart_version    = 0x30,
		.rare            = RARE(.listed_command = 0x06),
		.quirks          = DEV_NOT_IN_AN2606 | DEV_RISC_V,
	},
};

/*
 * Many IDs of a clone mean the same chip in another package. A series holds
 * what such IDs have in common, and the beginning of their names.
 *
 * GD32VW553: the ID is four characters, returned by command 06; the usual Get
 * ID works too. The author of the source tested the HMQ7.
 *
 * Artery AT32, medium confidence: IDs, flash and option bytes from OpenOCD's
 * list of debug IDs. PM0005 (AT32 Bootloader UART Protocol, V2.0.4) says that
 * Get ID returns them too: bits 15-8, 7-0, 31-24, 23-16, then a project ID.
 * PM0005 also has the command FA that the older series need first, the F421's
 * trouble with Go, and the F435 that does not reset after an option write. It
 * does not give RAM and ROM.
 */
enum series {
	GD32VW553, AT32F403A, AT32F413 = AT32F403A, AT32F415, AT32F421,
	AT32F423, AT32F435C, AT32F435D, AT32WB415
};

#define AT32_COMMON							\
	.name            = "Artery ",					\
	.flash.start     = 0x08000000,					\
	.kind            = UNKNOWN_FLASH,				\
	.erase_command   = 0x44
#define AT32_QUIRKS (DEV_ID_ARTERY | DEV_NOT_IN_AN2606)
#define ACCESS_FA RARE(.access_id_command = 0xFA)

static const struct row series[] = {
	[GD32VW553] = {
		.name            = "GigaDevice ",
		.ram             = { 0x20000000, 0x20050000 },
		.flash.start     = 0x08000000,
		.option_bytes    = { SPAN(0x0FFC0000, 256) },
		.system_memory   = SPAN(0x0BF40000, KIB(256)),
		.kind            = UNKNOWN_FLASH,
		.erase_command   = 0x44,
		.uart_version    = 0x30,
		.rare            = RARE(.max_transfer = 240,
					.get_id_command = 0x06),
		.quirks          = DEV_NOT_IN_AN2606 | DEV_RISC_V,
	},
	[AT32F403A] = {
		.option_bytes    = { SPAN(0x1FFFF800, 48) },
		.rare            = ACCESS_FA,
		.quirks          = AT32_QUIRKS,
		AT32_COMMON,
	},
	[AT32F415] = {
		.option_bytes    = { SPAN(0x1FFFF800, KIB(1)) },
		.rare            = ACCESS_FA,
		.quirks          = AT32_QUIRKS,
		AT32_COMMON,
	},
	[AT32F421] = {
		.option_bytes    = { SPAN(0x1FFFF800, 512) },
		.rare            = ACCESS_FA,
		.quirks          = AT32_QUIRKS | DEV_NO_GO,
		AT32_COMMON,
	},
	/* also for the F425 */
	[AT32F423] = {
		.option_bytes    = { SPAN(0x1FFFF800, 512) },
		.quirks          = AT32_QUIRKS,
		AT32_COMMON,
	},
	/* F435 and F437 of up to 256 KiB */
	[AT32F435C] = {
		.option_bytes    = { SPAN(0x1FFFC000, 512) },
		.quirks          = AT32_QUIRKS | DEV_OPTION_NO_RESET,
		AT32_COMMON,
	},
	/* F435 and F437 of 448 KiB */
	[AT32F435D] = {
		.option_bytes    = { SPAN(0x1FFFC000, KIB(4)) },
		.quirks          = AT32_QUIRKS | DEV_OPTION_NO_RESET,
		AT32_COMMON,
	},
	[AT32WB415] = {
		.option_bytes    = { SPAN(0x1FFFF800, KIB(1)) },
		.quirks          = AT32_QUIRKS,
		AT32_COMMON,
	},
};

/* One ID of a series. */
struct clone {
	uint32_t id;
	uint16_t kib;		/* of flash */
	uint8_t pages;		/* enum layout */
	uint8_t series;		/* enum series */
	char name[32];		/* without the series' prefix */
};

_Static_assert(sizeof("GigaDevice ") - 1 + sizeof(((struct clone *)0)->name) <=
	       DEV_NAME, "room for the name of a series and of a clone");

static const struct clone clones[] = {
	{ 0x50494B36, 2048, PAGES_512x4K, GD32VW553, "GD32VW553KIQ6" },
	{ 0x504D4B36, 4096, PAGES_1024x4K, GD32VW553, "GD32VW553KMQ6" },
	{ 0x50494836, 2048, PAGES_512x4K, GD32VW553, "GD32VW553HIQ6" },
	{ 0x504D4836, 4096, PAGES_1024x4K, GD32VW553, "GD32VW553HMQ6" },
	{ 0x50494B37, 2048, PAGES_512x4K, GD32VW553, "GD32VW553KIQ7" },
	{ 0x504D4B37, 4096, PAGES_1024x4K, GD32VW553, "GD32VW553KMQ7" },
	{ 0x50494837, 2048, PAGES_512x4K, GD32VW553, "GD32VW553HIQ7" },
	{ 0x504D4837, 4096, PAGES_1024x4K, GD32VW553, "GD32VW553HMQ7" },

	{ 0x70050240, 256, PAGES_128x2K, AT32F403A, "AT32F403AVCT7" },
	{ 0x70050241, 256, PAGES_128x2K, AT32F403A, "AT32F403ARCT7" },
	{ 0x70050242, 256, PAGES_128x2K, AT32F403A, "AT32F403ACCT7" },
	{ 0x70050243, 256, PAGES_128x2K, AT32F403A, "AT32F403ACCU7" },
	{ 0x70050249, 256, PAGES_128x2K, AT32F403A, "AT32F407VCT7" },
	{ 0x7005024A, 256, PAGES_128x2K, AT32F403A, "AT32F407RCT7" },
	{ 0x700502CD, 512, PAGES_256x2K, AT32F403A, "AT32F403AVET7" },
	{ 0x700502CE, 512, PAGES_256x2K, AT32F403A, "AT32F403ARET7" },
	{ 0x700502CF, 512, PAGES_256x2K, AT32F403A, "AT32F403ACET7" },
	{ 0x700502D0, 512, PAGES_256x2K, AT32F403A, "AT32F403ACEU7" },
	{ 0x700502D1, 512, PAGES_256x2K, AT32F403A, "AT32F407VET7" },
	{ 0x700502D2, 512, PAGES_256x2K, AT32F403A, "AT32F407RET7" },
	{ 0x70050254, 256, PAGES_128x2K, AT32F403A, "AT32F407AVCT7" },

	/* Three IDs are shared by an F413 and an F415: one row each, with the
	 * option bytes of the F413, a part of those of the F415. */
	{ 0x70030240, 256, PAGES_128x2K, AT32F413, "AT32F413RCT7 and AT32F415RCT7" },
	{ 0x700301C1, 128, PAGES_128x1K, AT32F413, "AT32F413RBT7" },
	{ 0x70030242, 256, PAGES_128x2K, AT32F413, "AT32F413CCT7 and AT32F415KCU7-4" },
	{ 0x700301C3, 128, PAGES_128x1K, AT32F413, "AT32F413CBT7" },
	{ 0x70030244, 256, PAGES_128x2K, AT32F413, "AT32F413KCU7-4" },
	{ 0x700301C5, 128, PAGES_128x1K, AT32F413, "AT32F413KBU7-4 and AT32F415CBT7" },
	{ 0x70030106, 64, PAGES_64x1K, AT32F413, "AT32F413C8T7" },
	{ 0x70030247, 256, PAGES_128x2K, AT32F413, "AT32F413CCU7" },
	{ 0x700301CA, 128, PAGES_128x1K, AT32F413, "AT32F413CBU7" },

	{ 0x70030241, 256, PAGES_128x2K, AT32F415, "AT32F415CCT7" },
	{ 0x70030243, 256, PAGES_128x2K, AT32F415, "AT32F415RCT7-7" },
	{ 0x700301C4, 128, PAGES_128x1K, AT32F415, "AT32F415RBT7" },
	{ 0x700301C6, 128, PAGES_128x1K, AT32F415, "AT32F415KBU7-4" },
	{ 0x700301C7, 128, PAGES_128x1K, AT32F415, "AT32F415RBT7-7" },
	{ 0x70030108, 64, PAGES_64x1K, AT32F415, "AT32F415R8T7" },
	{ 0x70030109, 64, PAGES_64x1K, AT32F415, "AT32F415C8T7" },
	{ 0x7003010A, 64, PAGES_64x1K, AT32F415, "AT32F415K8U7-4" },
	{ 0x7003024C, 256, PAGES_128x2K, AT32F415, "AT32F415CCU7" },
	{ 0x700301CD, 128, PAGES_128x1K, AT32F415, "AT32F415CBU7" },

	{ 0x50020100, 64, PAGES_64x1K, AT32F421, "AT32F421C8T7" },
	{ 0x50020101, 64, PAGES_64x1K, AT32F421, "AT32F421K8T7" },
	{ 0x50020102, 64, PAGES_64x1K, AT32F421, "AT32F421K8U7" },
	{ 0x50020103, 64, PAGES_64x1K, AT32F421, "AT32F421K8U7-4" },
	{ 0x50020104, 64, PAGES_64x1K, AT32F421, "AT32F421F8U7" },
	{ 0x50020105, 64, PAGES_64x1K, AT32F421, "AT32F421F8P7" },
	{ 0x50020086, 32, PAGES_32x1K, AT32F421, "AT32F421C6T7" },
	{ 0x50020087, 32, PAGES_32x1K, AT32F421, "AT32F421K6T7" },
	{ 0x50020088, 32, PAGES_32x1K, AT32F421, "AT32F421K6U7" },
	{ 0x50020089, 32, PAGES_32x1K, AT32F421, "AT32F421K6U7-4" },
	{ 0x5002008A, 32, PAGES_32x1K, AT32F421, "AT32F421F6U7" },
	{ 0x5002008B, 32, PAGES_32x1K, AT32F421, "AT32F421F6P7" },
	{ 0x5001000C, 16, PAGES_16x1K, AT32F421, "AT32F421C4T7" },
	{ 0x5001000D, 16, PAGES_16x1K, AT32F421, "AT32F421K4T7" },
	{ 0x5001000E, 16, PAGES_16x1K, AT32F421, "AT32F421K4U7" },
	{ 0x5001000F, 16, PAGES_16x1K, AT32F421, "AT32F421K4U7-4" },
	{ 0x50010010, 16, PAGES_16x1K, AT32F421, "AT32F421F4U7" },
	{ 0x50010011, 16, PAGES_16x1K, AT32F421, "AT32F421F4P7" },
	{ 0x50020112, 64, PAGES_64x1K, AT32F421, "AT32F421G8U7" },
	{ 0x50020093, 32, PAGES_32x1K, AT32F421, "AT32F421G6U7" },
	{ 0x50010014, 16, PAGES_16x1K, AT32F421, "AT32F421G4U7" },

	{ 0x700A3240, 256, PAGES_128x2K, AT32F423, "AT32F423VCT7" },
	{ 0x700A21C1, 128, PAGES_128x1K, AT32F423, "AT32F423VBT7" },
	{ 0x70032102, 64, PAGES_64x1K, AT32F423, "AT32F423V8T7" },
	{ 0x700A3243, 256, PAGES_128x2K, AT32F423, "AT32F423RCT7" },
	{ 0x700A21C4, 128, PAGES_128x1K, AT32F423, "AT32F423RBT7" },
	{ 0x70032105, 64, PAGES_64x1K, AT32F423, "AT32F423R8T7" },
	{ 0x700A3246, 256, PAGES_128x2K, AT32F423, "AT32F423RCT7-7" },
	{ 0x700A21C7, 128, PAGES_128x1K, AT32F423, "AT32F423RBT7-7" },
	{ 0x70032108, 64, PAGES_64x1K, AT32F423, "AT32F423R8T7-7" },
	{ 0x700A3249, 256, PAGES_128x2K, AT32F423, "AT32F423CCT7" },
	{ 0x700A21CA, 128, PAGES_128x1K, AT32F423, "AT32F423CBT7" },
	{ 0x7003210B, 64, PAGES_64x1K, AT32F423, "AT32F423C8T7" },
	{ 0x700A324C, 256, PAGES_128x2K, AT32F423, "AT32F423CCU7" },
	{ 0x700A21CD, 128, PAGES_128x1K, AT32F423, "AT32F423CBU7" },
	{ 0x7003210E, 64, PAGES_64x1K, AT32F423, "AT32F423C8U7" },
	{ 0x700A3250, 256, PAGES_128x2K, AT32F423, "AT32F423TCU7" },
	{ 0x700A21D1, 128, PAGES_128x1K, AT32F423, "AT32F423TBU7" },
	{ 0x70032112, 64, PAGES_64x1K, AT32F423, "AT32F423T8U7" },
	{ 0x700A3253, 256, PAGES_128x2K, AT32F423, "AT32F423KCU7-4" },
	{ 0x700A21D4, 128, PAGES_128x1K, AT32F423, "AT32F423KBU7-4" },
	{ 0x70032115, 64, PAGES_64x1K, AT32F423, "AT32F423K8U7-4" },

	{ 0x50092100, 64, PAGES_64x1K, AT32F423, "AT32F425R8T7" },
	{ 0x50092081, 32, PAGES_32x1K, AT32F423, "AT32F425R6T7" },
	{ 0x50092103, 64, PAGES_64x1K, AT32F423, "AT32F425R8T7-7" },
	{ 0x50092084, 32, PAGES_32x1K, AT32F423, "AT32F425R6T7-7" },
	{ 0x50092106, 64, PAGES_64x1K, AT32F423, "AT32F425C8T7" },
	{ 0x50092087, 32, PAGES_32x1K, AT32F423, "AT32F425C6T7" },
	{ 0x50092109, 64, PAGES_64x1K, AT32F423, "AT32F425C8U7" },
	{ 0x5009208A, 32, PAGES_32x1K, AT32F423, "AT32F425C6U7" },
	{ 0x5009210C, 64, PAGES_64x1K, AT32F423, "AT32F425K8T7" },
	{ 0x5009208D, 32, PAGES_32x1K, AT32F423, "AT32F425K6T7" },
	{ 0x5009210F, 64, PAGES_64x1K, AT32F423, "AT32F425K8U7-4" },
	{ 0x50092090, 32, PAGES_32x1K, AT32F423, "AT32F425K6U7-4" },
	{ 0x50092112, 64, PAGES_64x1K, AT32F423, "AT32F425F8P7" },
	{ 0x50092093, 32, PAGES_32x1K, AT32F423, "AT32F425F6P7" },

	{ 0x70084598, 448, PAGES_112x4K, AT32F435D, "AT32F435ZDT7" },
	{ 0x70083242, 256, PAGES_128x2K, AT32F435C, "AT32F435ZCT7" },
	{ 0x70084599, 448, PAGES_112x4K, AT32F435D, "AT32F435VDT7" },
	{ 0x70083245, 256, PAGES_128x2K, AT32F435C, "AT32F435VCT7" },
	{ 0x7008459A, 448, PAGES_112x4K, AT32F435D, "AT32F435RDT7" },
	{ 0x70083248, 256, PAGES_128x2K, AT32F435C, "AT32F435RCT7" },
	{ 0x7008459B, 448, PAGES_112x4K, AT32F435D, "AT32F435CDT7" },
	{ 0x7008324B, 256, PAGES_128x2K, AT32F435C, "AT32F435CCT7" },
	{ 0x7008459C, 448, PAGES_112x4K, AT32F435D, "AT32F435CDU7" },
	{ 0x7008324E, 256, PAGES_128x2K, AT32F435C, "AT32F435CCU7" },
	{ 0x7008459D, 448, PAGES_112x4K, AT32F435D, "AT32F437ZDT7" },
	{ 0x70083251, 256, PAGES_128x2K, AT32F435C, "AT32F437ZCT7" },
	{ 0x7008459E, 448, PAGES_112x4K, AT32F435D, "AT32F437VDT7" },
	{ 0x70083254, 256, PAGES_128x2K, AT32F435C, "AT32F437VCT7" },
	{ 0x7008459F, 448, PAGES_112x4K, AT32F435D, "AT32F437RDT7" },
	{ 0x70083257, 256, PAGES_128x2K, AT32F435C, "AT32F437RCT7" },

	{ 0x70030250, 256, PAGES_128x2K, AT32WB415, "AT32WB415CCU7-7" },
};

/* ---- looking up ---- */

static const struct page_run *layout(uint8_t wanted)
{
	const struct page_run *run = runs;
	unsigned i;

	for (i = NO_PAGES; i < wanted; run++)
		if (run->count == 0)
			i++;
	return wanted != NO_PAGES ? run : NULL;
}

static void unpack_rare(const struct rare *rare, struct dev *dev)
{
	memcpy(dev->debug_id, rare->debug_id, sizeof(dev->debug_id));
	memcpy(dev->more_ram, rare->more_ram, sizeof(dev->more_ram));
	if (rare->ram_end != 0)
		dev->ram_end = rare->ram_end;
	dev->axi_end = rare->axi_end;
	dev->option_bytes[2] = rare->more_option_bytes;
	dev->system_memory[1] = rare->more_system_memory;
	dev->pages_single = layout(rare->pages_single);
	dev->pages_dual = layout(rare->pages_dual);
	dev->bank_mode = rare->bank_mode;
	memcpy(dev->size_codes, rare->size_codes, sizeof(dev->size_codes));
	dev->max_transfer = rare->max_transfer;
	dev->access_id_command = rare->access_id_command;
	dev->get_id_command = rare->get_id_command;
	dev->listed_command = rare->listed_command;
	dev->erase_one_page = rare->erase_one_page;
	dev->erase_busy = rare->erase_busy;
	dev->no_bank_erase = rare->no_bank_erase;
	dev->no_stretch_erase = rare->no_stretch_erase;
}

static void unpack(const struct row *row, struct dev *dev)
{
	const struct flash_kind *kind = &kinds[row->kind];

	*dev = (struct dev){
		.id = row->id,
		.by_name_only = row->by_name_only,
		.ram = row->ram,
		.ram_safe = row->ram_safe,
		.ram_end = row->ram.end,
		.flash = row->flash,
		.pages = layout(row->pages),
		.wrp_pages = row->wrp_pages,
		.option_bytes = { row->option_bytes[0], row->option_bytes[1] },
		.system_memory = { row->system_memory },
		.eeprom = row->eeprom,
		.granule = kind->granule,
		.write_align = kind->write_align,
		.erased = kind->erased,
		.size_reg = row->size_reg,
		.uid_reg = row->uid_reg,
		.bootloader_id = row->bootloader_id,
		.erase_command = row->erase_command,
		.i2c_address = { row->i2c_address[0], row->i2c_address[1] },
		.i2c_no_stretch = row->i2c_no_stretch,
		.empty_reg = row->empty_reg,
		.empty_bit = row->empty_bit,
		.uart_version = row->uart_version,
		.i2c_version = row->i2c_version,
		.quirks = row->quirks,
		.timing = &timings[kind->timing],
	};
	memcpy(dev->name, row->name, sizeof(dev->name));
	if (row->rare != NULL)
		unpack_rare(row->rare, dev);
}

static void unpack_clone(const struct clone *clone, struct dev *dev)
{
	unpack(&series[clone->series], dev);
	dev->id = clone->id;
	dev->flash.end = dev->flash.start + KIB(clone->kib);
	dev->pages = layout(clone->pages);
	/* fits: see clones[] */
	memcpy(dev->name + strlen(dev->name), clone->name, sizeof(clone->name));
}

bool dev_at(size_t i, struct dev *dev)
{
	if (i < ARRAY_LEN(rows))
		unpack(&rows[i], dev);
	else if (i - ARRAY_LEN(rows) < ARRAY_LEN(clones))
		unpack_clone(&clones[i - ARRAY_LEN(rows)], dev);
	else
		return false;
	return true;
}

bool dev_find(uint32_t id, struct dev *dev)
{
	size_t i;

	for (i = 0; dev_at(i, dev); i++)
		if (dev->id == id && !dev->by_name_only)
			return true;
	return false;
}

/*
 * A part name, position by position: the characters allowed there. "F302xB(C)"
 * is F, 3, 0, 2, any, B or C.
 */
struct part_name {
	char any[16][4];
	size_t len;
};

static char upper(char c)
{
	return (char)toupper((unsigned char)c);
}

static bool same_text(const char *a, const char *b)
{
	while (*a != '\0' && upper(*a) == upper(*b)) {
		a++;
		b++;
	}
	return upper(*a) == upper(*b);
}

static const char *without_stm32(const char *text)
{
	static const char prefix[] = "STM32";
	size_t i;

	for (i = 0; prefix[i] != '\0'; i++)
		if (upper(text[i]) != prefix[i])
			return text;
	return text + i;
}

/* Reads "(8/B)" after a 6: text is behind the opening bracket; returns the
 * text after the closing one. */
static const char *read_choice(const char *text, char any[4])
{
	size_t n = strlen(any);

	for (; *text != '\0' && *text != ')'; text++)
		if (*text != '/' && n < 3)
			any[n++] = *text;
	return *text == ')' ? text + 1 : text;
}

/* Reads one name, up to a slash or a blank; returns the text after it. */
static const char *read_part_name(const char *text, struct part_name *name)
{
	memset(name, 0, sizeof(*name));
	while (*text != '\0' && *text != '/' && *text != ' ') {
		if (*text == '(' && name->len > 0) {
			text = read_choice(text + 1, name->any[name->len - 1]);
			continue;
		}
		if (name->len < ARRAY_LEN(name->any))
			name->any[name->len++][0] = *text;
		text++;
	}
	return text;
}

/* "41xxx" after "F40xxx" means "F41xxx": it replaces the tail of the first
 * name of the word. */
static void complete_name(struct part_name *name, const struct part_name *first)
{
	size_t head = first->len - name->len;

	if (name->len >= first->len)
		return;
	memmove(name->any[head], name->any[0],
		name->len * sizeof(name->any[0]));
	memcpy(name->any[0], first->any[0], head * sizeof(name->any[0]));
	name->len = first->len;
}

static bool allows(const char any[4], char c)
{
	for (; *any != '\0'; any++)
		if (upper(*any) == upper(c))
			return true;
	return false;
}

/*
 * How well text matches the part: 0 not at all, else the number of positions
 * with the same character. An 'x' on either side matches all. Either may be
 * longer: "F4" is short for F40xxx, and F407VGT6 is one of them. A complete
 * match is better than the beginning of a longer name.
 */
static unsigned name_score(const struct part_name *name, const char *text)
{
	unsigned same = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '-')
			return 0;
		if (i >= name->len)
			continue;
		if (allows(name->any[i], text[i]))
			same++;
		else if (name->any[i][0] != 'x' && upper(text[i]) != 'X')
			return 0;
	}
	return same > 0 && same == i && i == name->len ? same + 1 : same;
}

/* Returns the best score of the names in one word, which may begin with
 * STM32. */
static unsigned word_score(const char *word, const char *text)
{
	struct part_name first, name;
	unsigned best, score;

	word = read_part_name(without_stm32(word), &first);
	best = name_score(&first, text);
	while (*word == '/') {
		word = read_part_name(word + 1, &name);
		complete_name(&name, &first);
		score = name_score(&name, text);
		if (score > best)
			best = score;
	}
	return best;
}

#define WHOLE_NAME 1000	/* more than any part name scores */

static unsigned row_score(const struct dev *dev, const char *text)
{
	const char *word = dev->name;
	unsigned best = 0, score;
	size_t len;

	if (same_text(without_stm32(word), text))
		return WHOLE_NAME;
	for (; *word != '\0'; word += len + (word[len] == ' ')) {
		len = strcspn(word, " ");
		/* "and", "Medium-density", "line" and "(1" are no part names */
		if (strcspn(word, "0123456789") >= len || *word == '(')
			continue;
		score = word_score(word, text);
		if (score > best)
			best = score;
	}
	return best;
}

static bool find_debug_id(uint32_t id, struct dev *dev)
{
	size_t i;

	for (i = 0; id != 0 && dev_at(i, dev); i++)
		if (dev->debug_id[0] == id || dev->debug_id[1] == id)
			return true;
	return false;
}

static size_t match_id(uint32_t id, struct dev *found, size_t max)
{
	struct dev dev;

	if (!dev_find(id, &dev) && !find_debug_id(id, &dev))
		return 0;
	if (max > 0)
		found[0] = dev;
	return 1;
}

size_t dev_match_text(const char *text, struct dev *found, size_t max)
{
	struct dev dev, best_row;
	unsigned best = 0, score;
	size_t i, equally_good = 0, count = 0;
	uint32_t id;

	if (text[0] == '0' && parse_u32(text, UINT32_MAX, &id))
		return match_id(id, found, max);
	text = without_stm32(text);
	for (i = 0; dev_at(i, &dev); i++) {
		score = row_score(&dev, text);
		if (score == 0)
			continue;
		if (count < max)
			found[count] = dev;
		count++;
		if (score > best) {
			best = score;
			best_row = dev;
			equally_good = 0;
		}
		if (score == best)
			equally_good++;
	}
	if (equally_good != 1)
		return count;
	if (max > 0)
		found[0] = best_row;
	return 1;
}

bool dev_find_text(const char *text, struct dev *dev)
{
	return dev_match_text(text, dev, 1) == 1;
}
