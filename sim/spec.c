/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/spec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "utils.h"

/* How long a ROM on I2C waits in vain, as seen on F7 and H7. */
#define GIVE_UP_MS 10000

/* The words that a key accepts, selected by its max. */
enum words { ERASE_WORDS, CHECKSUM_WORDS, ID_WORDS, NACK_WORDS, MULTIPLE_WORDS,
	     HANG_WORDS, ROM_WORDS };

static const struct {
	uint8_t words;		/* enum words */
	char word[7];
	uint32_t value;
} choices[] = {
	{ ERASE_WORDS, "43", 0x43 },
	{ ERASE_WORDS, "44", 0x44 },
	{ CHECKSUM_WORDS, "none", SIM_CHECKSUM_NONE },
	{ CHECKSUM_WORDS, "4", SIM_CHECKSUM_4 },
	{ CHECKSUM_WORDS, "2", SIM_CHECKSUM_2 },
	{ ID_WORDS, "2", 0 },
	{ ID_WORDS, "3", 3 },
	{ NACK_WORDS, "nack", 1 },
	{ NACK_WORDS, "ok", 0 },
	{ MULTIPLE_WORDS, "nack", 1 },
	{ MULTIPLE_WORDS, "pad", 0 },
	{ HANG_WORDS, "hang", SIM_READ_END_HANGS },
	{ HANG_WORDS, "any", SIM_ANY_END_HANGS },
	{ HANG_WORDS, "ok", SIM_READ_END_BY_KIND },
	{ ROM_WORDS, "strict", SIM_ROM_STRICT },
	{ ROM_WORDS, "2.2", SIM_ROM_22 },
	{ ROM_WORDS, "3.1", SIM_ROM_31 },
	{ ROM_WORDS, "worst", SIM_ROM_WORST },
};

/* No pointers: they take four times their size in a position-independent
 * executable. */
struct key {
	char name[12];
	uint8_t kind;		/* enum kind: how to parse the value */
	uint16_t offset;	/* of the field in struct sim_config */
	uint32_t max;
};

static bool parse_number(void *field, const struct key *key, const char *value)
{
	return parse_u32(value, key->max, field);
}

static bool parse_flag(void *field, const struct key *key, const char *value)
{
	bool *flag = field;

	(void)key;
	if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
		return false;
	*flag = value[0] == '1';
	return true;
}

/* A number of bytes, or with the suffix K or M. */
static bool parse_size(void *field, const struct key *key, const char *value)
{
	size_t len = strlen(value);
	uint32_t *size = field, unit = 1;

	if (len > 1 && value[len - 1] == 'K')
		unit = 1u << 10;
	else if (len > 1 && value[len - 1] == 'M')
		unit = 1u << 20;
	if (unit != 1)
		len--;
	if (!parse_u32_len(value, len, key->max / unit, size))
		return false;
	*size *= unit;
	return *size > 0;
}

static bool parse_text(void *field, const struct key *key, const char *value)
{
	size_t len = strlen(value);

	(void)key;
	if (len == 0 || len >= SIM_TEXT_MAX)
		return false;
	memcpy(field, value, len + 1);
	return true;
}

static bool parse_choice(void *field, const struct key *key, const char *value)
{
	uint32_t *number = field;
	size_t i;

	for (i = 0; i < ARRAY_LEN(choices); i++) {
		if (choices[i].words == key->max &&
		    strcmp(choices[i].word, value) == 0) {
			*number = choices[i].value;
			return true;
		}
	}
	return false;
}

/* Flags with a word for their effect: multiple=nack. */
static bool parse_named_flag(void *field, const struct key *key,
			     const char *value)
{
	uint32_t number;
	bool *flag = field;

	if (!parse_choice(&number, key, value))
		return false;
	*flag = number != 0;
	return true;
}

static bool parse_checksum(void *field, const struct key *key,
			   const char *value)
{
	uint32_t number;
	enum sim_checksum *form = field;

	if (!parse_choice(&number, key, value))
		return false;
	*form = (enum sim_checksum)number;
	return true;
}

static bool parse_parity(void *field, const struct key *key, const char *value)
{
	char *parity = field;

	(void)key;
	if (strlen(value) != 1 || strchr("neo", value[0]) == NULL)
		return false;
	*parity = value[0];
	return true;
}

