/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial port on Unix, tested with ptys. They have no parity and no modem
 * lines; everything else is as on a wire. */
#define _XOPEN_SOURCE 700	/* posix_openpt() */

#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "host/serial.h"
#include "utils.h"

#include "tests/unit/t.h"

#define NOBODY 65534

/* The far end, and a second open slave that keeps the pty alive. */
struct pty {
	int master;
	int keeper;
	char name[64];
};

static struct pty pty_new(void)
{
	struct pty pty = { .master = posix_openpt(O_RDWR | O_NOCTTY) };

	if (pty.master < 0 || grantpt(pty.master) != 0 ||
	    unlockpt(pty.master) != 0) {
		perror("pseudo-terminal");
		exit(1);
	}
	(void)snprintf(pty.name, sizeof(pty.name), "%s", ptsname(pty.master));
	pty.keeper = open(pty.name, O_RDWR | O_NOCTTY);
	CHECK(pty.keeper >= 0);
	return pty;
}

static void pty_free(struct pty *pty)
{
	(void)close(pty->keeper);
	if (pty->master >= 0)
		(void)close(pty->master);
}

static struct port_settings settings_for(const char *device)
{
	return (struct port_settings){
		.device = device,
		.baud = 57600,
		.mode = { 8, 'e', 1 },
		.i2c_address = PORT_NO_ADDRESS,
	};
}

static struct port *opened(const struct port_settings *settings)
{
	struct port *port = NULL;
	struct problem why = { "" };

	EQUAL(port_open(settings, &port, &why), PORT_OK);
	TEXT(why.text, "");
	if (port == NULL)
		exit(t_done() | 1);
	return port;
}

static void write_far(const struct pty *pty, const void *bytes, size_t len)
{
	EQUAL(write(pty->master, bytes, len), len);
}

static bool read_far(const struct pty *pty, uint8_t *buf, size_t len)
{
	while (len > 0) {
		ssize_t n = read(pty->master, buf, len);

		if (n <= 0)
			return false;
		buf += n;
		len -= (size_t)n;
	}
	return true;
}

/* The rate in the kernel. Where the layout of its struct is known, bypasses
 * the tested code: struct termios2 of asm/termbits.h, which cannot be included
 * with <termios.h>. */
#if defined(__linux__) && (defined(__x86_64__) || defined(__i386__) || \
			   defined(__aarch64__) || defined(__arm__) || \
			   defined(__s390x__))
#include "host/linux_ioctl.h"

#define KERNEL_RATES
#define KERNEL_TCGETS2 0x802C542A
#define KERNEL_TCSETS2 0x402C542B
#define KERNEL_CBAUD 0x100Fu
#define KERNEL_BOTHER 0x1000u

struct kernel_termios {
	uint32_t iflag, oflag, cflag, lflag;
	uint8_t line, cc[19];
	uint32_t in, out;
};
#endif

/* qemu-user supports only the old calls, which have bits for some rates, and
 * no break. */
static bool has_any_rate(const struct pty *pty)
{
#ifdef KERNEL_RATES
	struct kernel_termios t;

	return linux_ioctl(pty->keeper, KERNEL_TCGETS2, &t) == 0 ||
	       errno != ENOSYS;
#else
	(void)pty;
	return true;
#endif
}

static uint32_t listed_rate_of(const struct pty *pty)
{
	struct termios t;

	if (tcgetattr(pty->keeper, &t) != 0 ||
	    cfgetispeed(&t) != cfgetospeed(&t))
		return 0;
	switch (cfgetospeed(&t)) {
	case B1200:
		return 1200;
	case B57600:
		return 57600;
	case B115200:
		return 115200;
	case B230400:
		return 230400;
	}
	return 0;
}

static uint32_t rate_of(const struct pty *pty, const struct port *port)
{
#ifdef KERNEL_RATES
	struct kernel_termios t;
#endif

	if (!has_any_rate(pty))
		return listed_rate_of(pty);
#ifdef KERNEL_RATES
	(void)port;
	if (linux_ioctl(pty->keeper, KERNEL_TCGETS2, &t) != 0 || t.in != t.out)
		return 0;
	return t.out;
#else
	return port->baud;
#endif
}

static void refuse_rate(const struct port_settings *settings)
{
	struct problem why = { "" };
	struct port *port = NULL;

	EQUAL(port_open(settings, &port, &why), PORT_UNSUPPORTED);
	CHECK(port == NULL);
	CHECK(strstr(why.text, ": this port does not support this rate") != NULL);
}

