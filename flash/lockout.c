/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/lockout.h"

#include <inttypes.h>
#include <string.h>

#include "option_table.h"
#include "utils.h"

#define LEVEL_2 0xCC	/* readout protection */

/* How a value is told that does no harm. */
enum harmless {
	ONLY,		/* it is the one given, */
	ALL_BUT,	/* or any other */
	NO_VALUE	/* there is none: to write it at all is to set it */
};

struct rule {
	char name[16];		/* the field, or how its name begins with "*" */
	enum harmless harmless;
	uint32_t value;
	enum lockout lockout;
	const char *what;	/* it does */
};

static const char for_good[] = "a lock that nothing lifts";
static const char level_2[] = "readout protection level 2: no bootloader, no "
			      "debugger, no change of option bytes ever again";
static const char state[] = "a product state that only its owner's keys "
			    "lift, or nothing";
static const char key[] = "a key: who does not have it is locked out";
static const char wireless[] = "it belongs to the firmware of the second core, "
			       "which alone may change it";
static const char code[] = "code that nothing reads any more; only -j and then "
			   "-k, which erases the flash, may undo that";
static const char trustzone[] = "TrustZone: the bootloader may not reach the "
				"flash and these bytes any more";

/* Fields of 8 bits are locked by B4 or B6; the reference manuals of H5 and
 * H7R take all that is not the other key for locked. */
static const struct rule rules[] = {
	{ "RDP", ALL_BUT, LEVEL_2, LOCKOUT_FOREVER, level_2 },
	{ "RDP_level", ONLY, 0xED, LOCKOUT_FOREVER, state },
	{ "PRODUCT_STATE", ONLY, 0xED, LOCKOUT_FOREVER, state },
	{ "NVSTATE", ONLY, 0xB4, LOCKOUT_FOREVER, state },
	{ "OEM_PROVD", ONLY, 0x6A, LOCKOUT_FOREVER, state },
	{ "DBG_AUTH", NO_VALUE, 0, LOCKOUT_FOREVER, state },
	{ "OEM1KEY*", NO_VALUE, 0, LOCKOUT_FOREVER, key },
	{ "OEM2KEY*", NO_VALUE, 0, LOCKOUT_FOREVER, key },
	{ "SECURITY", ONLY, 0, LOCKOUT_FOREVER, for_good },
	{ "LOCKBL*", ONLY, 0, LOCKOUT_FOREVER, for_good },
	{ "OTPL", ONLY, 0, LOCKOUT_FOREVER, for_good },
	{ "WriteLOCK*", ONLY, 0x49, LOCKOUT_FOREVER, for_good },
	{ "FRF_DIS", ONLY, 0, LOCKOUT_FOREVER, for_good },
	/* WB: written by its Firmware Upgrade Services, AN5185 */
	{ "SFSA", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "FSD", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "DDS", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "SBRV", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "SBRSA*", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "BRSD*", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "SNBRSA", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "NBRSD", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "C2OPT", NO_VALUE, 0, LOCKOUT_FOREVER, wireless },
	{ "TZEN", ONLY, 0, LOCKOUT_BOOT, trustzone },
	{ "IROT_SELECT", NO_VALUE, 0, LOCKOUT_BOOT, "another way to start" },
	{ "BOOT_UBE", ONLY, 0xB4, LOCKOUT_BOOT, "another way to start" },
	/* PCROP: RM0367, RM0090, RM0431; secure areas: RM0444 */
	{ "SPRMOD", ONLY, 0, LOCKOUT_BOOT, code },
	{ "WPRMOD", ONLY, 0, LOCKOUT_BOOT, code },
	{ "PCROP0", ONLY, 0, LOCKOUT_BOOT, code },
	{ "SEC_SIZE*", ONLY, 0, LOCKOUT_BOOT, code },
	{ "NRST_MODE", ALL_BUT, 2, LOCKOUT_BOOT, "NRST is a GPIO and resets "
	  "nothing: the bootloader starts at power-on only" },
	{ "BL_COM_CFG", NO_VALUE, 0, LOCKOUT_BOOT, "the interfaces on which the "
	  "bootloader answers" },
	{ "UNLOCK_*", ONLY, 1, LOCKOUT_BOOT, "a write protection that only "
	  "-k lifts" },
};

