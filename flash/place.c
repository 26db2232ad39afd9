/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

/* No write goes beyond this address: its rounded end would exceed 32 bits. */
#define TOP 0xFFFFFF00u
#define MOST_RANGES 4	/* ranges that a message lists */

bool target_is_limited(const struct target *target)
{
	return target->has_address || target->has_first_page;
}

static void explain_unknown(const struct part *part, struct problem *why)
{
	problem_set(why, "product ID 0x%03" PRIx32 " is not known, so its "
		    "flash is not known either; give the range (-S "
		    "address:length) or the part it resembles (--device)",
		    part->id);
}

static bool range_of_address(const struct target *target,
			     const struct part *part, struct range *range,
			     struct problem *why)
{
	struct range bounds;
	enum area area = part_area(part, target->address, &bounds);

	range->start = target->address;
	range->end = target->address + target->len;
	if (part_is_behind(part, target->address)) {
		problem_set(why, "-S 0x%08" PRIx32 ": the flash of this chip "
			    "ends at 0x%08" PRIx32 ", as its size register "
			    "says", target->address, part->flash.end);
		return false;
	}
	if (area == AREA_UNKNOWN && !target->has_len) {
		problem_set(why, "-S 0x%08" PRIx32 ": outside the known memory "
			    "of this part; give a length (-S address:length) "
			    "to use it anyway", target->address);
		return false;
	}
	if (area == AREA_UNKNOWN) {
		if (!part_area_begins(part, range->start, range->end))
			return true;
		problem_set(why, "-S 0x%08" PRIx32 ":%" PRIu32 ": begins "
			    "outside the known memory of this part and "
			    "reaches into it", target->address,
			    target->len);
		return false;
	}
	if (!target->has_len)
		range->end = bounds.end;
	if (range->end <= bounds.end)
		return true;
	problem_set(why, "-S 0x%08" PRIx32 ":%" PRIu32 ": the %s of this part "
		    "ends at 0x%08" PRIx32, target->address, target->len,
		    area_name(area), bounds.end);
	return false;
}

static bool range_of_pages(const struct target *target,
			   const struct part *part, struct range *range,
			   struct problem *why)
{
	uint32_t pages = part_page_count(part);
	uint32_t count = target->has_page_count && target->page_count != 0
		       ? target->page_count : pages - target->first_page;
	struct page first, last;

	if (pages == 0) {
		part_explain_no_pages(part, why);
		return false;
	}
	if (target->first_page >= pages || count > pages - target->first_page) {
		problem_set(why, "this part has pages 0 to %" PRIu32 "; -s and "
			    "-e exceed them", pages - 1);
		return false;
	}
	part_page_at(part, target->first_page, &first);
	part_page_at(part, target->first_page + count - 1, &last);
	*range = (struct range){ first.start, last.end };
	return true;
}

bool place_range(const struct target *target, const struct part *part,
		 struct range *range, struct problem *why)
{
	if (target->has_address)
		return range_of_address(target, part, range, why);
	if (target->has_first_page || target->has_page_count)
		return range_of_pages(target, part, range, why);
	*range = part->flash;
	if (range->start < range->end)
		return true;
	explain_unknown(part, why);
	return false;
}

/* Finds the start address of a raw binary, and the room for it. */
static bool place_binary(struct image *image, const struct target *target,
			 const struct part *part, bool *asked,
			 struct problem *why)
{
	struct target all = *target;
	struct range range;
	size_t len = image_bytes(image);

	*asked = true;
	all.has_page_count = false;	/* -e erases, but does not limit the
					 * write */
	if (all.has_address && !all.has_len &&
	    part_area(part, all.address, NULL) == AREA_UNKNOWN) {
		*asked = false;
		all.has_len = true;
		all.len = len <= UINT32_MAX - all.address ? (uint32_t)len : 0;
		if (all.len == 0) {
			problem_set(why, "the file is too big: it ends after "
				    "the last address, 0xffffffff");
			return false;
		}
	}
	*asked = true;
	if (!place_range(&all, part, &range, why))
		return false;
	*asked = false;
	if (len > range.end - range.start) {
		problem_set(why, "the file is too big: %zu bytes, and there is "
			    "room for %" PRIu32 " at 0x%08" PRIx32, len,
			    range.end - range.start, range.start);
		return false;
	}
	return image_move(image, range.start);
}

/* Linkers for memory that is remapped at run time use addresses from 0 on. */
static void place_zero_based(struct image *image, const struct part *part,
			     struct problem *notice)
{
	uint32_t len = part->flash.end - part->flash.start;

	if (image_start(image) != 0 || image_end(image) > len ||
	    part_area(part, 0, NULL) != AREA_UNKNOWN)
		return;
	image_move(image, part->flash.start);
	problem_set(notice, "the file begins at address 0; writing it to the "
		    "flash start, 0x%08" PRIx32, part->flash.start);
}

