/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about parts, as const rows: what the ROM of each product supports and
 * how its flash behaves. Facts only; part.h derives the consequences.
 * Ranges are half-open everywhere: end is the first address after the range.
 */
#ifndef DEV_TABLE_H
#define DEV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint32_t start, end;	/* start == end: no such range */
};

/* count pages of size bytes each. A layout is a list of runs that ends with
 * count 0. */
struct page_run {
	uint16_t count;
	uint32_t size;
};

/*
 * Worst-case flash times, as datasheets specify them. Used for deadlines and
 * by the simulated device. Erasing a page of n KiB takes page_erase_ms + n *
 * erase_ms_per_kib; erasing n KiB of flash takes mass_erase_ms + n *
 * mass_ms_per_kib.
 */
struct flash_timing {
	uint32_t program_us;		/* per granule */
	uint16_t page_erase_ms;
	uint16_t erase_ms_per_kib;
	uint16_t mass_erase_ms;
	uint16_t mass_ms_per_kib;
};

/* Differences of single parts; the code tests these bits, never a product ID.
 * If the answers alone show the difference, only the simulated device uses the
 * bit; if nothing on the wire shows it, only the engine does. */
enum dev_quirk {
	DEV_NO_MASS_ERASE = 1 << 0,	/* mass erase code FFFF gets a NACK:
					 * erase page by page */
	DEV_DUAL_BANK = 1 << 1,		/* the largest part has two banks */
	DEV_EMPTY_CHECK = 1 << 2,	/* the ROM also starts when the flash
					 * is empty; a plain reset may not
					 * start the app */
	DEV_OBL_LAUNCH = 1 << 3,	/* leave by an option byte launch, not
					 * by a system reset */
	DEV_SIZE_IS_CODE = 1 << 4,	/* size register holds an index into
					 * size_codes, not KiB */
	DEV_SIZE_LOW_BYTE = 1 << 5,	/* only the low 8 bits of the size
					 * register count */
	DEV_NO_RAM = 1 << 6,		/* the ROM offers no RAM to the host:
					 * no stub */
	DEV_OPTION_REGISTERS = 1 << 7,	/* option_bytes are registers */
	DEV_TRUSTZONE = 1 << 8,		/* TZEN may hide memory */
	DEV_NO_PARITY = 1 << 9,		/* 8N1, not 8E1 */
	DEV_ID_IN_BYTE_3 = 1 << 10,	/* Get ID: the mask data comes first */
	DEV_NO_PERIPHERALS = 1 << 11,	/* peripheral registers cannot be
					 * read */
	DEV_OTHER_PROTOCOL = 1 << 12,	/* the ROM does not implement AN3155 */
	DEV_READ_AFTER_WRITE_LOSS = 1 << 13, /* a write right after a read
					      * loses its first 32 bytes */
	DEV_READ_END_HANGS = 1 << 14,	/* a read past the end of the flash
					 * stops the ROM */
	DEV_EXTRA_ACK = 1 << 15,	/* a second ACK after the 7F */
	DEV_ID_ARTERY = 1 << 16,	/* Get ID: 5 bytes, PID bytes
					 * reordered, project ID last */
	DEV_NO_GO = 1 << 17,		/* Go may fail */
	DEV_OPTION_NO_RESET = 1 << 18,	/* no reset after writing option
					 * bytes */
	DEV_H7_BANKS = 1 << 19,		/* separate flash registers for each
					 * bank */
	DEV_NOT_IN_AN2606 = 1 << 20,	/* row from tools, not from an ST
					 * document */
	DEV_BANKS_ADJOIN = 1 << 21,	/* two banks, but page numbers
					 * continue from bank 1 to bank 2 in
					 * every size */
	DEV_RISC_V = 1 << 22		/* no Arm core */
};

/*
 * Where the bank mode in effect can be read, and for which flash sizes the bit
 * is valid.
 */
enum bank_mode_of { BANK_MODE_ANY, BANK_MODE_LARGEST, BANK_MODE_SMALLER };

struct bank_mode {
	uint32_t reg;		/* a word that the ROM lets the host read;
				 * 0: none */
	uint8_t bit;
	bool dual_if_set;
	enum bank_mode_of of;
};

/* Bootloader IDs that have a defect (the ID is read at bootloader_id); 0 ends
 * the list. */
struct dev_defect {
	uint8_t ids[4];
	bool bank2_only;
};