static void test_rates(void)
{
	static const struct {
		uint32_t rate;
		bool listed;
	} rates[] = {
		{ 57600, true }, { 250000, false }, { 1200, true },
		{ 115200, true }, { 76800, false }, { 1000000, false },
		{ 4000000, false }, { 12345, false }, { 230400, true },
	};
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	uint32_t other = has_any_rate(&pty) ? 250000 : 230400;
	struct port *port;
	char text[32];
	size_t i;

	for (i = 0; i < ARRAY_LEN(rates); i++) {
		settings.baud = rates[i].rate;
		(void)snprintf(text, sizeof(text), "%" PRIu32 " 8E1",
			       settings.baud);
		t_about(text);
		if (!rates[i].listed && !has_any_rate(&pty)) {
			refuse_rate(&settings);
			continue;
		}
		port = opened(&settings);
		EQUAL(port->baud, settings.baud);
		EQUAL(rate_of(&pty, port), settings.baud);
		TEXT(port->text, text);
		port_close(port);
	}

	t_about("changed while open");
	settings.baud = 57600;
	port = opened(&settings);
	EQUAL(port_set_baud(port, other), PORT_OK);
	EQUAL(port->baud, other);
	EQUAL(rate_of(&pty, port), other);
	(void)snprintf(text, sizeof(text), "%" PRIu32 " 8E1", other);
	TEXT(port->text, text);
	port_close(port);
	pty_free(&pty);
}

static const struct {
	struct serial_mode mode;
	unsigned bits;		/* per byte, 0: invalid mode */
	const char *text;
} modes[] = {
	{ { 8, 'e', 1 }, 11, "57600 8E1" },
	{ { 8, 'n', 1 }, 10, "57600 8N1" },
	{ { 8, 'o', 2 }, 12, "57600 8O2" },
	{ { 7, 'e', 1 }, 10, "57600 7E1" },
	{ { 5, 'n', 2 }, 8, "57600 5N2" },
	{ { 6, 'o', 1 }, 9, "57600 6O1" },
	{ { 4, 'n', 1 }, 0, "" },
	{ { 9, 'n', 1 }, 0, "" },
	{ { 8, 'x', 1 }, 0, "" },
	{ { 8, 'E', 1 }, 0, "" },
	{ { 8, 'n', 0 }, 0, "" },
	{ { 8, 'n', 3 }, 0, "" },
};

static void check_mode(struct pty *pty, size_t i)
{
	struct port_settings settings = settings_for(pty->name);
	struct port *port = NULL;
	struct problem why = { "" };
	struct termios t;

	settings.mode = modes[i].mode;
	if (modes[i].bits == 0) {
		EQUAL(port_open(&settings, &port, &why), PORT_UNSUPPORTED);
		CHECK(port == NULL);
		CHECK(strstr(why.text, "the mode is not one of") != NULL);
		return;
	}
	port = opened(&settings);
	TEXT(port->text, modes[i].text);
	EQUAL(port->bits_per_byte, modes[i].bits);
	EQUAL(tcgetattr(pty->keeper, &t), 0);
	EQUAL((t.c_cflag & CSTOPB) != 0, modes[i].mode.stop_bits == 2);
	EQUAL((t.c_cflag & PARODD) != 0, modes[i].mode.parity == 'o');
	EQUAL(t.c_iflag, modes[i].mode.parity != 'n' ? INPCK | PARMRK : 0);
	EQUAL(t.c_oflag, 0);
	EQUAL(t.c_lflag, 0);
	CHECK(t.c_cflag & CLOCAL);
	CHECK(!(t.c_cflag & HUPCL));
	port_close(port);
}

static void test_modes(void)
{
	struct pty pty = pty_new();
	size_t i;

	for (i = 0; i < ARRAY_LEN(modes); i++) {
		t_about(modes[i].bits ? modes[i].text : "not a mode");
		check_mode(&pty, i);
	}
	pty_free(&pty);
}

