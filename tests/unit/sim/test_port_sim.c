/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated device as a port: its clock, its modes, its lines. */
#include <string.h>

#include "port.h"
#include "tests/unit/t.h"
#include "utils.h"

static struct port *open_port(const char *device, uint32_t baud,
			      const char *mode)
{
	struct port_settings settings = {
		.device = device, .baud = baud,
		.mode = { (uint8_t)(mode[0] - '0'), mode[1],
			  (uint8_t)(mode[2] - '0') },
		.i2c_address = PORT_NO_ADDRESS,
	};
	struct problem why = { "" };
	struct port *port;

	t_about(device);
	if (CHECK(sim_port_ops.open(&settings, &port, &why) == PORT_OK))
		return port;
	printf("  %s\n", why.text);
	return NULL;
}

/* Sends a request, then reads reply_len bytes. */
static enum port_err ask(struct port *port, const char *request, size_t len,
			 uint8_t *reply, size_t reply_len)
{
	EQUAL(port_write(port, (const uint8_t *)request, len), PORT_OK);
	return port_read(port, reply, reply_len, 500);
}

static bool sync_with(struct port *port)
{
	uint8_t ack = 0;

	return CHECK(ask(port, "\x7F", 1, &ack, 1) == PORT_OK) &&
	       EQUAL(ack, 0x79);
}

static void test_clock(void)
{
	struct port *port = open_port("sim:0x410", 57600, "8e1");
	int64_t wall = clock_ms();
	uint8_t reply[16];

	if (port == NULL)
		return;
	TEXT(port->text, "sim 57600 8E1");
	EQUAL(port->bits_per_byte, 11);
	CHECK(port->caps == (PORT_AUTOBAUD | PORT_SIMULATED));
	if (sync_with(port)) {
		/* two bytes of 11 bits */
		EQUAL(port->ops->now_us(port), 2 * 11 * 1000000 / 57600);
	}
	EQUAL(ask(port, "\x00\xFF", 2, reply, 15), PORT_OK);
	EQUAL(port->ops->now_us(port), 19 * 11 * 1000000 / 57600);
	/* no further bytes: the time passes nevertheless */
	EQUAL(port_read(port, reply, 1, 60000), PORT_TIMEOUT);
	EQUAL(port_now_ms(port), 60003);
	/* an erase of 40 ms, read for 39 ms and then longer */
	EQUAL(ask(port, "\x43\xBC", 2, reply, 1), PORT_OK);
	EQUAL(port_write(port, (const uint8_t *)"\xFF\x00", 2), PORT_OK);
	EQUAL(port_read(port, reply, 1, 39), PORT_TIMEOUT);
	EQUAL(port_read(port, reply, 1, 2), PORT_OK);
	port_sleep_ms(port, 1000000);
	CHECK(clock_ms() - wall < 5000);
	EQUAL(port->turnarounds, 4);
	port_close(port);
}

/* An application with one rate and 8n1, whose bootloader has another rate and
 * 8e1. */
static void test_knock(void)
{
	static const struct {
		const char *knock, *text;
		uint32_t baud;
		const char *mode;
		bool heard;
	} cases[] = {
		{ "sim:0x410,knock=boot@115200", "boot", 115200, "8n1", true },
		{ "sim:0x410,knock=boot@115200", "boot", 57600, "8n1", false },
		{ "sim:0x410,knock=boot@115200", "boot", 115200, "8e1", false },
		{ "sim:0x410,knock=boot@115200", "bolt", 115200, "8n1", false },
		{ "sim:0x410,knock=boot@115200", "xboboot", 115200, "8n1",
		  true },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct port *port = open_port(cases[i].knock, cases[i].baud,
					      cases[i].mode);
		const struct serial_mode rom_mode = { 8, 'e', 1 };
		uint8_t ack;

		if (port == NULL)
			return;
		t_about(cases[i].text);
		EQUAL(port_write(port, (const uint8_t *)cases[i].text,
				 strlen(cases[i].text)), PORT_OK);
		EQUAL(port_set_baud(port, 9600), PORT_OK);
		EQUAL(port_set_mode(port, &rom_mode), PORT_OK);
		EQUAL(ask(port, "\x7F", 1, &ack, 1) == PORT_OK,
		      cases[i].heard);
		port_close(port);
	}
}

/* Only the rate, which a USB port is told. */
static void test_touch(void)
{
	struct port *port = open_port("sim:0x410,knock=@1200", 57600, "8e1");
	uint8_t ack;

	if (port == NULL)
		return;
	EQUAL(ask(port, "\x7F", 1, &ack, 1), PORT_TIMEOUT);
	EQUAL(port_set_baud(port, 1200), PORT_OK);
	EQUAL(port_set_baud(port, 57600), PORT_OK);
	(void)sync_with(port);
	port_close(port);
}

static void test_flush(void)
{
	struct port *port = open_port("sim:0x410,ack2=1", 57600, "8e1");
	uint8_t reply[2];

	if (port == NULL)
		return;
	/* the first ACK has arrived while the second is still on its way */
	if (sync_with(port)) {
		EQUAL(port_flush(port), PORT_OK);
		EQUAL(port_read(port, reply, 1, 10), PORT_OK);
		EQUAL(port_read(port, reply, 1, 10), PORT_TIMEOUT);
	}
	EQUAL(port_write(port, (const uint8_t *)"\xFF\x00", 2), PORT_OK);
	port_sleep_ms(port, 10);
	EQUAL(port_flush(port), PORT_OK);
	EQUAL(port_read(port, reply, 1, 10), PORT_TIMEOUT);
	port_close(port);
}