#define DEV_NAME 44

/* The caller's copy of a row; the table itself stores a shorter form. */
struct dev {
	uint32_t id;		/* as returned by Get ID */
	uint16_t debug_id[2];	/* ID that a debugger reads, if it differs;
				 * 0: none */
	char name[DEV_NAME];
	bool by_name_only;	/* returns the ID of another row */
	struct range ram;	/* RAM that the ROM leaves to the host */
	uint32_t ram_safe;	/* start for uploaded code if the sources
				 * disagree on ram.start; 0: ram.start */
	struct range more_ram[3];
	uint32_t ram_end;	/* end of the RAM from 0x20000000 on, by the
				 * datasheet. A stack may begin there, even if
				 * the ROM's range ends earlier */
	uint32_t axi_end;	/* the same for the RAM from 0x24000000 on;
				 * 0: none */
	struct range flash;	/* of the largest part */
	const struct page_run *pages;	/* in the default bank mode */
	const struct page_run *pages_single, *pages_dual; /* in the other bank
							   * mode; NULL: none */
	struct bank_mode bank_mode;
	uint8_t wrp_pages;	/* pages per write protection unit;
				 * 0: unknown */
	struct range option_bytes[3];
	struct range system_memory[2];
	struct range eeprom;
	uint8_t granule;	/* bytes programmed at once; a granule must be
				 * erased before it is programmed */
	uint8_t write_align;	/* writes are aligned and padded to this many
				 * bytes */
	uint8_t erased;		/* value of an erased byte: 0xFF or 0x00 */
	uint32_t size_reg;	/* address of the flash size in KiB, 16 bits;
				 * 0: none */
	uint16_t size_codes[2];	/* KiB, for DEV_SIZE_IS_CODE */
	uint32_t uid_reg;	/* address of the unique ID; 0: unknown */
	uint32_t bootloader_id;	/* address of the ROM's version byte;
				 * 0: unknown */
	uint8_t erase_command;	/* 0x43 or 0x44; the reply to Get takes
				 * precedence; 0: unknown */
	uint8_t i2c_address[2];	/* 7-bit; 0: none */
	int8_t i2c_no_stretch;	/* 1 yes, 0 no or no I2C, -1 depends on the
				 * version */
	uint32_t empty_reg;	/* address of the flag "flash was empty",
				 * sampled at reset; 0: none known */
	uint8_t empty_bit;	/* its bit */
	uint8_t uart_version;	/* protocol version of the newest ROM;
				 * 0: unknown */
	uint8_t i2c_version;	/* the same for I2C */
	uint16_t max_transfer;	/* largest data block in bytes; 0: 256 */
	uint8_t access_id_command;	/* sent before the first command;
					 * 0: none */
	uint8_t get_id_command;	/* opcode of Get ID if not 02; 0: 02 */
	uint8_t listed_command;	/* undocumented opcode that Get lists */
	struct dev_defect erase_one_page;	/* erasing several pages at
						 * once fails */
	struct dev_defect erase_busy;	/* ACKs an erase in bank 2 too early */
	struct dev_defect no_bank_erase;
	struct dev_defect no_stretch_erase;	/* stretches the clock even in
						 * the no-stretch erase */
	uint32_t quirks;	/* enum dev_quirk */
	const struct flash_timing *timing;
};

/* If these return false, the contents of *dev are undefined. */

/* Finds the row of a product ID; never a row that is by_name_only. */
bool dev_find(uint32_t id, struct dev *dev);

/*
 * Finds the rows that text may mean. text is one of:
 * - an ID in hex, such as 0x410; ST's debug IDs too
 * - a row's whole name
 * - a part name, with or without "STM32", in any case: F407, STM32F407VG,
 *   F40xxx. An 'x' on either side matches any character, and text may be
 *   shorter or longer than the name.
 *
 * The row with the most characters in common wins. If two rows are equally
 * good, the text is ambiguous, and all rows that match are candidates.
 *
 * Returns the number of candidates, 1 if text is unambiguous; stores the first
 * max of them in found.
 */
size_t dev_match_text(const char *text, struct dev *found, size_t max);

/* Finds the one row that text means; false if none matches or text is
 * ambiguous. */
bool dev_find_text(const char *text, struct dev *dev);

/* Returns row i of the table, false after the last one; for lists and tests. */
bool dev_at(size_t i, struct dev *dev);

#endif
