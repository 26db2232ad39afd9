/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/spec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "sim/rom.h"
#include "utils.h"

/* A ROM on I2C that waits in vain, as seen on F7 and H7. */
#define GIVE_UP_MS 10000

struct choice {
	const char *name;	/* NULL ends the list */
	uint32_t value;
};

struct key {
	const char *name;
	/* field points into the config, at offset */
	bool (*parse)(void *field, const struct key *key, const char *value);
	size_t offset;
	uint32_t max;
	const struct choice *choices;
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

/* A number of bytes, or of K or M. */
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
	const struct choice *choice;
	uint32_t *number = field;

	for (choice = key->choices; choice->name != NULL; choice++) {
		if (strcmp(choice->name, value) == 0) {
			*number = choice->value;
			return true;
		}
	}
	return false;
}

/* Flags that say what they do: multiple=nack. */
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

/* Up to the end or to a character that no number has. */
static bool parse_real(const char *value, double max, double *number,
		       const char **rest)
{
	size_t len = strspn(value, "0123456789.eE-");
	char *end;

	/* strtod alone would take blanks, signs, "inf" and "0x1p3" */
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

/* US[:N]; field is the config. */
static bool parse_overrun(void *field, const struct key *key,
			  const char *value)
{
	struct sim_config *config = field;
	double us;

	if (!parse_real(value, key->max, &us, &value))
		return false;
	config->overrun_ns = (uint32_t)(us * 1000 + 0.5);
	return *value == '\0' ||
	       (*value == ':' && parse_u32(value + 1, UINT32_MAX,
					   &config->overrun_after));
}

/* One rate for both directions. */
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
	fault->command = rom_command_name(value, (size_t)(nth - value));
	nth++;
	phase = strchr(nth, ':');
	len = phase != NULL ? (size_t)(phase - nth) : strlen(nth);
	if (fault->command == NULL ||
	    !parse_u32_len(nth, len, UINT32_MAX, &fault->nth))
		return false;
	/* a lost ACK is worst where the work is done */
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
	return parse_wire(&config->boot0_wire, key, value);
}

static const struct choice erase_choices[] = {
	{ "43", 0x43 }, { "44", 0x44 }, { NULL, 0 }
};

static const struct choice checksum_choices[] = {
	{ "none", SIM_CHECKSUM_NONE }, { "4", SIM_CHECKSUM_4 },
	{ "2", SIM_CHECKSUM_2 }, { NULL, 0 }
};

static const struct choice id_choices[] = {
	{ "2", 0 }, { "3", 3 }, { NULL, 0 }
};

static const struct choice nack_choices[] = {
	{ "nack", 1 }, { "ok", 0 }, { NULL, 0 }
};

static const struct choice multiple_choices[] = {
	{ "nack", 1 }, { "pad", 0 }, { NULL, 0 }
};

static const struct choice hang_choices[] = {
	{ "hang", 1 }, { "ok", 0 }, { NULL, 0 }
};

#define AT(field) offsetof(struct sim_config, field)
#define NUMBER(name, field, max) { name, parse_number, AT(field), max, NULL }
#define FLAG(name, field) { name, parse_flag, AT(field), 0, NULL }
#define TEXT_OF(name, field) { name, parse_text, AT(field), 0, NULL }
#define RATE(name, field) \
	{ name, parse_rates, AT(noise.field), 0, NULL }, \
	{ name ".in", parse_rate, AT(noise.field[SIM_IN]), 0, NULL }, \
	{ name ".out", parse_rate, AT(noise.field[SIM_OUT]), 0, NULL }
#define FAULT(name, kind) { name, parse_fault, 0, kind, NULL }

/* What each key means is told at its field, in the header. */
static const struct key keys[] = {
	NUMBER("addr", i2c_address, 0x77),
	TEXT_OF("file", files[SIM_FILE_FLASH]),
	TEXT_OF("nv", files[SIM_FILE_NV]),
	TEXT_OF("log", files[SIM_FILE_LOG]),
	TEXT_OF("stats", files[SIM_FILE_STATS]),

	{ "size", parse_size, AT(size), UINT32_MAX, NULL },
	NUMBER("sizereg", size_register, 0xFFFF),
	NUMBER("pid", pid, UINT32_MAX),
	NUMBER("rdp", rdp, 2),
	{ "wrp", parse_units, AT(wrp), 0, NULL },
	{ "boot0", parse_boot0, 0, 0, NULL },
	{ "reset", parse_wire, AT(reset_wire), 0, NULL },

	NUMBER("bl", version, 0xFF),
	NUMBER("blid", bootloader_id, 0xFF),
	{ "erase", parse_choice, AT(erase), 0, erase_choices },
	{ "checksum", parse_checksum, AT(checksum), 0, checksum_choices },
	{ "extra", parse_opcodes, 0, 0, NULL },
	{ "idbytes", parse_choice, AT(id_bytes), 0, id_choices },
	{ "parity", parse_parity, AT(parity), 0, NULL },
	NUMBER("startup", startup_ms, 60000),
	NUMBER("busy", busy_ms, 600000),

	NUMBER("i2c", i2c_version, 0xFF),
	NUMBER("nostretch", no_stretch, 1),
	NUMBER("giveup", give_up_ms, 600000),
	NUMBER("i2ctimeout", i2c_timeout_ms, 600000),
	{ "nackaddr", parse_transactions, 0, 0, NULL },
	FLAG("nackbusy", nack_busy),
	FLAG("stretchbusy", stretch_busy),

	NUMBER("seed", seed, UINT32_MAX),
	RATE("drop", drop),
	RATE("flip", flip),
	RATE("insert", insert),
	FAULT("nack", SIM_FAULT_NACK),
	FAULT("silent", SIM_FAULT_SILENT),
	FAULT("garble", SIM_FAULT_GARBLE),
	FAULT("lostack", SIM_FAULT_LOSTACK),
	TEXT_OF("chatter", chatter),
	FLAG("synced", synced),
	NUMBER("rate", rate, 10000000),
	FLAG("ack2", second_ack),
	FLAG("zero", stray_zero),
	FLAG("echo", echo),
	FLAG("mute", mute),
	FLAG("noparity", no_parity_bit),
	FLAG("pre31", silent_abort),
	FLAG("nack2", second_nack),
	{ "shortread", parse_named_flag, AT(short_read_nack), 0, nack_choices },
	{ "readend", parse_named_flag, AT(read_end_hangs), 0, hang_choices },
	FLAG("strict", strict),
	{ "overrun", parse_overrun, 0, 1000000, NULL },
	{ "multiple", parse_named_flag, AT(multiple_nack), 0,
	  multiple_choices },

	FLAG("pace", pace),
	NUMBER("latency", latency_ms, 60000),
};

static const struct key *find_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* item is "key=value" and may be written to. */
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
	if (!key->parse((char *)config + key->offset, key, value)) {
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
	config->version = SIM_UNSET;
	config->bootloader_id = SIM_UNSET;
	config->busy_ms = SIM_UNSET;
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

/* Cuts the next part off *rest; false with *why if it is too long. */
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

	memset(config, 0, sizeof(*config));
	if (strncmp(rest, "sim:", 4) == 0)
		rest += 4;
	config->framed = strncmp(rest, "i2c:", 4) == 0;
	if (config->framed)
		rest += 4;
	if (!next_item(&rest, item, why))
		return false;
	if (!dev_find_text(item, &dev)) {
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
		problem_set(why, "sim: i2c:%s: the ROM of this part knows no "
			    "I2C; addr= gives it an address", dev.name);
		return false;
	}
	return true;
}