/* Every byte value passes unchanged in both directions. */
static void test_bytes(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);
	uint8_t all[256], got[256];
	size_t i;

	t_about("bytes");
	for (i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	EQUAL(port_write(port, all, sizeof(all)), PORT_OK);
	CHECK(read_far(&pty, got, sizeof(got)));
	BYTES(got, all, sizeof(all));

	memset(got, 0xAA, sizeof(got));
	write_far(&pty, all, sizeof(all));
	EQUAL(port_read(port, got, 100, 1000), PORT_OK);
	EQUAL(port_read(port, got + 100, 156, 1000), PORT_OK);
	BYTES(got, all, sizeof(all));
	EQUAL(port->sent, 256);
	EQUAL(port->received, 256);

	t_about("flush");
	write_far(&pty, "stale", 5);
	EQUAL(port_read(port, got, 1, 1000), PORT_OK);
	EQUAL(port_flush(port), PORT_OK);
	EQUAL(port_read(port, got, 1, 0), PORT_TIMEOUT);
	port_close(port);
	pty_free(&pty);
}

/* With PARMRK the system doubles every FF, also on a pty. */
static void check_full_bytes(const struct pty *pty, uint32_t baud, char parity)
{
	static const uint8_t pattern[] = { 0xFF, 0x00, 0xFF, 0xFF, 0x00, 0x41,
					   0xFF, 0xFF, 0xFF, 0x00, 0x00 };
	struct port_settings settings = settings_for(pty->name);
	struct port *port;
	uint8_t sent[1021], got[sizeof(sent)];
	size_t len, i, n;

	settings.baud = baud;
	settings.mode.parity = parity;
	port = opened(&settings);
	for (i = 0; i < sizeof(sent); i++)
		sent[i] = i < 500 ? 0xFF : pattern[i % sizeof(pattern)];
	/* reads of every length, so that some end within a pair */
	for (len = 1; len < 40; len++) {
		write_far(pty, sent, sizeof(sent));
		memset(got, 0xAA, sizeof(got));
		for (i = 0; i < sizeof(sent); i += n) {
			n = sizeof(sent) - i < len ? sizeof(sent) - i : len;
			if (!EQUAL(port_read(port, got + i, n, 1000), PORT_OK))
				break;
		}
		BYTES(got, sent, sizeof(sent));
		EQUAL(port_read(port, got, 1, 0), PORT_TIMEOUT);
	}
	port_close(port);
}

static void test_full_bytes(void)
{
	struct pty pty = pty_new();

	t_about("FF, 8E1");
	check_full_bytes(&pty, 57600, 'e');
	t_about("FF, 8O1");
	check_full_bytes(&pty, 57600, 'o');
	t_about("FF, 8N1");
	check_full_bytes(&pty, 57600, 'n');
	t_about("FF, as found");
	check_full_bytes(&pty, 0, 'n');
	pty_free(&pty);
}

/* From here on the system passes bytes unchanged, so that the far end can send
 * the marks of a wire. */
static void mark_by_hand(const struct pty *pty)
{
	struct termios t;

	EQUAL(tcgetattr(pty->keeper, &t), 0);
	CHECK(t.c_iflag & PARMRK);
	t.c_iflag = 0;
	EQUAL(tcsetattr(pty->keeper, TCSANOW, &t), 0);
}

static void test_damaged(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);
	uint8_t got[8];

	mark_by_hand(&pty);
	t_about("a damaged byte in the middle");
	write_far(&pty, "AB\xFF\x00" "CD\xFF\xFF" "E", 9);
	EQUAL(port_read(port, got, 6, 1000), PORT_PARITY);
	BYTES(got, "AB\0D\xFF" "E", 6);
	t_about("it is told once");
	write_far(&pty, "FG", 2);
	EQUAL(port_read(port, got, 2, 1000), PORT_OK);
	BYTES(got, "FG", 2);

	t_about("a break");
	write_far(&pty, "\xFF\x00\x00", 3);
	EQUAL(port_read(port, got, 1, 1000), PORT_PARITY);
	EQUAL(got[0], 0);
	EQUAL(port_read(port, got, 1, 0), PORT_TIMEOUT);

	t_about("a mark that comes in pieces");
	write_far(&pty, "A\xFF", 2);
	EQUAL(port_read(port, got, 2, 20), PORT_TIMEOUT);
	write_far(&pty, "\x00", 1);
	EQUAL(port_read(port, got, 1, 20), PORT_TIMEOUT);
	write_far(&pty, "CD", 2);
	EQUAL(port_read(port, got, 2, 1000), PORT_PARITY);
	BYTES(got, "\0D", 2);

	t_about("half a mark that is thrown away");
	write_far(&pty, "\xFF", 1);
	EQUAL(port_read(port, got, 1, 20), PORT_TIMEOUT);
	EQUAL(port_flush(port), PORT_OK);
	write_far(&pty, "A", 1);
	EQUAL(port_read(port, got, 1, 1000), PORT_OK);
	EQUAL(got[0], 'A');
	port_close(port);
	pty_free(&pty);
}