/* Parses up to the end, or up to a character that is in no number. */
static bool parse_real(const char *value, double max, double *number,
		       const char **rest)
{
	size_t len = strspn(value, "0123456789.eE-");
	char *end;

	/* strtod would accept blanks, signs, "inf" and "0x1p3" */
	if (len == 0 || value[0] == '-')
		return false;
	errno = 0;
	*number = strtod(value, &end);
	*rest = end;
	return end == value + len && errno == 0 && *number >= 0 &&
	       *number <= max;
}

static bool parse_rate(void *field, const struct key *key, const char *value)
{
	(void)key;
	return parse_real(value, 1, field, &value) && *value == '\0';
}

/* Microseconds, stored in nanoseconds. */
static bool parse_micros(const char *value, double max, uint32_t *ns,
			 const char **rest)
{
	double us;

	if (!parse_real(value, max, &us, rest))
		return false;
	*ns = (uint32_t)(us * 1000 + 0.5);
	return true;
}

static bool parse_time(void *field, const struct key *key, const char *value)
{
	return parse_micros(value, key->max, field, &value) && *value == '\0';
}

/* US[:N]; field is the config. */
static bool parse_overrun(void *field, const struct key *key,
			  const char *value)
{
	struct sim_config *config = field;

	if (!parse_micros(value, key->max, &config->overrun_ns, &value))
		return false;
	return *value == '\0' ||
	       (*value == ':' && parse_u32(value + 1, UINT32_MAX,
					   &config->overrun_after));
}

/* Sets the same rate for both directions. */
static bool parse_rates(void *field, const struct key *key, const char *value)
{
	double *rates = field;

	if (!parse_rate(&rates[SIM_IN], key, value))
		return false;
	rates[SIM_OUT] = rates[SIM_IN];
	return true;
}

/* Calls add for every part of "a+b+c". */
static bool parse_list(const char *value,
		       bool (*add)(void *ctx, const char *item, size_t len),
		       void *ctx)
{
	for (;;) {
		size_t len = strcspn(value, "+");

		if (!add(ctx, value, len))
			return false;
		if (value[len] == '\0')
			return true;
		value += len + 1;
	}
}

static bool add_unit(void *ctx, const char *item, size_t len)
{
	uint8_t *bits = ctx;
	uint32_t unit;

	if (!parse_u32_len(item, len, SIM_WRP_BYTES * 8 - 1, &unit))
		return false;
	bits[unit / 8] |= (uint8_t)(1u << (unit % 8));
	return true;
}

static bool parse_units(void *field, const struct key *key, const char *value)
{
	(void)key;
	return parse_list(value, add_unit, field);
}

static bool add_opcode(void *ctx, const char *item, size_t len)
{
	struct sim_config *config = ctx;
	int high, low;

	if (len != 2 || config->extra_count == SIM_EXTRA_MAX)
		return false;
	high = hex_digit((unsigned char)item[0]);
	low = hex_digit((unsigned char)item[1]);
	if (high < 0 || low < 0)
		return false;
	config->extra[config->extra_count++] = (uint8_t)(high << 4 | low);
	return true;
}

static bool add_transaction(void *ctx, const char *item, size_t len)
{
	struct sim_config *config = ctx;
	uint32_t nth;

	if (config->nack_count == SIM_NACKS_MAX ||
	    !parse_u32_len(item, len, UINT32_MAX, &nth) || nth == 0)
		return false;
	config->nacks[config->nack_count++] = nth;
	return true;
}

/* field is the config. */
static bool parse_transactions(void *field, const struct key *key,
			       const char *value)
{
	(void)key;
	return parse_list(value, add_transaction, field);
}

static bool parse_opcodes(void *field, const struct key *key,
			  const char *value)
{
	(void)key;
	return parse_list(value, add_opcode, field);
}

