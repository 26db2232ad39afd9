/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link on a framed port: BUSY and the number of polls, deadlines, and
 * resynchronisation. */
#include "protocol/link.h"

#include "tests/unit/t.h"
#include "utils.h"

#define CHIP "sim:i2c:0x460,size=32K"	/* protocol 1.2 */

static bool open_link(struct link *link, const char *device)
{
	struct port_settings settings = { .device = device,
					  .i2c_address = PORT_NO_ADDRESS };
	struct problem why = { "" };

	t_about(device);
	memset(link, 0, sizeof(*link));
	return CHECK(port_open(&settings, &link->port, &why) == PORT_OK) &&
	       EQUAL(link->port->caps, PORT_FRAMED | PORT_SIMULATED);
}

static enum stm32_err send(struct link *link, const char *bytes, size_t len)
{
	return link_send(link, (const uint8_t *)bytes, len);
}

/* Reads bytes without checking them. */
static void take(struct link *link, size_t len)
{
	uint8_t bytes[32];

	EQUAL(link_receive(link, bytes, len, 0), STM32_OK);
}

/* A new command works: no answer is left over. */
static void check_in_step(struct link *link)
{
	uint8_t version = 0;

	EQUAL(send(link, "\x01\xFE", 2), STM32_OK);
	EQUAL(link_ack(link, 0), STM32_OK);
	EQUAL(link_receive(link, &version, 1, 0), STM32_OK);
	EQUAL(version, 0x12);
	EQUAL(link_ack(link, 0), STM32_OK);
}

/* Reads this many bytes of the list from Get, then resynchronises. */
static const struct {
	size_t read;
	int64_t least_ms, most_ms;
} gets[] = {
	{ 20, 10000, 10500 },	/* the ACK is pending */
	{ 19, 10000, 10500 },	/* the ACK is pending after one more byte */
	{ 18, 10000, 10500 },
	{ 1, 10000, 10500 },
};

static void test_resync(void)
{
	struct link link;
	int64_t before;
	size_t i;

	for (i = 0; i < ARRAY_LEN(gets); i++) {
		if (!open_link(&link, CHIP))
			return;
		EQUAL(send(&link, "\x00\xFF", 2), STM32_OK);
		EQUAL(link_ack(&link, 0), STM32_OK);
		take(&link, gets[i].read);
		before = port_now_ms(link.port);
		EQUAL(link_resync(&link), STM32_OK);
		CHECK(port_now_ms(link.port) - before >= gets[i].least_ms);
		CHECK(port_now_ms(link.port) - before <= gets[i].most_ms);
		check_in_step(&link);
		port_close(link.port);
	}
}

/* A leftover byte comes before every answer. */
static void test_shifted(void)
{
	struct link link;

	if (!open_link(&link, CHIP))
		return;
	EQUAL(send(&link, "\x00\xFF", 2), STM32_OK);
	EQUAL(link_ack(&link, 0), STM32_OK);
	take(&link, 19);
	EQUAL(link_ack(&link, 0), STM32_GARBLED);
	EQUAL(link_resync(&link), STM32_OK);
	CHECK(port_now_ms(link.port) < 500);	/* without a reset */
	check_in_step(&link);
	port_close(link.port);
}

static void erase_all(struct link *link)
{
	EQUAL(send(link, "\x45\xBA", 2), STM32_OK);
	EQUAL(link_ack(link, 0), STM32_OK);
	EQUAL(send(link, "\xFF\xFF\x00", 3), STM32_OK);
}

static const struct {
	const char *device;
	unsigned work_ms;	/* announced */
	enum stm32_err err;
	int64_t least_ms, most_ms;
	unsigned fewest, most;	/* polls */
} polls[] = {
	{ CHIP ",busy=0", 1000, STM32_OK, 2, 4, 1, 1 },
	{ CHIP ",busy=1", 1000, STM32_OK, 2, 4, 1, 1 },
	{ CHIP ",busy=3", 1000, STM32_OK, 3, 9, 2, 2 },
	{ CHIP ",busy=1000", 1000, STM32_OK, 1000, 1010, 100, 500 },
	{ CHIP ",busy=1000,stretchbusy=1", 1000, STM32_OK, 1000, 1010, 50,
	  250 },
	{ CHIP ",busy=1000,nackbusy=1", 1000, STM32_OK, 1000, 1010, 1, 1 },
	{ CHIP ",busy=1000,stretchbusy=1,i2ctimeout=20", 1000, STM32_OK, 1000,
	  1030, 50, 250 },
	{ CHIP ",busy=60000", 1000, STM32_TIMEOUT, 1500, 1510, 150, 750 },
	{ CHIP ",busy=60000,nackbusy=1", 1000, STM32_TIMEOUT, 1500, 1510, 0,
	  0 },
};

