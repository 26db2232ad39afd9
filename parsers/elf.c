/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF32, little endian, a linked program for ARM or RISC-V. The program
 * headers define what is loaded: all bytes that each loaded segment has in the
 * file, at its physical address. Sections only show where the useful part of a
 * segment begins: a linker may include the file's headers in the first
 * segment, at an address below the flash. A section belongs to a segment by
 * its position in the file; its address is the run-time address, which armlink
 * (Keil) puts outside the segment for initial data.
 */
#include <inttypes.h>
#include <string.h>

#include "parsers/image.h"
#include "parsers/build.h"
#include "parsers/parser.h"
#include "problem.h"
#include "utils.h"

/* Sizes and values of the System V ABI, "Object Files". */
#define HEADER_LEN 52
#define SEGMENT_LEN 32
#define SECTION_LEN 40
#define CLASS_32 1
#define CLASS_64 2
#define DATA_LITTLE 1
#define DATA_BIG 2
#define TYPE_PROGRAM 2
#define MACHINE_ARM 40
#define MACHINE_RISCV 243
#define SEGMENT_LOAD 1
#define SECTION_NULL 0
#define SECTION_NO_BITS 8
#define SECTION_ALLOC 2		/* flag: has memory in the running program */

/* A table of entries of equal size, entirely inside the file. */
struct table {
	const uint8_t *at;
	unsigned count;
};

struct elf {
	const uint8_t *file;
	size_t len;
	struct table segments, sections;
	uint64_t loaded;	/* bytes so far */
	struct build build;
};

struct elf_segment {
	uint32_t type, offset, paddr, filesz;
};

struct elf_section {
	uint32_t type, flags, offset, size;
};

static bool elf_matches(const uint8_t *head, size_t len)
{
	return len >= 4 && memcmp(head, "\177ELF", 4) == 0;
}

static const char *machine_name(unsigned machine)
{
	static const struct { uint8_t machine; char name[12]; } names[] = {
		{ 0, "no machine" }, { 3, "x86" }, { 8, "MIPS" }, { 20, "PowerPC" },
		{ 62, "x86-64" }, { 83, "AVR" }, { 94, "Xtensa" },
		{ 105, "MSP430" }, { 183, "AArch64" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].machine == machine)
			return names[i].name;
	}
	return "another machine";
}

static enum parser_err check_machine(const struct elf *elf)
{
	unsigned class = elf->file[4], data = elf->file[5];
	unsigned machine = get_le16(elf->file + 18);
	struct problem *why = elf->build.why;

	if (data != DATA_LITTLE)
		problem_set(why, "an ELF file of %s byte order; an STM32 is "
			    "little-endian", data == DATA_BIG ? "big-endian" :
			    "unknown");
	else if (machine != MACHINE_ARM && machine != MACHINE_RISCV)
		problem_set(why, "an ELF file for %s (%u), not for ARM (%u)"
			    " or RISC-V (%u)", machine_name(machine), machine,
			    MACHINE_ARM, MACHINE_RISCV);
	else if (class != CLASS_32)
		problem_set(why, "an ELF file of %s; an STM32 has 32 bits",
			    class == CLASS_64 ? "64 bits" : "unknown class");
	else
		return PARSER_OK;
	return PARSER_REFUSED;
}

static enum parser_err check_type(const struct elf *elf)
{
	static const char *const kinds[] = {
		"a file of no type", "an object file, not linked yet", NULL,
		"a shared object", "a core dump"
	};
	unsigned type = get_le16(elf->file + 16);

	if (type == TYPE_PROGRAM)
		return PARSER_OK;
	problem_set(elf->build.why, "ELF type %u, %s; only a linked program "
		    "can be written", type, type < ARRAY_LEN(kinds) ?
		    kinds[type] : "an unknown kind");
	return PARSER_REFUSED;
}

/* Checks that the file contains this range. */
static enum parser_err check_inside(const struct elf *elf, const char *what,
				    uint64_t offset, uint64_t len)
{
	if (offset + len <= elf->len)
		return PARSER_OK;
	problem_set(elf->build.why, "the file is cut short at byte %" PRIu64
		    ": %s would end at %" PRIu64, (uint64_t)elf->len, what,
		    offset + len);
	return PARSER_DAMAGED;
}

static enum parser_err get_table(const struct elf *elf, const char *what,
				 uint32_t offset, size_t counts, unsigned entry,
				 struct table *table)
{
	unsigned entry_len = get_le16(elf->file + counts);
	unsigned count = get_le16(elf->file + counts + 2);
	enum parser_err err;

	if (offset == 0 || count == 0)
		return PARSER_OK;
	if (entry_len != entry) {
		problem_set(elf->build.why, "%s: expected %u bytes each, read "
			    "%u", what, entry, entry_len);
		return PARSER_DAMAGED;
	}
	err = check_inside(elf, what, offset, (uint64_t)count * entry);
	if (err != PARSER_OK)
		return err;
	table->at = elf->file + offset;
	table->count = count;
	return PARSER_OK;
}

static enum parser_err read_header(struct elf *elf)
{
	enum parser_err err;