static bool is_named(const char *name, const char *pattern)
{
	size_t len = strcspn(pattern, "*");

	return pattern[len] == '*' ? strncmp(name, pattern, len) == 0
				   : strcmp(name, pattern) == 0;
}

/* BOOT_LOCK and its like; spelled in every way. */
static bool is_lock(const struct option_field *field)
{
	size_t len = strlen(field->name);

	return len >= 4 && (strcmp(field->name + len - 4, "LOCK") == 0 ||
			    strcmp(field->name + len - 4, "lOCK") == 0);
}

/* What a lock of several bits has when it is open. */
static bool is_open(const struct option_field *field, uint32_t value)
{
	return field->width == 1 ? value == 0
	     : (value == 0xC3 || value == 0x6A) &&
	       option_value_exists(field, value);
}

/* PCROP, secure and hide protection areas; nothing is protected where they end
 * before they start, as in a new chip (RM0433, RM0444). */
static bool hides_code(const struct option_field *field, uint32_t value)
{
	static const char *const areas[] = { "PCROP", "PROT_AREA", "SEC_AREA",
					     "HDP" };
	const char *name = field->name;
	size_t i;

	for (i = 0; i < ARRAY_LEN(areas); i++)
		if (strncmp(name, areas[i], strlen(areas[i])) == 0)
			break;
	if (i == ARRAY_LEN(areas) || strcmp(name, "PCROP_RDP") == 0)
		return false;
	if (strstr(name, "EN") == name + strlen(name) - 2)
		return value != (field->width == 8 ? 0xB4 : 0);
	if (strstr(name, "PEND") != NULL)	/* goes with HDP1EN */
		return false;
	if (strstr(name, "ST") != NULL)
		return value != option_field_most(field);
	return strstr(name, "END") != NULL && value != 0;
}

/* BOOT1 high has to lead to the bootloader. The F7 sees its ROM at 0x00100000,
 * too. */
#define F7_ALIAS UINT32_C(0x00100000)

static bool leads_to_rom(const struct part *part,
			 const struct option_field *field, uint32_t value)
{
	uint32_t address = field->base + field->unit * value;

	return part_area(part, address, NULL) == AREA_SYSTEM_MEMORY ||
	       (address == F7_ALIAS && field->unit == 0x4000);
}

/* The addresses that BOOT0 high stands for. */
static bool is_boot_address(const struct option_field *field)
{
	size_t len = strlen(field->name);

	return field->unit != 0 && strstr(field->name, "BOOT") != NULL &&
	       strstr(field->name, "CM4") == NULL && len > 4 &&
	       strcmp(field->name + len - 4, "ADD1") == 0;
}

static bool breaks(const struct rule *rule, const struct option_field *field,
		   uint32_t value)
{
	switch (rule->harmless) {
	case ONLY:	return value != rule->value &&
			       !(rule->lockout == LOCKOUT_BOOT &&
				 field->width == 8 && value == 0xC3 &&
				 rule->value == 0);
	case ALL_BUT:	return value == rule->value;
	case NO_VALUE:	break;
	}
	return true;
}

static enum lockout judge(const struct part *part,
			  const struct option_field *field, uint32_t value,
			  const char **what)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rules); i++)
		if (is_named(field->name, rules[i].name) &&
		    breaks(&rules[i], field, value)) {
			*what = rules[i].what;
			return rules[i].lockout;
		}
	if (is_lock(field) && !is_open(field, value)) {
		*what = for_good;
		return LOCKOUT_FOREVER;
	}
	if (hides_code(field, value)) {
		*what = code;
		return LOCKOUT_BOOT;
	}
	if (is_boot_address(field) && !leads_to_rom(part, field, value)) {
		*what = "BOOT0 high does not lead to the bootloader then";
		return LOCKOUT_BOOT;
	}
	return LOCKOUT_NONE;
}

/* The bits of a field that the image has; false if it has none of them. */
static bool take(const struct image *image, const struct option_field *field,
		 uint32_t *value)
{
	uint32_t first = field->bit / 8u;
	uint32_t last = (field->bit + field->width - 1u) / 8;
	uint8_t word[4];

	if (field->write_at == 0 || field->read_only ||
	    image_covers(image, field->write_at + first, last - first + 1) == 0)
		return false;
	(void)image_copy(image, field->write_at, word, sizeof(word), 0xFF);
	*value = get_le32(word) >> field->bit & option_field_most(field);
	return true;
}

