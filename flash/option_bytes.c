/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/option_bytes.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flash/run.h"
#include "utils.h"

#define WORD 4		/* bytes */
#define REFUSALS 2
#define MOST_NEAR 8	/* similar names offered for an unknown one */

/* --- fields ------------------------------------------------------------- */

static bool same_field(const struct option_field *a,
		       const struct option_field *b)
{
	return strcmp(a->name, b->name) == 0;
}

/* If rows differ by the part's size or bank mode, selects those of this
 * part. */
static bool suits(const struct part *part, const struct option_field *field)
{
	uint32_t bank_2 = part->flash.start + range_len(&part->flash) / 2;

	if (field->unit == 0 || !part->size_known)
		return false;
	return (field->base == part->flash.start || field->base == bank_2) &&
	       part->pages != NULL && part->pages[0].size == field->unit;
}

/* Merges another row of the same field. One row may have the read address,
 * another the write address. */
static void merge(struct option_field *have, const struct option_field *other,
		  bool have_suits, bool other_suits)
{
	struct option_field two = *have;

	if (have->read_at == 0)
		two.read_at = other->read_at;
	if (have->write_at == 0)
		two.write_at = other->write_at;
	if (other->width > have->width)
		two.width = other->width;
	if (other_suits && !have_suits) {
		two.unit = other->unit;
		two.base = other->base;
	} else if (other_suits == have_suits && (have->unit != other->unit ||
						 have->base != other->base)) {
		two.unit = two.base = 0;
	}
	/* every value that any of the rows allows */
	if (strlen(other->values) > strlen(have->values) ||
	    other->values[0] == '\0')
		memcpy(two.values, other->values, sizeof(two.values));
	*have = two;
}

/* A 32-bit field of blocks cannot be an address, whatever the unit. */
static void drop_unit(struct option_field *field)
{
	uint64_t last = field->base +
			(uint64_t)field->unit * option_field_most(field);

	if (last > UINT32_MAX)
		field->unit = field->base = 0;
}

void option_bytes_init(struct option_bytes *ob, const struct part *part)
{
	struct option_field all[OPTION_FIELDS];
	size_t count = option_fields(part->dev.id, all), i, k;
	bool fits[OPTION_FIELDS] = { false };

	*ob = (struct option_bytes){ .form = option_form(part->dev.id),
				     .part = part };
	for (i = 0; i < count; i++) {
		bool fit = suits(part, &all[i]);

		drop_unit(&all[i]);
		for (k = 0; k < ob->count; k++)
			if (same_field(&ob->fields[k], &all[i]))
				break;
		if (k < ob->count) {
			merge(&ob->fields[k], &all[i], fits[k], fit);
			fits[k] = fits[k] || fit;
			continue;
		}
		fits[ob->count] = fit;
		ob->fields[ob->count++] = all[i];
	}
}

/* --- words ------------------------------------------------------------------- */

static size_t word_bytes(const struct option_bytes *ob)
{
	return ob->form == OPTION_DOUBLES ? 2 * WORD : WORD;
}

size_t option_bytes_encode(const struct option_bytes *ob, uint32_t value,
			   uint8_t out[8])
{
	if (ob->form == OPTION_PAIRS)
		value = (value & 0x00FF00FF) | (~value & 0x00FF00FF) << 8;
	if (ob->form == OPTION_HALVES)
		value = (value & 0xFFFF) | ~value << 16;
	put_le32(out, value);
	if (ob->form == OPTION_DOUBLES)
		put_le32(out + WORD, ~value);
	return word_bytes(ob);
}

/* An erased byte with an erased complement is no mismatch: the chip treats it
 * as erased. */
static bool is_mismatch(const struct option_bytes *ob, const uint8_t *found,
			const uint8_t *expected)
{
	size_t half = ob->form == OPTION_PAIRS ? 2 : word_bytes(ob), at;

	for (at = 0; at < word_bytes(ob); at += half)
		if (memcmp(found + at, expected + at, half) != 0 &&
		    !run_all_equal(found + at, half, ob->part->dev.erased))
			return true;
	return false;
}

static void decode(const struct option_bytes *ob, struct option_word *word,
		   const uint8_t *found)
{
	uint8_t expected[8];

	word->shown = true;
	word->value = get_le32(found);
	if (ob->form == OPTION_PAIRS)
		word->value &= 0x00FF00FF;
	if (ob->form == OPTION_HALVES)
		word->value &= 0xFFFF;
	word->wanted = word->value;
	(void)option_bytes_encode(ob, word->value, expected);
	word->mismatch = is_mismatch(ob, found, expected);
}

static bool is_not_served(enum stm32_err err)
{
	return err == STM32_BAD_ADDRESS || err == STM32_NACK;
}

/* A word refused once by a damaged command would count as missing. */
static enum flash_err read_word(struct flash *flash, struct option_bytes *ob,
				struct option_word *word, struct problem *why)
{
	uint8_t found[8];
	enum stm32_err err = STM32_NACK;
	unsigned tries;

	/* ST's programmer has artificial areas at odd addresses. */
	if (word->address % WORD != 0)
		return FLASH_OK;
	for (tries = 0; is_not_served(err) && tries < REFUSALS; tries++)
		err = run_read_surely(flash, word->address, found,
				      (uint32_t)word_bytes(ob));
	if (err == STM32_OK)
		decode(ob, word, found);
	if (err == STM32_OK || is_not_served(err))
		return FLASH_OK;
	return flash_explain(flash, err, "read", word->address, why);
}

static struct option_word *find_word(struct option_bytes *ob, uint32_t address)
{
	size_t i;

	for (i = 0; i < ob->word_count; i++)
		if (ob->words[i].address == address)
			return &ob->words[i];
	return NULL;
}