static bool parse_command(const char *name, size_t len,
			  enum sim_command *command)
{
	static const char names[][11] = {
		[SIM_GET] = "get",
		[SIM_VERSION] = "version",
		[SIM_ID] = "id",
		[SIM_PART] = "part",
		[SIM_READ] = "read",
		[SIM_GO] = "go",
		[SIM_WRITE] = "write",
		[SIM_ERASE] = "erase",
		[SIM_WPROTECT] = "wprotect",
		[SIM_WUNPROTECT] = "wunprotect",
		[SIM_RPROTECT] = "rprotect",
		[SIM_RUNPROTECT] = "runprotect",
		[SIM_CHECKSUM] = "checksum",
		[SIM_SPECIAL] = "special",
		[SIM_XSPECIAL] = "xspecial",
		[SIM_ACCESS] = "access",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(names[i]) == len &&
		    memcmp(names[i], name, len) == 0) {
			*command = (enum sim_command)i;
			return true;
		}
	return false;
}

/* COMMAND:NTH[:PHASE], as in write:5 or write:5:2; field is the config. */
static bool parse_fault(void *field, const struct key *key, const char *value)
{
	struct sim_config *config = field;
	struct sim_fault *fault = &config->faults[config->fault_count];
	const char *nth = strchr(value, ':'), *phase;
	size_t len;

	if (nth == NULL || config->fault_count == SIM_FAULTS_MAX)
		return false;
	fault->kind = (enum sim_fault_kind)key->max;
	if (!parse_command(value, (size_t)(nth - value), &fault->command))
		return false;
	nth++;
	phase = strchr(nth, ':');
	len = phase != NULL ? (size_t)(phase - nth) : strlen(nth);
	if (!parse_u32_len(nth, len, UINT32_MAX, &fault->nth))
		return false;
	/* a lost ACK is worst if the work is done */
	fault->phase = fault->kind == SIM_FAULT_LOSTACK ? SIM_PHASE_LAST : 0;
	if (phase != NULL &&
	    !parse_u32(phase + 1, SIM_PHASE_LAST, &fault->phase))
		return false;
	config->fault_count++;
	return fault->nth > 0;
}

static bool parse_wire(void *field, const struct key *key, const char *value)
{
	struct sim_wire *wire = field;

	(void)key;
	wire->inverted = value[0] == '-';
	if (wire->inverted)
		value++;
	if (strcmp(value, "rts") == 0)
		wire->line = PORT_LINE_RTS;
	else if (strcmp(value, "dtr") == 0)
		wire->line = PORT_LINE_DTR;
	else if (strcmp(value, "brk") == 0 && !wire->inverted)
		wire->line = PORT_LINE_BREAK;
	else
		return false;
	return true;
}

/* A fixed level, or the line that drives the pin; field is the config. */
static bool parse_boot0(void *field, const struct key *key, const char *value)
{
	struct sim_config *config = field;

	if (parse_u32(value, 1, &config->boot0)) {
		config->boot0_wire.line = SIM_NO_LINE;
		return true;
	}
	return strcmp(value, "brk") != 0 &&
	       parse_wire(&config->boot0_wire, key, value);
}

/* TEXT@RATE, or @RATE; field is the config. */
static bool parse_knock(void *field, const struct key *key, const char *value)
{
	struct sim_config *config = field;
	const char *at = strrchr(value, '@');

	if (at == NULL || (size_t)(at - value) >= sizeof(config->knock))
		return false;
	memcpy(config->knock, value, (size_t)(at - value));
	return parse_u32(at + 1, key->max, &config->knock_rate) &&
	       config->knock_rate != 0;
}

enum kind {
	NUMBER, FLAG, SIZE, TEXT, CHOICE, NAMED_FLAG, CHECKSUM, PARITY, RATE,
	RATES, TIME, OVERRUN, UNITS, OPCODES, TRANSACTIONS, FAULT, WIRE, BOOT0,
	KNOCK
};

static bool (*const parsers[])(void *field, const struct key *key,
			       const char *value) = {
	[NUMBER] = parse_number,
	[FLAG] = parse_flag,
	[SIZE] = parse_size,
	[TEXT] = parse_text,
	[CHOICE] = parse_choice,
	[NAMED_FLAG] = parse_named_flag,
	[CHECKSUM] = parse_checksum,
	[PARITY] = parse_parity,
	[RATE] = parse_rate,
	[RATES] = parse_rates,
	[TIME] = parse_time,
	[OVERRUN] = parse_overrun,
	[UNITS] = parse_units,
	[OPCODES] = parse_opcodes,
	[TRANSACTIONS] = parse_transactions,
	[FAULT] = parse_fault,
	[WIRE] = parse_wire,
	[BOOT0] = parse_boot0,
	[KNOCK] = parse_knock,
};

