/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the table of option bytes with the sheet it was made from. */
#include "option_table.h"

#include "dev_table.h"
#include "tests/unit/t.h"
#include "utils.h"

#define SHEET "tests/unit/option_bytes.csv"
#define ROWS 2784
#define COLUMNS 10

enum column { PID, ADDRESS, BIT, WIDTH, ACCESS, NAME, MULTIPLIER, OFFSET, VALUES,
	      ONLY_ON };

static uint32_t figure(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 0);
}

/* For a field of several bits "0/1" means each bit separately. */
static bool sheet_has(const char *values, uint32_t width, uint32_t value)
{
	char *end;

	if (values[0] == '\0' || (width > 1 && strcmp(values, "0/1") == 0))
		return true;
	for (; *values != '\0'; values = *end == '/' ? end + 1 : end)
		if (strtoul(values, &end, 16) == value)
			return true;
	return false;
}

static char only_on(const char *text)
{
	if (strcmp(text, "G0x1") == 0)
		return 'x';
	return text[0] != '\0' ? text[strlen(text) - 1] : '\0';
}

/* Ignores an offset without a multiplier: a bit mask is no address. */
static bool is_of(const struct option_field *f, char **row)
{
	uint32_t unit = figure(row[MULTIPLIER]);
	const char *access = row[ACCESS];
	bool reads = strchr(access, 'R') != NULL;
	bool writes = strchr(access, 'W') != NULL;

	return strcmp(f->name, row[NAME]) == 0 && f->bit == figure(row[BIT]) &&
	       f->width == figure(row[WIDTH]) && f->unit == unit &&
	       f->base == (unit != 0 ? figure(row[OFFSET]) : 0) &&
	       f->only_on == only_on(row[ONLY_ON]) &&
	       (!reads || f->read_at == figure(row[ADDRESS])) &&
	       (!writes || (!f->read_only &&
			    f->write_at == figure(row[ADDRESS])));
}

static bool same_values(const struct option_field *f, char **row)
{
	uint32_t most = option_field_most(f), value;

	for (value = 0; value <= most && value < 0x400; value++)
		if (option_value_exists(f, value) !=
		    sheet_has(row[VALUES], f->width, value))
			return false;
	return most == UINT32_MAX || !option_value_exists(f, most + 1);
}

/* Marks the fields that the row has: 1 read, 2 written. */
static void check_row(char **row, uint8_t *seen)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(figure(row[PID]), fields), i;

	for (i = 0; i < count; i++)
		if (is_of(&fields[i], row) && same_values(&fields[i], row))
			break;
	if (!CHECK(i < count))
		return;
	seen[i] |= (uint8_t)((strchr(row[ACCESS], 'R') != NULL ? 1 : 0) |
			     (strchr(row[ACCESS], 'W') != NULL ? 2 : 0));
}

/* Checks that the table has nothing that the sheet lacks. */
static void check_seen(uint32_t id, const uint8_t *seen)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(id, fields), i;

	CHECK(count > 0);
	for (i = 0; i < count; i++) {
		t_about(fields[i].name);
		EQUAL(seen[i] & 1, fields[i].read_at != 0);
		EQUAL((seen[i] & 2) != 0, fields[i].write_at != 0 &&
		      !fields[i].read_only);
	}
}

static void split(char *line, char **row)
{
	size_t i;

	line[strcspn(line, "\r\n")] = '\0';
	for (i = 0; i < COLUMNS; i++) {
		row[i] = line;
		line += strcspn(line, ",");
		if (*line == ',')
			*line++ = '\0';
	}
}