/* Sets values that no program would choose. */
static void disturb(const struct pty *pty)
{
	struct termios t;

	EQUAL(tcgetattr(pty->keeper, &t), 0);
	t.c_iflag = IXON | ICRNL;
	t.c_oflag = OPOST;
	t.c_lflag = ICANON | ECHO | ISIG;
	t.c_cflag |= CSTOPB | HUPCL | CREAD;
	t.c_cc[VMIN] = 7;
	t.c_cc[VTIME] = 9;
	EQUAL(cfsetispeed(&t, B1200), 0);
	EQUAL(cfsetospeed(&t, B1200), 0);
	EQUAL(tcsetattr(pty->keeper, TCSANOW, &t), 0);
}

static void check_restored(struct pty *pty, uint32_t baud, uint32_t found_rate)
{
	struct port_settings settings = settings_for(pty->name);
	struct termios before, after;
	struct port *port;

	/* musl does not set the last bytes of c_cc */
	memset(&before, 0, sizeof(before));
	memset(&after, 0, sizeof(after));
	EQUAL(tcgetattr(pty->keeper, &before), 0);
	settings.baud = baud;
	port = opened(&settings);
	if (baud == 0) {
		EQUAL(port->baud, found_rate);
		EQUAL(rate_of(pty, port), found_rate);
		/* Start, 8, and the 2 stop bits found at open. */
		EQUAL(port->bits_per_byte, 11);
	}
	EQUAL(port_set_baud(port, 115200), PORT_OK);
	port_close(port);
	EQUAL(tcgetattr(pty->keeper, &after), 0);
	EQUAL(after.c_iflag, before.c_iflag);
	EQUAL(after.c_oflag, before.c_oflag);
	EQUAL(after.c_lflag, before.c_lflag);
	CHECK(before.c_cflag & HUPCL);
	EQUAL(after.c_cflag, before.c_cflag);
	BYTES(after.c_cc, before.c_cc, sizeof(after.c_cc));
	EQUAL(cfgetospeed(&after), cfgetospeed(&before));
}

static void test_restored(void)
{
	static const uint32_t rates[] = { 57600, 250000, 0 };
	struct pty pty = pty_new();
	size_t i;

	for (i = 0; i < ARRAY_LEN(rates); i++) {
		if (rates[i] == 250000 && !has_any_rate(&pty))
			continue;
		t_about("restored");
		disturb(&pty);
		check_restored(&pty, rates[i], 1200);
	}
	pty_free(&pty);
}

/* POSIX's struct termios cannot hold such a rate. */
static void test_restored_rate(void)
{
#ifdef KERNEL_RATES
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct kernel_termios t;

	if (!has_any_rate(&pty)) {
		pty_free(&pty);
		return;
	}
	t_about("restored, a rate off the list");
	EQUAL(linux_ioctl(pty.keeper, KERNEL_TCGETS2, &t), 0);
	t.cflag = (t.cflag & ~KERNEL_CBAUD) | KERNEL_BOTHER;
	t.in = t.out = 123456;
	EQUAL(linux_ioctl(pty.keeper, KERNEL_TCSETS2, &t), 0);
	port_close(opened(&settings));
	EQUAL(rate_of(&pty, NULL), 123456);
	settings.baud = 0;
	port_close(opened(&settings));
	EQUAL(rate_of(&pty, NULL), 123456);
	pty_free(&pty);
#endif
}

/* A read does not time out before its deadline. */
static void test_deadline(void)
{
	static const unsigned timeouts[] = { 0, 1, 7, 20, 50, 120 };
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);
	uint8_t buf[4];
	size_t i;

	t_about("deadline");
	for (i = 0; i < ARRAY_LEN(timeouts); i++) {
		int64_t start_us = clock_us();
		size_t got = 9;

		EQUAL(port->ops->read(port, buf, sizeof(buf), timeouts[i],
				      &got), PORT_TIMEOUT);
		CHECK(clock_us() - start_us >= (int64_t)timeouts[i] * 1000);
		EQUAL(got, 0);

		t_about("deadline, some bytes came");
		write_far(&pty, "ab", 2);
		start_us = clock_us();
		EQUAL(port->ops->read(port, buf, sizeof(buf),
				      timeouts[i] + 20, &got), PORT_TIMEOUT);
		CHECK(clock_us() - start_us >=
		      (int64_t)(timeouts[i] + 20) * 1000);
		EQUAL(got, 2);
		BYTES(buf, "ab", 2);
	}
	port_close(port);
	pty_free(&pty);
}