#define AT(field) (uint16_t)offsetof(struct sim_config, field)
_Static_assert(sizeof(struct sim_config) <= UINT16_MAX, "offsets of 16 bits");
#define NOISE(name, field) \
	{ name, RATES, AT(noise.field), 0 }, \
	{ name ".in", RATE, AT(noise.field[SIM_IN]), 0 }, \
	{ name ".out", RATE, AT(noise.field[SIM_OUT]), 0 }

/* The header describes each key at its field. */
static const struct key keys[] = {
	{ "addr", NUMBER, AT(i2c_address), 0x77 },
	{ "file", TEXT, AT(files[SIM_FILE_FLASH]), 0 },
	{ "nv", TEXT, AT(files[SIM_FILE_NV]), 0 },
	{ "log", TEXT, AT(files[SIM_FILE_LOG]), 0 },
	{ "stats", TEXT, AT(files[SIM_FILE_STATS]), 0 },

	{ "size", SIZE, AT(size), UINT32_MAX },
	{ "sizereg", NUMBER, AT(size_register), 0xFFFF },
	{ "pid", NUMBER, AT(pid), UINT32_MAX },
	{ "rdp", NUMBER, AT(rdp), 2 },
	{ "wrp", UNITS, AT(wrp), 0 },
	{ "boot0", BOOT0, 0, 0 },
	{ "reset", WIRE, AT(reset_wire), 0 },
	{ "capacitor", FLAG, AT(capacitor), 0 },
	{ "crossed", FLAG, AT(crossed), 0 },
	{ "asserted", FLAG, AT(asserted), 0 },
	{ "iwdg", NUMBER, AT(iwdg_ms), 60000 },

	{ "rom", CHOICE, AT(rom), ROM_WORDS },
	{ "bl", NUMBER, AT(version), 0xFF },
	{ "blid", NUMBER, AT(bootloader_id), 0xFF },
	{ "erase", CHOICE, AT(erase), ERASE_WORDS },
	{ "checksum", CHECKSUM, AT(checksum), CHECKSUM_WORDS },
	{ "extra", OPCODES, 0, 0 },
	{ "idbytes", CHOICE, AT(id_bytes), ID_WORDS },
	{ "parity", PARITY, AT(parity), 0 },
	{ "startup", NUMBER, AT(startup_ms), 60000 },
	{ "busy", NUMBER, AT(busy_ms), 600000 },
	{ "tprog", TIME, AT(program_ns), 1000000 },
	{ "terase", NUMBER, AT(erase_ms), 600000 },

	{ "i2c", NUMBER, AT(i2c_version), 0xFF },
	{ "nostretch", NUMBER, AT(no_stretch), 1 },
	{ "giveup", NUMBER, AT(give_up_ms), 600000 },
	{ "i2ctimeout", NUMBER, AT(i2c_timeout_ms), 600000 },
	{ "nackaddr", TRANSACTIONS, 0, 0 },
	{ "nackbusy", FLAG, AT(nack_busy), 0 },
	{ "stretchbusy", FLAG, AT(stretch_busy), 0 },

	{ "seed", NUMBER, AT(seed), UINT32_MAX },
	NOISE("drop", drop),
	NOISE("flip", flip),
	NOISE("insert", insert),
	NOISE("gap", gap),
	{ "nack", FAULT, 0, SIM_FAULT_NACK },
	{ "silent", FAULT, 0, SIM_FAULT_SILENT },
	{ "garble", FAULT, 0, SIM_FAULT_GARBLE },
	{ "lostack", FAULT, 0, SIM_FAULT_LOSTACK },
	{ "chatter", TEXT, AT(chatter), 0 },
	{ "knock", KNOCK, 0, 10000000 },
	{ "synced", FLAG, AT(synced), 0 },
	{ "rate", NUMBER, AT(rate), 10000000 },
	{ "ack2", FLAG, AT(second_ack), 0 },
	{ "zero", FLAG, AT(stray_zero), 0 },
	{ "echo", FLAG, AT(echo), 0 },
	{ "seen", FLAG, AT(seen), 0 },
	{ "aimed", FLAG, AT(aimed), 0 },
	{ "mute", FLAG, AT(mute), 0 },
	{ "noparity", FLAG, AT(no_parity_bit), 0 },
	{ "nack2", FLAG, AT(second_nack), 0 },
	{ "shortread", NAMED_FLAG, AT(short_read_nack), NACK_WORDS },
	{ "readend", CHOICE, AT(read_end), HANG_WORDS },
	{ "overrun", OVERRUN, 0, 1000000 },
	{ "multiple", NAMED_FLAG, AT(multiple_nack), MULTIPLE_WORDS },

	{ "pace", FLAG, AT(pace), 0 },
	{ "latency", NUMBER, AT(latency_ms), 60000 },
};

