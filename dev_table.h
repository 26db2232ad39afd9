/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts on parts, as const rows: what the ROM of each product serves and how
 * its flash behaves. Facts only; what follows from them is in part.h.
 * Ranges are half-open everywhere: end is the first address after.
 */
#ifndef DEV_TABLE_H
#define DEV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint32_t start, end;	/* start == end: there is none */
};

/* count pages of size bytes; a layout is a list of runs up to count 0. */
struct page_run {
	uint16_t count;
	uint32_t size;
};

/*
 * How long the flash takes, at worst, in the words of the datasheets. Used for
 * deadlines and by the simulated device. An erase of a page of n KiB lasts
 * page_erase_ms + n * erase_ms_per_kib; the whole flash mass_erase_ms +
 * n * mass_ms_per_kib.
 */
struct flash_timing {
	uint32_t program_us;		/* per granule */
	uint16_t page_erase_ms;
	uint16_t erase_ms_per_kib;
	uint16_t mass_erase_ms;
	uint16_t mass_ms_per_kib;
};

/* What a part does that others do not: never an `if` on a product ID. Where
 * the engine can tell from the answers alone, only the simulated device looks
 * at the bit; where nothing passes the wire, only the engine. */
enum dev_quirk {
	DEV_NO_MASS_ERASE = 1 << 0,	/* FFFF is NACKed: page by page */
	DEV_DUAL_BANK = 1 << 1,		/* largest part has two banks */
	DEV_EMPTY_CHECK = 1 << 2,	/* ROM runs when the flash is empty, a
					 * plain reset may not start the app */
	DEV_OBL_LAUNCH = 1 << 3,	/* leave by option byte launch, not by
					 * a system reset */
	DEV_SIZE_IS_CODE = 1 << 4,	/* size register: index into
					 * size_codes, not KiB */
	DEV_SIZE_LOW_BYTE = 1 << 5,	/* only its low 8 bits count */
	DEV_NO_RAM = 1 << 6,		/* the host gets no RAM: no stub */
	DEV_OPTION_REGISTERS = 1 << 7,	/* option_bytes are registers */
	DEV_TRUSTZONE = 1 << 8,		/* TZEN may hide memory */
	DEV_NO_PARITY = 1 << 9,		/* 8N1, not 8E1 */
	DEV_ID_IN_BYTE_3 = 1 << 10,	/* Get ID: mask data first */
	DEV_NO_PERIPHERALS = 1 << 11,	/* registers cannot be read */
	DEV_OTHER_PROTOCOL = 1 << 12,	/* this ROM does not speak AN3155 */
	DEV_READ_AFTER_WRITE_LOSS = 1 << 13, /* a write that follows a read
					 * loses its first 32 bytes */
	DEV_READ_END_HANGS = 1 << 14,	/* a read past the end of the flash
					 * kills the ROM */
	DEV_EXTRA_ACK = 1 << 15,	/* a second ACK after the 7F */
	DEV_ID_ARTERY = 1 << 16,	/* Get ID: 5 bytes, PID in a mixed
					 * order, project ID last */
	DEV_NO_GO = 1 << 17,		/* Go may fail */
	DEV_OPTION_NO_RESET = 1 << 18,	/* no reset after an option write */
	DEV_H7_BANKS = 1 << 19,		/* flash registers per bank */
	DEV_NOT_IN_AN2606 = 1 << 20,	/* row from tools, not from ST's text */
	DEV_BANKS_ADJOIN = 1 << 21,	/* two banks, yet pages are counted on
				 * through both in every size */
	DEV_RISC_V = 1 << 22		/* no Arm core */
};

/*
 * Where the bank mode in effect can be read, and for which sizes of the part
 * the bit is the one that counts.
 */
enum bank_mode_of { BANK_MODE_ANY, BANK_MODE_LARGEST, BANK_MODE_SMALLER };

struct bank_mode {
	uint32_t reg;		/* a word that the ROM lets read; 0: none */
	uint8_t bit;
	bool dual_if_set;
	enum bank_mode_of of;
};