static bool limit_to_range(struct image **image, const struct target *target,
			   const struct part *part, struct problem *notice,
			   bool *asked, struct problem *why)
{
	struct target all = *target;
	struct image *slice;
	struct range range;

	*asked = true;
	all.has_page_count = false;
	if (!target_is_limited(target))
		return true;
	if (!place_range(&all, part, &range, why))
		return false;
	*asked = false;
	slice = image_slice(*image, range.start, range.end);
	if (slice == NULL) {
		problem_set(why, "out of memory");
		return false;
	}
	if (image_bytes(slice) == 0) {
		problem_set(why, "the file has no data between 0x%08" PRIx32 " "
			    "and 0x%08" PRIx32 "; its first byte is at 0x%08"
			    PRIx32, range.start, range.end,
			    image_start(*image));
		image_free(slice);
		return false;
	}
	if (image_bytes(slice) < image_bytes(*image))
		problem_set(notice, "%zu bytes of the file lie outside 0x%08"
			    PRIx32 "-0x%08" PRIx32 " and are not written",
			    image_bytes(*image) - image_bytes(slice),
			    range.start, range.end);
	image_free(*image);
	*image = slice;
	return true;
}

static bool ends_in(uint32_t start, uint32_t end, uint32_t address)
{
	return address > start && address <= end;
}

/* True if a stack may begin here, by the datasheets. Includes RAM that the ROM
 * uses or does not serve, core-coupled memory, and the SRAMs of an H7's other
 * domains. */
static bool in_some_ram(const struct part *part, uint32_t address)
{
	const struct range *more = part->dev.more_ram;
	size_t i;

	for (i = 0; i < ARRAY_LEN(part->dev.more_ram); i++)
		if (ends_in(more[i].start, more[i].end, address))
			return true;
	return ends_in(0x20000000, part->dev.ram_end, address) ||
	       ends_in(0x24000000, part->dev.axi_end, address) ||
	       ends_in(0x10000000, 0x10020000, address) ||
	       (part->dev.axi_end != 0 &&
		(ends_in(0x30000000, 0x30048000, address) ||
		 ends_in(0x38000000, 0x38010000, address)));
}

/* Returns a hint about an address that this part does not have. */
static const char *hint_of(const struct part *part, uint32_t address)
{
	if (in_some_ram(part, address + 1))
		return " (RAM of the bootloader)";
	if (address >= 0x60000000 && address < 0xA0000000)
		return " (external memory)";
	if (address >= 0xC0000000 && address < 0xE0000000)
		return " (external memory)";
	if (address >= 0x10000000 && address < 0x18000000)
		return " (flash of an RP2040)";
	return "";
}

static bool is_nowhere(const struct segment *segment, const struct part *part)
{
	return part_area(part, segment->start, NULL) == AREA_UNKNOWN;
}

/* Lists every range outside this part, and how to leave it out. */
static void explain_nowhere(const struct image *image, const struct part *part,
			    struct problem *why)
{
	uint32_t len = range_len(&part->flash);
	size_t in_flash = image_covers(image, part->flash.start, len), i;
	unsigned shown = 0, more = 0;
	char text[80];

	problem_set(why, "the file has data outside the known memory of this "
		    "part: ");
	for (i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		if (!is_nowhere(s, part))
			continue;
		if (shown == MOST_RANGES) {
			more++;
			continue;
		}
		snprintf(text, sizeof(text), "%s0x%08" PRIx32 "-0x%08" PRIx64
			 "%s", shown++ > 0 ? ", " : "", s->start,
			 (uint64_t)s->start + s->len, hint_of(part, s->start));
		problem_append(why, "%s", text);
	}
	if (more > 0)
		problem_append(why, " and %u more", more);
	if (in_flash > 0)
		problem_append(why, "; -S 0x%08" PRIx32 ":%" PRIu32 " selects "
			       "only the flash, %zu bytes", part->flash.start,
			       len, in_flash);
	else
		problem_append(why, "; the file may be for another part");
}

static bool check_segment(const struct image *image, size_t i,
			  const struct target *target, const struct part *part,
			  struct problem *why)
{
	const struct segment *segment = &image->segments[i];
	uint64_t end = (uint64_t)segment->start + segment->len;
	struct range bounds;
	enum area area = part_area(part, segment->start, &bounds);

	if (area == AREA_OPTION_BYTES && !target->has_address) {
		problem_set(why, "the file has option bytes at 0x%08" PRIx32
			    "; to write them, give their range: -S 0x%08" PRIx32
			    ":%" PRIu32, segment->start, bounds.start,
			    bounds.end - bounds.start);
		return false;
	}
	/* A ROM may send an ACK for such a write, but store nothing. */
	if (area == AREA_SYSTEM_MEMORY) {
		problem_set(why, "0x%08" PRIx32 " is in system memory, which "
			    "cannot be written", segment->start);
		return false;
	}
	if (end > TOP) {
		problem_set(why, "the file is too big: it ends at the last "
			    "address, 0xffffffff");
		return false;
	}
	if (area == AREA_UNKNOWN && target->has_address)
		return true;
	if (area == AREA_UNKNOWN) {
		if (part->known)
			explain_nowhere(image, part, why);
		else
			explain_unknown(part, why);
		return false;
	}
	if (end <= bounds.end)
		return true;
	problem_set(why, "the file is too big: it reaches to 0x%08" PRIx64
		    ", but the %s of this part ends at 0x%08" PRIx32, end,
		    area_name(area), bounds.end);
	return false;
}