static void compare_sheet(void)
{
	FILE *sheet = fopen(SHEET, "r");
	char line[160], about[160], *row[COLUMNS];
	uint8_t seen[OPTION_FIELDS] = { 0 };
	uint32_t id = 0;
	int rows = 0;

	if (!CHECK(sheet != NULL))
		return;
	while (fgets(line, sizeof(line), sheet) != NULL) {
		if (strncmp(line, "0x", 2) != 0)
			continue;
		snprintf(about, sizeof(about), "%s", line);
		split(line, row);
		if (id != 0 && figure(row[PID]) != id) {
			check_seen(id, seen);
			memset(seen, 0, sizeof(seen));
		}
		id = figure(row[PID]);
		t_about(about);
		check_row(row, seen);
		rows++;
	}
	check_seen(id, seen);
	EQUAL(rows, ROWS);
	fclose(sheet);
}

/* Checks the table against the part's row and its form. */
static void check_part(const struct dev *dev)
{
	enum option_form form = option_form(dev->id);
	struct option_field f[OPTION_FIELDS];
	size_t count = option_fields(dev->id, f), i;
	unsigned room = form == OPTION_HALVES ? 16 : 32;

	t_about(dev->name);
	EQUAL(form == OPTION_NONE, count == 0);
	CHECK(count < OPTION_FIELDS);
	CHECK(count == 0 || (form == OPTION_REGISTERS) ==
	      ((dev->quirks & DEV_OPTION_REGISTERS) != 0));
	for (i = 0; i < count; i++) {
		CHECK(f[i].width >= 1 && f[i].bit + f[i].width <= (int)room);
		CHECK(form != OPTION_PAIRS || f[i].bit % 16 + f[i].width <= 8);
		CHECK(f[i].read_at % 4 == 0 || f[i].read_at == 0xEFFFFFFF);
	}
}

static void check_parts(void)
{
	struct option_field none[OPTION_FIELDS];
	struct dev dev;
	size_t i;

	for (i = 0; dev_at(i, &dev); i++)
		check_part(&dev);
	t_about("an ID that is in no row");
	EQUAL(option_fields(0x7FF, none), 0);
	EQUAL(option_form(0x7FF), OPTION_NONE);
}

/* Bits, from the names of the sheet: unit 0 is the lowest of the first
 * field. */
static void check_protection(void)
{
	static const struct {
		uint32_t id;
		uint32_t units;
		bool set_protects;
		const char *fields;
	} parts[] = {
		{ 0x410, 32, false, " WRP0 WRP8 WRP16 WRP24" },
		{ 0x412, 8, false, " WRP0" },
		{ 0x440, 16, false, " WRP_bit0 nWRP_bit8" },
		{ 0x413, 12, false, " WRP0" },
		/* bank 2 has the lower address */
		{ 0x419, 24, false, " WRP0 WRP12" },
		/* the same bits with three names */
		{ 0x451, 12, false, " nWRP0" },
		{ 0x463, 15, false, " WRP0" },
		{ 0x416, 32, true, " WRP0 WRP16" },
		{ 0x437, 128, true, " WRP0 WRP16 WRP32 WRP48 WRP64 WRP80 WRP96"
		  " WRP112" },
		{ 0x417, 16, true, " WRPOT1" },
		{ 0x447, 48, true, " WRPOT0 WRPOT16 WRPOT32" },
		{ 0x47A, 128, false, " WRPSG11 WRPSG12 WRPSG21 WRPSG22" },
		{ 0x460, 0, false, "" },	/* areas */
		{ 0x482, 0, false, "" },
		{ 0x7FF, 0, false, "" },
	};
	struct option_field f[OPTION_FIELDS];
	char fields[1000];
	uint32_t units;
	size_t count, at, i, k;

	for (i = 0; i < ARRAY_LEN(parts); i++) {
		count = option_protection(parts[i].id, f);
		fields[0] = '\0';
		units = 0;
		for (k = at = 0; k < count; units += f[k++].width)
			at += (size_t)snprintf(fields + at,
					       sizeof(fields) - at, " %.20s",
					       f[k].name);
		t_about(parts[i].fields);
		TEXT(fields, parts[i].fields);
		EQUAL(units, parts[i].units);
		EQUAL(option_set_protects(parts[i].id), parts[i].set_protects);
	}
}

int main(void)
{
	compare_sheet();
	check_protection();
	check_parts();
	return t_done();
}