/* Bootloader IDs a defect belongs to (read at bootloader_id); 0 ends. */
struct dev_defect {
	uint8_t ids[4];
	bool bank2_only;
};

#define DEV_NAME 44

/* A copy for the caller; the table itself has a shorter form. */
struct dev {
	uint32_t id;		/* what Get ID says */
	uint16_t debug_id[2];	/* what a debugger reads where that is another
				 * number; 0: none */
	char name[DEV_NAME];
	bool by_name_only;	/* answers with the ID of another row */
	struct range ram;	/* what the ROM leaves to the host */
	uint32_t ram_safe;	/* start for uploaded code where the sources
				 * differ on ram.start; 0: ram.start */
	struct range more_ram[3];
	uint32_t ram_end;	/* by the datasheet, of the RAM from 0x20000000
				 * on: a stack may begin there, wherever the
				 * ROM's range ends */
	uint32_t axi_end;	/* the same, from 0x24000000 on; 0: there is
				 * none */
	struct range flash;	/* of the largest part */
	const struct page_run *pages;	/* default bank mode */
	const struct page_run *pages_single, *pages_dual; /* the other bank
				 * mode, NULL if there is none */
	struct bank_mode bank_mode;
	uint8_t wrp_pages;	/* pages per write protection unit, 0: ? */
	struct range option_bytes[3];
	struct range system_memory[2];
	struct range eeprom;
	uint8_t granule;	/* bytes programmed at once; a granule can be
				 * programmed only when erased */
	uint8_t write_align;	/* writes are aligned and padded to this */
	uint8_t erased;		/* value of an erased byte: FF, or 00 */
	uint32_t size_reg;	/* flash size in KiB, 16 bits; 0: none */
	uint16_t size_codes[2];	/* KiB, for DEV_SIZE_IS_CODE */
	uint32_t uid_reg;	/* unique ID; 0: not known */
	uint32_t bootloader_id;	/* address of the ROM's version byte; 0: ? */
	uint8_t erase_command;	/* 0x43 or 0x44; the Get list wins; 0: ? */
	uint8_t i2c_address[2];	/* 0: none */
	int8_t i2c_no_stretch;	/* 1 yes, 0 no or no I2C, -1 by version */
	uint32_t empty_reg;	/* flag "flash was empty" sampled at reset; */
	uint8_t empty_bit;	/* 0 in empty_reg: none known */
	uint8_t uart_version;	/* protocol version the newest ROM reports, */
	uint8_t i2c_version;	/* 0: not known */
	uint16_t max_transfer;	/* largest data block; 0: 256 */
	uint8_t access_id_command;	/* sent before the first command; 0 */
	uint8_t get_id_command;	/* other opcode for the ID; 0: 02 */
	uint8_t listed_command;	/* opcode of unknown meaning that Get lists */
	struct dev_defect erase_one_page;	/* multi-page erase broken */
	struct dev_defect erase_busy;	/* ACKs a bank 2 erase too early */
	struct dev_defect no_bank_erase;
	struct dev_defect no_stretch_erase;	/* stretches in it anyway */
	uint32_t quirks;	/* enum dev_quirk */
	const struct flash_timing *timing;
};

/* Where these return false, what *dev holds is of no use. */

/* The row of a product ID. Never a row that is by_name_only. */
bool dev_find(uint32_t id, struct dev *dev);

/*
 * The rows that text may mean. An ID is written 0x410; ST's debug IDs are
 * found too. A name is a row's whole name or a part name, with or without
 * "STM32", in any case: F407, STM32F407VG, F40xxx; 'x' on either side stands
 * for any character, and text may stop early or go on behind the end of the
 * name. The row with the most characters in common is the one meant. Two
 * equally good ones: it is not clear, and all that match are candidates.
 *
 * Returns how many rows there are, 1 if it is clear; the first max of them
 * are put to found.
 */
size_t dev_match_text(const char *text, struct dev *found, size_t max);

/* The one row that text means; false if there is none or it is not clear. */
bool dev_find_text(const char *text, struct dev *dev);

/* Row i of the table, false behind the last: for listing and for tests. */
bool dev_at(size_t i, struct dev *dev);

#endif