/* Checks what the file itself says about its target part. */
static bool check_made_for(const struct image *image, const struct part *part,
			   struct problem *why)
{
	bool riscv = part_has(part, DEV_RISC_V);

	if (!part->known)
		return true;
	if (image->cpu != CPU_ANY && (image->cpu == CPU_RISCV) != riscv) {
		problem_set(why, "the file is for %s, but this part, %s, has "
			    "an %s core; check the file, or name the part "
			    "(--device)",
			    riscv ? "ARM" : "RISC-V", part->dev.name,
			    riscv ? "RISC-V" : "Arm");
		return false;
	}
	if (image->family == NULL ||
	    strstr(part->dev.name, image->family) != NULL)
		return true;
	problem_set(why, "the file is for %s, but this part is %s; check the "
		    "file, or name the part (--device)", image->family,
		    part->dev.name);
	return false;
}

bool place_origin(struct image *image, const struct target *target,
		  const struct part *part, struct problem *notice,
		  bool *asked, struct problem *why)
{
	*asked = false;
	if (!check_made_for(image, part, why))
		return false;
	if (!image->has_addresses) {
		if (!place_binary(image, target, part, asked, why))
			return false;
		image->has_addresses = true;
		return true;
	}
	place_zero_based(image, part, notice);
	return true;
}

bool place_image(struct image **image, const struct target *target,
		 const struct part *part, struct problem *notice,
		 bool *asked, struct problem *why)
{
	bool raw = !(*image)->has_addresses;
	size_t i;

	if (!place_origin(*image, target, part, notice, asked, why) ||
	    (!raw && !limit_to_range(image, target, part, notice, asked, why)))
		return false;
	*asked = false;
	for (i = 0; i < (*image)->count; i++)
		if (!check_segment(*image, i, target, part, why))
			return false;
	return true;
}

bool place_knows_vectors(const struct part *part)
{
	return part->known && part->dev.ram.end != 0 &&
	       !part_has(part, DEV_RISC_V);
}

/* Checks the stack and the reset handler, as a Cortex-M uses them. */
static bool check_words(const uint8_t words[static 8], const struct part *part,
			uint32_t *reset, struct problem *odd)
{
	uint32_t stack = get_le32(words);

	*reset = get_le32(words + 4);
	/* linked for the alias of the flash at 0 */
	if (*reset < range_len(&part->flash))
		*reset += part->flash.start;
	if (!in_some_ram(part, stack))
		problem_append(odd, "the stack 0x%08" PRIx32 " is not in RAM",
			       stack);
	else if (!(*reset & 1))
		problem_append(odd, "the reset handler 0x%08" PRIx32 " is even",
			       *reset);
	else
		return true;
	return false;
}

bool place_check_start(const uint8_t words[static 8], uint32_t address,
		       const struct part *part, struct problem *odd)
{
	uint32_t reset;

	problem_set(odd, "-g 0x%08" PRIx32 ": no program can start there: ",
		    address);
	if (!check_words(words, part, &reset, odd))
		return false;
	if (part_area(part, reset & ~1u, NULL) != AREA_UNKNOWN) {
		odd->text[0] = '\0';
		return true;
	}
	problem_append(odd, "the reset handler 0x%08" PRIx32 " is not in "
		       "memory of this part", reset);
	return false;
}

bool place_check_vectors(const struct image *image, const struct part *part,
			 struct problem *odd)
{
	uint8_t words[8];
	uint32_t reset;

	if (!place_knows_vectors(part) ||
	    image_copy(image, part->flash.start, words, sizeof(words), 0) !=
	    sizeof(words))
		return true;
	problem_set(odd, "the image does not begin like a vector table: ");
	if (!check_words(words, part, &reset, odd))
		return false;
	if (image_covers(image, reset & ~1u, 2) != 0) {
		odd->text[0] = '\0';
		return true;
	}
	problem_append(odd, "the reset handler 0x%08" PRIx32 " is not in the "
		       "image", reset);
	return false;
}

bool place_check_ram(const struct image *image, const struct part *part,
		     struct problem *odd)
{
	size_t i;

	if (image_covers(image, part->flash.start,
			 range_len(&part->flash)) == 0)
		return true;
	for (i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		if (part_area(part, s->start, NULL) != AREA_RAM)
			continue;
		problem_set(odd, "the %zu bytes at 0x%08" PRIx32 " go to RAM "
			    "and are lost at a reset; initial data belongs in "
			    "the flash (AT> in a linker script)", s->len,
			    s->start);
		return false;
	}
	return true;
}