static void test_polls(void)
{
	struct link link;
	int64_t before;
	uint64_t received;
	size_t i;

	for (i = 0; i < ARRAY_LEN(polls); i++) {
		if (!open_link(&link, polls[i].device))
			return;
		erase_all(&link);
		before = port_now_ms(link.port);
		received = link.port->received;
		EQUAL(link_ack(&link, polls[i].work_ms), polls[i].err);
		before = port_now_ms(link.port) - before;
		received = link.port->received - received;
		if (!CHECK(before >= polls[i].least_ms &&
			   before <= polls[i].most_ms))
			printf("  %" PRId64 " ms\n", before);
		if (!CHECK(received >= polls[i].fewest &&
			   received <= polls[i].most))
			printf("  %" PRIu64 " polls\n", received);
		port_close(link.port);
	}
}

static const struct {
	const char *device;
	enum port_err reason;
	int64_t most_ms;
} dead[] = {
	{ CHIP ",mute=1", PORT_NO_ANSWER, 2000 },
	{ CHIP ",silent=version:1,giveup=600000,i2ctimeout=1000",
	  PORT_STRETCHED, 27000 },
};

static void test_dead(void)
{
	struct link link;
	size_t i;

	for (i = 0; i < ARRAY_LEN(dead); i++) {
		if (!open_link(&link, dead[i].device))
			return;
		(void)send(&link, "\x01\xFE", 2);
		(void)link_ack(&link, 0);
		EQUAL(link_resync(&link), STM32_TIMEOUT);
		EQUAL(link.port_err, dead[i].reason);
		CHECK(port_now_ms(link.port) <= dead[i].most_ms);
		port_close(link.port);
	}
}

/* An adapter whose driver has one error code for everything. */
struct adapter {
	struct port base;
	int64_t now_us;
	enum port_err err;
	unsigned failures;	/* still to come */
};

static enum port_err adapter_read(struct port *port, uint8_t *buf, size_t len,
				  unsigned timeout_ms, size_t *got)
{
	struct adapter *a = (struct adapter *)port;

	(void)timeout_ms;
	*got = 0;
	if (a->failures > 0) {
		a->failures--;
		return a->err;
	}
	memset(buf, ACK, len);
	*got = len;
	return PORT_OK;
}

static enum port_err adapter_write(struct port *port, const uint8_t *buf,
				   size_t len)
{
	struct adapter *a = (struct adapter *)port;

	(void)buf, (void)len;
	if (a->failures == 0)
		return PORT_OK;
	a->failures--;
	return a->err;
}

static int64_t adapter_now_us(struct port *port)
{
	return ((struct adapter *)port)->now_us;
}

static void adapter_sleep_ms(struct port *port, unsigned ms)
{
	((struct adapter *)port)->now_us += ms * INT64_C(1000);
}

static const struct port_ops adapter_ops = {
	.read = adapter_read, .write = adapter_write,
	.now_us = adapter_now_us, .sleep_ms = adapter_sleep_ms,
};

static const struct {
	enum port_err err;
	unsigned failures;
	unsigned work_ms;
	enum stm32_err ack, send;
} errors[] = {
	{ PORT_IO, 5, 100, STM32_OK, STM32_TIMEOUT },	/* busy, most likely */
	{ PORT_IO, 1, 0, STM32_OK, STM32_TIMEOUT },	/* or noise */
	{ PORT_IO, 9999, 100, STM32_TIMEOUT, STM32_TIMEOUT },
	{ PORT_NO_ANSWER, 2, 0, STM32_OK, STM32_OK },
	{ PORT_NO_ANSWER, 3, 0, STM32_OK, STM32_TIMEOUT },
	{ PORT_NO_ANSWER, 9999, 100, STM32_TIMEOUT, STM32_TIMEOUT },
	{ PORT_STRETCHED, 5, 100, STM32_OK, STM32_TIMEOUT },
	{ PORT_CLOSED, 1, 100, STM32_PORT, STM32_PORT },
};

static void test_errors(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(errors); i++) {
		struct adapter a = { .base = { .ops = &adapter_ops,
					       .caps = PORT_FRAMED },
				     .err = errors[i].err,
				     .failures = errors[i].failures };
		struct link link = { .port = &a.base };

		t_about(port_strerror(errors[i].err));
		EQUAL(link_ack(&link, errors[i].work_ms), errors[i].ack);
		CHECK(a.now_us <= INT64_C(700000));
		a.failures = errors[i].failures;
		EQUAL(send(&link, "\x01\xFE", 2), errors[i].send);
		if (errors[i].send != STM32_OK)
			EQUAL(link.port_err, errors[i].err);
	}
}

int main(void)
{
	test_resync();
	test_shifted();
	test_polls();
	test_dead();
	test_errors();
	return t_done();
}