static const struct key *find_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* item is "key=value" and is modified. */
static bool parse_item(struct sim_config *config, char *item,
		       struct problem *why)
{
	char *value = strchr(item, '=');
	const struct key *key;

	if (value == NULL) {
		problem_set(why, "sim: %s: expected key=value", item);
		return false;
	}
	*value++ = '\0';
	key = find_key(item);
	if (key == NULL) {
		problem_set(why, "sim: %s: no such key", item);
		return false;
	}
	if (!parsers[key->kind]((char *)config + key->offset, key, value)) {
		problem_set(why, "sim: %s=%s: not a value of this key", item,
			    value);
		return false;
	}
	return true;
}

static void set_defaults(struct sim_config *config, const struct dev *dev)
{
	config->dev = *dev;
	config->i2c_address = dev->i2c_address[0];
	config->size_register = SIM_UNSET;
	config->pid = SIM_UNSET;
	config->iwdg_ms = SIM_UNSET;
	config->version = SIM_UNSET;
	config->bootloader_id = SIM_UNSET;
	config->busy_ms = SIM_UNSET;
	config->program_ns = SIM_UNSET;
	config->erase_ms = SIM_UNSET;
	config->i2c_version = SIM_UNSET;
	config->no_stretch = SIM_UNSET;
	config->give_up_ms = GIVE_UP_MS;
	config->i2c_timeout_ms = SIM_UNSET;
	config->overrun_ns = SIM_UNSET;
	config->boot0 = 1;
	config->boot0_wire.line = SIM_NO_LINE;
	config->reset_wire.line = SIM_NO_LINE;
	config->parity = dev->quirks & DEV_NO_PARITY ? 'n' : 'e';
	config->seed = 1;
}

/* Takes the next part from *rest; false with *why if it is too long. */
static bool next_item(const char **rest, char item[static SIM_TEXT_MAX + 32],
		      struct problem *why)
{
	size_t len = strcspn(*rest, ",");

	if (len >= SIM_TEXT_MAX + 32) {
		problem_set(why, "sim: %.40s...: too long", *rest);
		return false;
	}
	memcpy(item, *rest, len);
	item[len] = '\0';
	*rest += len;
	if (**rest == ',')
		++*rest;
	else
		*rest = NULL;
	return true;
}

bool sim_parse(const char *spec, struct sim_config *config,
	       struct problem *why)
{
	char item[SIM_TEXT_MAX + 32];
	const char *rest = spec;
	struct dev dev;
	size_t rows;

	memset(config, 0, sizeof(*config));
	if (strncmp(rest, "sim:", 4) == 0)
		rest += 4;
	config->framed = strncmp(rest, "i2c:", 4) == 0;
	if (config->framed)
		rest += 4;
	if (!next_item(&rest, item, why))
		return false;
	rows = dev_match_text(item, &dev, 1);
	if (rows > 1) {
		problem_set(why, "sim: \"%s\" is the name of %zu parts; give "
			    "a product ID, see --list-devices", item, rows);
		return false;
	}
	if (rows == 0) {
		problem_set(why, "sim: \"%s\" is no product ID or part name of "
			    "the device table, see --list-devices", item);
		return false;
	}
	set_defaults(config, &dev);
	while (rest != NULL)
		if (!next_item(&rest, item, why) ||
		    !parse_item(config, item, why))
			return false;
	if (config->framed && config->i2c_address == 0) {
		problem_set(why, "sim: i2c:%s: the ROM of this part has no "
			    "I2C; give it an address with addr=", dev.name);
		return false;
	}
	return true;
}