/* Occasional bytes do not extend the deadline. */
static void test_dribble(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);
	uint8_t buf[100];
	size_t got;
	pid_t pid;
	int i;

	t_about("dribble");
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 40; i++) {
			if (write(pty.master, "x", 1) != 1)
				break;
			clock_sleep_ms(20);
		}
		_exit(0);
	}
	EQUAL(port->ops->read(port, buf, sizeof(buf), 200, &got),
	      PORT_TIMEOUT);
	CHECK(got > 0);
	CHECK(got < 40);
	port_close(port);
	pty_free(&pty);
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static void test_gone(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);
	uint8_t buf[4] = { 0 };

	t_about("far end gone");
	(void)close(pty.master);
	pty.master = -1;
	EQUAL(port_read(port, buf, sizeof(buf), 5000), PORT_CLOSED);
	EQUAL(port_write(port, buf, sizeof(buf)), PORT_CLOSED);
	port_close(port);
	pty_free(&pty);
}

/* The child holds the port until the pipe is closed. */
static pid_t hold(const struct port_settings *settings, int ready[2],
		  int done[2])
{
	pid_t pid;

	CHECK(pipe(ready) == 0 && pipe(done) == 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct port *port = NULL;
		struct problem why;
		char c = 'n';

		(void)close(done[1]);
		if (port_open(settings, &port, &why) == PORT_OK)
			c = 'y';
		if (write(ready[1], &c, 1) != 1)
			_exit(1);
		while (read(done[0], &c, 1) > 0)
			;
		port_close(port);
		_exit(0);
	}
	(void)close(done[0]);
	return pid;
}

static void test_busy(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = NULL;
	struct problem why = { "" };
	int ready[2], done[2];
	pid_t pid = hold(&settings, ready, done);
	char c = 0, who[32];

	t_about("busy");
	EQUAL(read(ready[0], &c, 1), 1);
	EQUAL(c, 'y');
	EQUAL(port_open(&settings, &port, &why), PORT_BUSY);
	CHECK(port == NULL);
	CHECK(strstr(why.text, "in use by") != NULL);
#ifdef __linux__
	(void)snprintf(who, sizeof(who), "(pid %ld)", (long)pid);
	if (geteuid() == 0 && !CHECK(strstr(why.text, who) != NULL))
		printf("  expected \"%s\" in \"%s\"\n", who, why.text);
#else
	(void)who;
#endif
	(void)close(done[1]);
	CHECK(waitpid(pid, NULL, 0) == pid);
	port = opened(&settings);
	port_close(port);
	(void)close(ready[0]);
	(void)close(ready[1]);
	pty_free(&pty);
}

/* Other programs lock too, in different ways. */
static void test_flock(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = NULL;
	struct problem why = { "" };

	t_about("locked by flock()");
	EQUAL(flock(pty.keeper, LOCK_EX | LOCK_NB), 0);
	EQUAL(port_open(&settings, &port, &why), PORT_BUSY);
	CHECK(port == NULL);
	EQUAL(flock(pty.keeper, LOCK_UN), 0);
	port = opened(&settings);
	CHECK(flock(pty.keeper, LOCK_SH | LOCK_NB) != 0);
	port_close(port);
	EQUAL(flock(pty.keeper, LOCK_SH | LOCK_NB), 0);
	pty_free(&pty);
}

static void test_lines(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port = opened(&settings);

	t_about("lines of a pty");
	EQUAL(port_set_line(port, PORT_LINE_RTS, true), PORT_UNSUPPORTED);
	EQUAL(port_set_line(port, PORT_LINE_DTR, false), PORT_UNSUPPORTED);
	if (has_any_rate(&pty)) {
		EQUAL(port_set_line(port, PORT_LINE_BREAK, true), PORT_OK);
		EQUAL(port_set_line(port, PORT_LINE_BREAK, false), PORT_OK);
	}
	port_close(port);
	pty_free(&pty);
}