	if (!elf_matches(elf->file, elf->len)) {
		problem_set(elf->build.why, "not an ELF file, though its name "
			    "says so; -f takes any file as raw data");
		return PARSER_DAMAGED;
	}
	err = check_inside(elf, "the ELF header", 0, HEADER_LEN);
	if (err == PARSER_OK)
		err = check_machine(elf);
	if (err == PARSER_OK)
		err = check_type(elf);
	if (err == PARSER_OK)
		err = get_table(elf, "program headers", get_le32(elf->file + 28),
				42, SEGMENT_LEN, &elf->segments);
	if (err == PARSER_OK)
		err = get_table(elf, "section headers", get_le32(elf->file + 32),
				46, SECTION_LEN, &elf->sections);
	return err;
}

static struct elf_segment get_segment(const struct elf *elf, unsigned i)
{
	const uint8_t *p = elf->segments.at + (size_t)i * SEGMENT_LEN;

	return (struct elf_segment){
		.type = get_le32(p),
		.offset = get_le32(p + 4),
		.paddr = get_le32(p + 12),
		.filesz = get_le32(p + 16),
	};
}

static struct elf_section get_section(const struct elf *elf, unsigned i)
{
	const uint8_t *p = elf->sections.at + (size_t)i * SECTION_LEN;

	return (struct elf_section){
		.type = get_le32(p + 4),
		.flags = get_le32(p + 8),
		.offset = get_le32(p + 16),
		.size = get_le32(p + 20),
	};
}

/* Segments share no bytes of the file, so the loaded bytes never exceed the
 * file: the image does not outgrow it. */
static enum parser_err load(struct elf *elf, uint64_t address, uint32_t offset,
			    uint32_t len, unsigned place)
{
	struct build *build = &elf->build;

	elf->loaded += len;
	if (elf->loaded > elf->len) {
		problem_set(build->why, "%s%u: overlaps another one in the "
			    "file", build->prefix, place);
		return PARSER_DAMAGED;
	}
	if (address > UINT32_MAX) {
		problem_set(build->why, "%s%u: begins past the last address, "
			    "0xffffffff", build->prefix, place);
		return PARSER_DAMAGED;
	}
	return build_add(build, (uint32_t)address, elf->file + offset, len,
			 place);
}

static bool is_loaded(const struct elf_section *section)
{
	return (section->flags & SECTION_ALLOC) != 0 && section->size > 0 &&
	       section->type != SECTION_NULL &&
	       section->type != SECTION_NO_BITS;
}

static enum parser_err check_sections(const struct elf *elf)
{
	enum parser_err err = PARSER_OK;
	unsigned i;

	for (i = 0; i < elf->sections.count && err == PARSER_OK; i++) {
		struct elf_section section = get_section(elf, i);

		if (is_loaded(&section))
			err = check_inside(elf, "a section", section.offset,
					   section.size);
	}
	return err;
}

/* Returns the offset after the headers at the start of the file. */
static uint64_t headers_end(const struct elf *elf)
{
	uint64_t table = (uint64_t)(elf->segments.at - elf->file);
	uint64_t end = table + (uint64_t)elf->segments.count * SEGMENT_LEN;

	return table == HEADER_LEN ? end : HEADER_LEN;
}

/* Returns how many bytes of a segment not to load: those before its first
 * section. For a segment without sections, if others have some, the headers. */
static uint32_t useless_bytes(const struct elf *elf,
			      const struct elf_segment *segment)
{
	uint32_t first = segment->filesz, at;
	bool any = false;
	unsigned i;

	for (i = 0; i < elf->sections.count; i++) {
		struct elf_section section = get_section(elf, i);

		if (!is_loaded(&section))
			continue;
		any = true;
		at = section.offset - segment->offset;
		if (section.offset >= segment->offset && at < first)
			first = at;
	}
	if (first < segment->filesz)
		return first;
	if (!any || segment->offset >= headers_end(elf))
		return 0;
	at = (uint32_t)(headers_end(elf) - segment->offset);
	return at < segment->filesz ? at : segment->filesz;
}

static enum parser_err load_segments(struct elf *elf)
{
	enum parser_err err = PARSER_OK;
	uint32_t skip;
	unsigned i;

	for (i = 0; i < elf->segments.count && err == PARSER_OK; i++) {
		struct elf_segment segment = get_segment(elf, i);

		if (segment.type != SEGMENT_LOAD || segment.filesz == 0)
			continue;
		err = check_inside(elf, "a segment", segment.offset,
				   segment.filesz);
		if (err != PARSER_OK)
			break;
		skip = useless_bytes(elf, &segment);
		err = load(elf, (uint64_t)segment.paddr + skip,
			   segment.offset + skip, segment.filesz - skip, i);
	}
	return err;
}

static enum parser_err load_all(struct elf *elf)
{
	enum parser_err err = read_header(elf);

	if (err != PARSER_OK)
		return err;
	if (elf->segments.count == 0) {
		problem_set(elf->build.why, "an ELF file without program "
			    "headers; it contains nothing to load");
		return PARSER_DAMAGED;
	}
	elf->build.image->cpu = get_le16(elf->file + 18) == MACHINE_ARM
			      ? CPU_ARM : CPU_RISCV;
	err = check_sections(elf);
	return err == PARSER_OK ? load_segments(elf) : err;
}

static enum parser_err elf_decode(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why)
{
	struct elf elf = { .file = text, .len = len,
			   .build = { .unit = "segment ", .prefix = "segment ",
				      .why = why } };
	enum parser_err err = build_begin(&elf.build);

	if (err == PARSER_OK)
		err = load_all(&elf);
	return build_end(&elf.build, err, out);
}

const struct parser parser_elf = {
	.name = "ELF",
	.suffixes = "elf axf",
	.matches = elf_matches,
	.decode = elf_decode,
};