/* 7F and the ACKs are the same with and without parity; other bytes differ. */
static void test_parity(void)
{
	static const struct {
		const char *device, *mode;
		bool synced, works;
	} cases[] = {
		{ "sim:0x410", "8e1", true, true },
		{ "sim:0x410", "8n1", true, false },
		{ "sim:0x410", "8o1", false, false },
		{ "sim:0x410", "7e1", false, false },
		{ "sim:0x410,parity=n", "8n1", true, true },
		{ "sim:0x410,parity=n", "8e1", true, false },
		{ "sim:0x410,parity=o", "8o1", true, true },
	};
	uint8_t reply[15];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct port *port = open_port(cases[i].device, 115200,
					      cases[i].mode);

		if (port == NULL)
			continue;
		t_about(cases[i].mode);
		EQUAL(ask(port, "\x7F", 1, reply, 1) == PORT_OK,
		      cases[i].synced);
		EQUAL(ask(port, "\x00\xFF", 2, reply, 15) == PORT_OK,
		      cases[i].works);
		port_close(port);
	}
}

/* A port without parity, or one that does not report errors, gets wrong bytes;
 * otherwise there is one error. */
static void test_seen(void)
{
	static const struct {
		const char *device, *mode;
		bool seen;
	} cases[] = {
		{ "sim:0x410,flip.out=1", "8e1", false },
		{ "sim:0x410,flip.out=1,seen=1", "8e1", true },
		{ "sim:0x410,parity=n,flip.out=1,seen=1", "8n1", false },
		{ "sim:0x410,parity=n,seen=1", "8e1", false },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct port *port = open_port(cases[i].device, 57600,
					      cases[i].mode);
		uint8_t ack;

		if (port == NULL)
			continue;
		EQUAL(ask(port, "\x7F", 1, &ack, 1),
		      cases[i].seen ? PORT_PARITY : PORT_OK);
		if (cases[i].seen)
			EQUAL(ack, 0);
		EQUAL(port_read(port, &ack, 1, 10), PORT_TIMEOUT);
		port_close(port);
	}
}

/* The device keeps the measured rate until a reset. */
static void test_rate(void)
{
	struct port *port = open_port("sim:0x410,reset=dtr", 57600, "8e1");
	uint8_t reply[15];

	if (port == NULL)
		return;
	CHECK(sync_with(port));
	EQUAL(port_set_baud(port, 115200), PORT_OK);
	TEXT(port->text, "sim 115200 8E1");
	/* it receives two wrong bytes, and its NACK is wrong here */
	EQUAL(ask(port, "\x00\xFF", 2, reply, 1), PORT_OK);
	CHECK(reply[0] != 0x79 && reply[0] != 0x1F);
	EQUAL(port_set_line(port, PORT_LINE_DTR, true), PORT_OK);
	EQUAL(port_set_line(port, PORT_LINE_DTR, false), PORT_OK);
	CHECK(sync_with(port));
	EQUAL(ask(port, "\x00\xFF", 2, reply, 15), PORT_OK);
	port_close(port);
}

static void test_latency(void)
{
	struct port *port = open_port("sim:0x410,latency=16", 0, "8n1");
	uint8_t reply[15];

	if (port == NULL)
		return;
	TEXT(port->text, "sim 57600 8E1");	/* rate 0 suits the device */
	CHECK(sync_with(port));
	EQUAL(ask(port, "\x00\xFF", 2, reply, 15), PORT_OK);
	EQUAL(port_now_ms(port), 2 * 16 + 19 * 11 * 1000 / 57600);
	port_close(port);
}

static void test_pace(void)
{
	struct port *port = open_port("sim:0x410,pace=1", 1200, "8e1");
	int64_t wall = clock_ms();

	if (port == NULL)
		return;
	CHECK(sync_with(port));		/* 22 bits: 18.3 ms */
	CHECK(clock_ms() - wall >= 17);
	port_close(port);
}

/* An application that sends text is heard while the host waits. */
static void test_application(void)
{
	struct port *port = open_port("sim:0x410,chatter=hi", 57600, "8e1");
	uint8_t text[8];

	if (port == NULL)
		return;
	EQUAL(port_read(port, text, 8, 1000), PORT_OK);
	BYTES(text, "hi\r\nhi\r\n", 8);
	CHECK(port_now_ms(port) >= 100);
	port_close(port);
}

static void test_refused(void)
{
	static const struct {
		const char *device;
		enum port_err err;
		const char *why;
	} cases[] = {
		{ "/dev/ttyUSB0", PORT_NODEV, "" },
		{ "sim:0x999", PORT_BAD_SETTINGS, "sim: \"0x999\" is no product ID or "
		  "part name of the device table, see --list-devices" },
		{ "sim:0x410,size=1M", PORT_IO, "sim: size=1048576: the "
		  "largest STM32F10xxx Medium-density has 131072" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct port_settings settings = { .device = cases[i].device };
		struct problem why = { "" };
		struct port *port;

		t_about(cases[i].device);
		EQUAL(sim_port_ops.open(&settings, &port, &why), cases[i].err);
		CHECK(port == NULL);
		TEXT(why.text, cases[i].why);
	}
}

int main(void)
{
	test_clock();
	test_knock();
	test_touch();
	test_flush();
	test_parity();
	test_seen();
	test_rate();
	test_latency();
	test_pace();
	test_application();
	test_refused();
	return t_done();
}
