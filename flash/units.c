/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/units.h"

#include <inttypes.h>
#include <string.h>

/* AN3155 says "sectors". Recordings of two ROMs of such parts show that Write
 * Protect takes units; the other parts also have one bit for each unit. */
static bool takes_units(enum option_form form)
{
	return form == OPTION_PAIRS || form == OPTION_PLAIN ||
	       form == OPTION_HALVES;
}

/* Suggests another way, by the name of the first field. */
static void explain_unknown(const struct part *part, struct problem *why)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(part->dev.id, fields), i;

	problem_set(why, "--write-protect: the page numbering of this "
		    "bootloader's Write Protect is not known");
	for (i = 0; i < count; i++)
		if (strstr(fields[i].name, "WRP") != NULL) {
			problem_append(why, "; use --set with %s and similar "
				       "names", fields[i].name);
			break;
		}
}

bool units_of(const struct part *part, struct units *units,
	      struct problem *why)
{
	struct option_field fields[OPTION_FIELDS];
	enum option_form form = option_form(part->dev.id);
	size_t n = option_protection(part->dev.id, fields), i;
	uint32_t pages = part_page_count(part), bits = 0;
	struct page last;

	*units = (struct units){ 0, part->dev.wrp_pages };
	for (i = 0; i < n; i++)
		bits += fields[i].width;
	if (!takes_units(form) || bits == 0 || units->pages == 0) {
		explain_unknown(part, why);
		return false;
	}
	if (!part_page_at(part, pages - 1, &last)) {
		part_explain_no_pages(part, why);
		return false;
	}
	units->count = (pages + units->pages - 1) / units->pages;
	if (units->count > bits && form == OPTION_PAIRS)
		units->count = bits;
	if (units->count <= bits && part_page_sure(part, &last))
		return true;
	explain_unknown(part, why);
	return false;
}

struct range units_range(const struct part *part, const struct units *units,
			 uint32_t first, uint32_t count)
{
	uint32_t pages = part_page_count(part);
	uint32_t end = first + count < units->count
		     ? (first + count) * units->pages : pages;
	struct page from, to;

	if (end > pages)
		end = pages;
	if (!part_page_at(part, first * units->pages, &from) ||
	    !part_page_at(part, end - 1, &to))
		return (struct range){ 0, 0 };
	return (struct range){ from.start, to.end };
}

bool units_protected(struct option_bytes *ob, const struct units *units,
		     bool out[UNITS_MOST])
{
	struct option_field fields[OPTION_FIELDS];
	size_t n = option_protection(ob->part->dev.id, fields), i;
	bool set = option_set_protects(ob->part->dev.id);
	uint32_t unit = 0, bit;

	for (i = 0; i < n; i++) {
		struct option_word *word = option_bytes_word(ob, &fields[i]);

		for (bit = 0; bit < fields[i].width; bit++, unit++) {
			if (unit == units->count)
				return true;
			if (word == NULL)
				return false;
			out[unit] = (word->value >> (fields[i].bit + bit) & 1)
				    == set;
		}
	}
	return unit == units->count;
}

const char *units_are_pcrop(struct option_bytes *ob)
{
	size_t i;

	for (i = 0; i < ob->count; i++) {
		const struct option_field *field = &ob->fields[i];
		struct option_word *word = option_bytes_word(ob, field);

		if (word != NULL && (strcmp(field->name, "SPRMOD") == 0 ||
				     strcmp(field->name, "WPRMOD") == 0) &&
		    option_bytes_show(field, word->value) != 0)
			return field->name;
	}
	return NULL;
}