enum flash_err option_bytes_read(struct flash *flash, struct option_bytes *ob,
				 struct problem *why)
{
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < ob->count && err == FLASH_OK; i++) {
		const struct option_field *field = &ob->fields[i];
		struct option_word *word;

		if (field->read_at == 0 ||
		    find_word(ob, field->read_at) != NULL ||
		    ob->word_count == OPTION_WORDS)
			continue;
		word = &ob->words[ob->word_count++];
		*word = (struct option_word){ .address = field->read_at,
					      .write_at = field->write_at };
		err = read_word(flash, ob, word, why);
	}
	return err;
}

struct option_word *option_bytes_word(struct option_bytes *ob,
				      const struct option_field *field)
{
	struct option_word *word = find_word(ob, field->read_at);

	return word != NULL && word->shown ? word : NULL;
}

static uint32_t raw_value(const struct option_field *field, uint32_t word)
{
	return word >> field->bit & option_field_most(field);
}

uint32_t option_bytes_show(const struct option_field *field, uint32_t word)
{
	uint32_t raw = raw_value(field, word);

	return field->unit != 0 ? field->base + field->unit * raw : raw;
}

/* --- new values -------------------------------------------------------------- */

/* Ignores case: nboot0 is nBOOT0. */
static bool same_name(const char *name, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len && name[i] != '\0'; i++)
		if (tolower((unsigned char)name[i]) !=
		    tolower((unsigned char)text[i]))
			return false;
	return i == len && name[i] == '\0';
}

/* Counts the characters of text that name has in the same order. */
static size_t in_common(const char *name, const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len && *name != '\0'; i++) {
		const char *at = name;

		while (*at != '\0' && tolower((unsigned char)*at) !=
				      tolower((unsigned char)text[i]))
			at++;
		if (*at == '\0')
			continue;
		name = at + 1;
		n++;
	}
	return n;
}

static void offer_near(const struct option_bytes *ob, const char *text,
		       size_t len, struct problem *why)
{
	char near[MOST_NEAR * (OPTION_NAME + 2)] = "";
	size_t i, at = 0, offered = 0;

	for (i = 0; i < ob->count && offered < MOST_NEAR; i++) {
		const char *name = ob->fields[i].name;
		size_t longer = strlen(name) > len ? strlen(name) : len;

		if (in_common(name, text, len) * 4 < longer * 3)
			continue;
		at += (size_t)snprintf(near + at, sizeof(near) - at, "%s%s",
				       offered++ == 0 ? "" : ", ", name);
	}
	if (offered != 0)
		problem_set(why, "--set=%.*s: this part has no such option "
			    "byte; similar names are %s", (int)len, text, near);
	else
		problem_set(why, "--set=%.*s: this part has no such option "
			    "byte; --option-bytes lists them", (int)len, text);
}

/* Converts an address to the raw number. */
static bool to_raw(const struct option_field *field, uint32_t given,
		   uint32_t *raw)
{
	*raw = given;
	if (field->unit == 0)
		return true;
	if (given < field->base || (given - field->base) % field->unit != 0)
		return false;
	*raw = (given - field->base) / field->unit;
	return true;
}

static void explain_value(const struct option_field *field, const char *text,
			  size_t len, struct problem *why)
{
	uint32_t most = option_field_most(field);

	if (field->unit != 0)
		problem_set(why, "--set=%.*s: not a valid address for %s, "
			    "expected 0x%08" PRIX32 " to 0x%08" PRIX32 ", in "
			    "steps of 0x%" PRIX32, (int)len, text, field->name,
			    field->base, field->base + field->unit * most,
			    field->unit);
	else if (field->values[0] != '\0')
		problem_set(why, "--set=%.*s: not a value of %s, expected %s "
			    "in hex", (int)len, text, field->name,
			    field->values);
	else
		problem_set(why, "--set=%.*s: not a value of %s, expected 0 to "
			    "0x%" PRIX32, (int)len, text, field->name, most);
}

/* The current value is always allowed. */
static bool can_write(const struct option_field *field,
		      const struct option_word *word, uint32_t raw)
{
	return word != NULL && ((field->write_at != 0 && !field->read_only) ||
				raw_value(field, word->value) == raw);
}

static bool put_value(struct option_word *word,
		      const struct option_field *field, uint32_t raw)
{
	uint32_t mask = option_field_most(field) << field->bit;

	if (raw > option_field_most(field) ||
	    (raw != raw_value(field, word->value) &&
	     !option_value_exists(field, raw)))
		return false;
	word->wanted = (word->wanted & ~mask) | raw << field->bit;
	return true;
}

bool option_bytes_set(struct option_bytes *ob, const char *text, size_t len,
		      struct problem *why)
{
	const char *equals = memchr(text, '=', len);
	size_t name = equals != NULL ? (size_t)(equals - text) : len, i;
	const struct option_field *field;
	struct option_word *word;
	uint32_t given, raw;

	for (i = 0; i < ob->count; i++)
		if (same_name(ob->fields[i].name, text, name))
			break;
	if (i == ob->count) {
		offer_near(ob, text, name, why);
		return false;
	}
	field = &ob->fields[i];
	word = option_bytes_word(ob, field);
	if (equals == NULL ||
	    !parse_u32_len(equals + 1, len - name - 1, UINT32_MAX, &given) ||
	    !to_raw(field, given, &raw)) {
		explain_value(field, text, len, why);
		return false;
	}
	if (!can_write(field, word, raw)) {
		problem_set(why, "--set=%.*s: this bootloader cannot %s this "
			    "option byte", (int)len, text,
			    word == NULL ? "read" : "write");
		return false;
	}
	word->write_at = field->write_at;
	if (put_value(word, field, raw))
		return true;
	explain_value(field, text, len, why);
	return false;
}