/* More than the queues hold: complete if the far end reads, an error if not. */
static void test_long_write(void)
{
	static uint8_t out[200000], in[sizeof(out)];
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	struct port *port;
	int64_t start_us;
	int status = -1;
	size_t i;
	pid_t pid;

	t_about("long write");
	settings.baud = has_any_rate(&pty) ? 4000000 : 460800;
	port = opened(&settings);
	for (i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 7 + i / 251);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(read_far(&pty, in, sizeof(in)) &&
		      memcmp(in, out, sizeof(in)) == 0 ? 0 : 1);
	EQUAL(port_write(port, out, sizeof(out)), PORT_OK);
	CHECK(waitpid(pid, &status, 0) == pid);
	EQUAL(status, 0);

	t_about("stuck write");
	start_us = clock_us();
	errno = 0;
	EQUAL(port_write(port, out, sizeof(out)), PORT_IO);
	EQUAL(errno, ETIMEDOUT);
	/* At least 550 ms on the wire, plus the second. */
	CHECK(clock_us() - start_us >= 1550000);
	port_close(port);
	pty_free(&pty);
}

static void check_name(const char *name, enum port_err err, const char *text)
{
	struct port_settings settings = settings_for(name);
	struct port *port = (struct port *)&settings;
	struct problem why = { "" };

	t_about(name);
	EQUAL(port_open(&settings, &port, &why), err);
	CHECK(port == NULL);
	if (!CHECK(strstr(why.text, text) != NULL))
		printf("  expected \"%s\" in \"%s\"\n", text, why.text);
	CHECK(strstr(why.text, name) == why.text);
}

static void test_names(void)
{
	char file[] = "/tmp/test_serial.XXXXXX";
	int fd = mkstemp(file);

	CHECK(fd >= 0);
	check_name(file, PORT_NODEV, "a file, not a serial port");
	(void)unlink(file);
	(void)close(fd);
	check_name(file, PORT_NODEV, "no such device; is the adapter plugged");
	check_name("/", PORT_NODEV, "a directory, not a serial port");
	check_name("/dev/null", PORT_NODEV, "not a serial port");
	check_name("/dev/null/x", PORT_NODEV, "no such device");
	check_name("", PORT_NODEV, "no such device");
}

/* Root may open everything, so another user tries. */
static void test_denied(void)
{
	struct pty pty = pty_new();
	struct port_settings settings = settings_for(pty.name);
	int status = -1;
	pid_t pid;

	t_about("denied");
	EQUAL(chmod(pty.name, 0), 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct port *port = NULL;
		struct problem why = { "" };
		enum port_err err;

		if (geteuid() == 0 && setuid(NOBODY) != 0)
			_exit(2);
		err = port_open(&settings, &port, &why);
		_exit(err == PORT_DENIED && port == NULL &&
		      strstr(why.text, "permission denied") != NULL ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	EQUAL(status, 0);
	pty_free(&pty);
}

/* The master is no port, but behaves like a driver that silently drops parity,
 * and is not the slave of a pty. */
static void test_parity_lost(void)
{
#ifdef __linux__
	struct port_settings settings = settings_for("/dev/ptmx");
	struct port *port;
	struct problem why = { "" };

	t_about("parity lost");
	EQUAL(port_open(&settings, &port, &why), PORT_OK);
	CHECK(strstr(why.text, "did not set 8e1: it has no parity") != NULL);
	port_close(port);

	t_about("no parity to lose");
	settings.mode.parity = 'n';
	EQUAL(port_open(&settings, &port, &why), PORT_OK);
	TEXT(why.text, "");
	port_close(port);
#endif
}

/* Which rates are close enough. */
static void test_near(void)
{
	t_about("rates near each other");
	CHECK(serial_rate_near(57600, 57600));
	CHECK(serial_rate_near(115200, 117647));
	CHECK(serial_rate_near(1000, 1025));
	CHECK(serial_rate_near(1000, 975));
	CHECK(!serial_rate_near(1000, 1026));
	CHECK(!serial_rate_near(1000, 974));
	CHECK(!serial_rate_near(57600, 9600));
	CHECK(!serial_rate_near(57600, 0));
	CHECK(!serial_rate_near(1, UINT32_MAX));
}

int main(void)
{
	test_near();
	test_names();
	test_denied();
	test_rates();
	test_modes();
	test_parity_lost();
	test_bytes();
	test_full_bytes();
	test_damaged();
	test_restored();
	test_restored_rate();
	test_deadline();
	test_dribble();
	test_gone();
	test_busy();
	test_flock();
	test_lines();
	test_long_write();
	return t_done();
}
