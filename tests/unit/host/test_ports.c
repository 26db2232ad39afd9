/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of ports on any system: order, texts, kinds. */
#include "host/ports.h"

#include "host/ports_scan.h"
#include "tests/unit/t.h"
#include "utils.h"

static struct port_info named(enum ports_kind kind, const char *name)
{
	struct port_info port = { .kind = kind };

	snprintf(port.name, sizeof(port.name), "%s", name);
	return port;
}

static void test_order(void)
{
	/* each row is before the next */
	static const struct { enum ports_kind kind; const char *name; } rows[] = {
		{ PORTS_SERIAL, "COM1" },
		{ PORTS_SERIAL, "COM3" },
		{ PORTS_SERIAL, "COM12" },
		{ PORTS_SERIAL, "COM123456789012345678901" },
		{ PORTS_SERIAL, "COM123456789012345678902" },
		{ PORTS_SERIAL, "ttyACM" },
		{ PORTS_SERIAL, "ttyACM0" },
		{ PORTS_SERIAL, "ttyUSB" },
		{ PORTS_SERIAL, "ttyUSB0" },
		{ PORTS_SERIAL, "ttyUSB01" },	/* two names with the same
						 * number */
		{ PORTS_SERIAL, "ttyUSB1" },
		{ PORTS_SERIAL, "ttyUSB1a" },
		{ PORTS_SERIAL, "ttyUSB2" },
		{ PORTS_SERIAL, "ttyUSB010" },
		{ PORTS_SERIAL, "ttyUSB10" },
		{ PORTS_SERIAL, "ttyUSB10-2" },
		{ PORTS_SERIAL, "ttyUSB10-10" },
		{ PORTS_SERIAL, "tty\xC3\xA4" },	/* bytes are unsigned */
		{ PORTS_I2C, "/dev/i2c-1" },	/* after all serial ports */
		{ PORTS_I2C, "/dev/i2c-2" },
		{ PORTS_I2C, "/dev/i2c-11" },
	};
	struct port_list list = { NULL, 0 };
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct port_info a = named(rows[i].kind, rows[i].name);

		t_about(rows[i].name);
		EQUAL(ports_compare(&a, &a), 0);
		for (k = i + 1; k < ARRAY_LEN(rows); k++) {
			struct port_info b = named(rows[k].kind, rows[k].name);

			CHECK(ports_compare(&a, &b) < 0);
			CHECK(ports_compare(&b, &a) > 0);
		}
	}
	t_about("a list that is sorted");
	for (i = ARRAY_LEN(rows); i > 0; i--) {
		struct port_info a = named(rows[i - 1].kind, rows[i - 1].name);

		CHECK(ports_add(&list, &a));
	}
	ports_sort(&list);
	if (EQUAL(list.count, ARRAY_LEN(rows)))
		for (i = 0; i < list.count; i++)
			TEXT(list.ports[i].name, rows[i].name);
	ports_free(&list);
	CHECK(list.ports == NULL && list.count == 0);
	ports_sort(&list);
	ports_free(&list);
}

static void test_text(void)
{
	static const struct { const char *from, *to; } rows[] = {
		{ "", "" },
		{ "   \t", "" },
		{ "  FT232R  USB UART ", "FT232R  USB UART" },
		{ "a\"b\\c'd", "a\"b\\c'd" },
		{ "\x1B[31mred\x07", "?[31mred?" },
		{ "a\nb\rc\td\x7F", "a?b?c?d?" },
		{ "\xC2\x9B" "31m", "?31m" },	/* CSI as one character */
		{ "\xC2\xAE \xC3\xA4 \xE2\x82\xAC", "\xC2\xAE \xC3\xA4 \xE2\x82\xAC" },
		{ "\xC2", "\xC2" },
	};
	char out[32], small[4];
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].from);
		ports_text(out, sizeof(out), rows[i].from);
		TEXT(out, rows[i].to);
	}
	t_about("too long");
	ports_text(small, sizeof(small), "abcdef");
	TEXT(small, "abc");
	ports_text(small, sizeof(small), "ab cdef");
	TEXT(small, "ab");
	t_about("no room");
	small[0] = 'x';
	ports_text(small, 1, "abc");
	TEXT(small, "");
}

static void test_kind(void)
{
	static const struct { const char *name; enum ports_kind kind; } rows[] = {
		{ "/dev/ttyUSB0", PORTS_SERIAL },
		{ "COM3", PORTS_SERIAL },
		{ "", PORTS_SERIAL },
		{ "/dev/i2c-1", PORTS_I2C },
		{ "i2c-1", PORTS_I2C },
		{ "/tmp/i2c-1", PORTS_SERIAL },	/* i2c.c does not accept it */
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].name);
		EQUAL(ports_kind_of(rows[i].name), rows[i].kind);
	}
}

/* On this machine only the order can be checked. */
static void test_system(void)
{
	struct port_list list;
	size_t i;

	t_about("the ports of this system");
	if (!CHECK(ports_list(&list)))
		return;
	CHECK((list.count == 0) == (list.ports == NULL));
	for (i = 0; i < list.count; i++) {
		CHECK(list.ports[i].name[0] != '\0');
		CHECK(i == 0 || ports_compare(&list.ports[i - 1],
					      &list.ports[i]) < 0);
	}
	ports_free(&list);
}

int main(void)
{
	test_order();
	test_text();
	test_kind();
	test_system();
	return t_done();
}