/* Whether the image changes the value, as far as is known. A chip that answers
 * is not at level 2, whatever was read. */
static bool is_news(const struct image *before,
		    const struct option_field *field, uint32_t value)
{
	uint32_t old;

	return before == NULL || !take(before, field, &old) || old != value ||
	       (value == LEVEL_2 && strcmp(field->name, "RDP") == 0);
}

/* Bits that together say what is started; -1: not in the image. */
struct boot {
	int by_pin, nboot0, nboot1;
	bool news;
};

static void note_boot(struct boot *boot, const char *name, uint32_t value,
		      bool news)
{
	int bit = value != 0;

	if (strstr(name, "BOOT") == NULL)
		return;
	boot->news = boot->news || news;
	if (strcmp(name, "nBOOT_SEL") == 0 || strcmp(name, "NBOOT_SEL") == 0)
		boot->by_pin = !bit;
	else if (strcmp(name, "BOOT_SEL") == 0 || strcmp(name, "nSWBOOT0") == 0)
		boot->by_pin = bit;
	else if (strcmp(name, "nBOOT0") == 0)
		boot->nboot0 = bit;
	else if (strcmp(name, "nBOOT1") == 0)
		boot->nboot1 = bit;
}

/* BOOT0, a pin or the complement of a bit, has to be high, and nBOOT1 set. */
static const char *check_boot(const struct boot *boot)
{
	if (!boot->news)
		return NULL;
	if (boot->nboot1 == 0)
		return "nBOOT1 = 0: BOOT0 high starts what is in RAM, not the "
		       "bootloader";
	if (boot->by_pin == 0 && boot->nboot0 == 1)
		return "the BOOT0 pin is ignored, and nBOOT0 = 1 starts the "
		       "flash: the bootloader runs only while that is empty";
	return NULL;
}

static enum lockout check_fields(const struct part *part, uint32_t id,
				 const struct image *image,
				 const struct image *before,
				 struct problem *why)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(id, fields), i;
	struct boot boot = { -1, -1, -1, false };
	enum lockout worst = LOCKOUT_NONE, found;
	const char *what;
	uint32_t value;
	bool news;

	for (i = 0; i < count; i++) {
		if (!take(image, &fields[i], &value))
			continue;
		news = is_news(before, &fields[i], value);
		note_boot(&boot, fields[i].name, value, news);
		if (!news)
			continue;
		found = judge(part, &fields[i], value, &what);
		if (found <= worst)
			continue;
		worst = found;
		problem_set(why, "%s = 0x%" PRIX32 " at 0x%08" PRIx32 ": %s",
			    fields[i].name, value, fields[i].write_at, what);
	}
	what = check_boot(&boot);
	if (worst != LOCKOUT_NONE || what == NULL)
		return worst;
	problem_set(why, "%s", what);
	return LOCKOUT_BOOT;
}

/* What one of them does for good is done for good, whichever part it is. */
static enum lockout check_all(const struct part *part,
			      const struct image *image,
			      const struct image *before, struct problem *why)
{
	enum lockout found = LOCKOUT_NONE;
	struct dev dev;
	size_t i;

	for (i = 0; found != LOCKOUT_FOREVER && dev_at(i, &dev); i++)
		found = check_fields(part, dev.id, image, before, why);
	return found == LOCKOUT_FOREVER ? found : LOCKOUT_NONE;
}

/* What the chip says it is, and what the user takes it for. */
enum lockout lockout_check(const struct part *part, const struct image *image,
			   const struct image *before, struct problem *why)
{
	struct problem other = { "" };
	enum lockout found, second;

	if (option_form(part->id) == OPTION_NONE &&
	    option_form(part->dev.id) == OPTION_NONE)
		return check_all(part, image, before, why);
	found = check_fields(part, part->dev.id, image, before, why);
	if (part->id == part->dev.id)
		return found;
	second = check_fields(part, part->id, image, before, &other);
	if (second > found)
		*why = other;
	return second > found ? second : found;
}
