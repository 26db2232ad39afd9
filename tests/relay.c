/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server between the program and `sim-server -t`, for the network tests: a
 * slow one, one that uses telnet, or one that misbehaves.
 *
 *	relay [KEY=VALUE...] PORT
 *
 * PORT is the device's, 0 for none. Prints its own port when it is ready and
 * serves one client after another until SIGTERM.
 *
 *	delay=MS	delays every byte, in both directions
 *	telnet=1	RFC 2217
 *	log=FILE	requests of the client, and at the end of each session
 *			the plain bytes to and from the device
 *	refuse=WHAT	comport, binary, rate, parity, lines, or purge, which
 *			then gets no answer
 *	die=N		ends the session after N bytes from the client
 *	stall=N		goes silent after N bytes from the client
 *	damage=N	reports a parity error after byte N of the device
 *	hide=A		replaces the first byte A from the device
 *	as=B		by B
 *	stale=TEXT	earlier output of the device: arrives with the first
 *			purge, or else on its own, late
 *	say=TEXT	sends only this, then ends the session
 *	flood=1		sends bytes without end
 *	rubbish=SEED	sends random bytes without end, half of them telnet
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "utils.h"

enum { SE = 240, SB = 250, WILL = 251, WONT = 252, DO = 253, DONT = 254,
       IAC = 255, BINARY = 0, SGA = 3, COMPORT = 44 };

#define HELD (1u << 20)
#define NEVER 256	/* no byte */

/* Bytes on their way: each is sent when it is due. */
struct line {
	uint8_t bytes[HELD];
	int64_t due_us[HELD];
	size_t at, len;
};

static const char *log_name, *refuse = "", *stale, *say;
static unsigned delay, telnet, die, stall, damage, flood, rubbish;
static unsigned hide = NEVER, as;
static const struct {
	const char *name;
	const char **text;
	unsigned *number;
} keys[] = {
	{ "delay", NULL, &delay }, { "telnet", NULL, &telnet },
	{ "log", &log_name, NULL }, { "refuse", &refuse, NULL },
	{ "die", NULL, &die }, { "stall", NULL, &stall },
	{ "damage", NULL, &damage }, { "stale", &stale, NULL },
	{ "say", &say, NULL }, { "flood", NULL, &flood },
	{ "rubbish", NULL, &rubbish },
	{ "hide", NULL, &hide }, { "as", NULL, &as },
};

static struct line to_client, to_device;
static FILE *log_file;
static size_t heard, sent, received;	/* from the client; plain both ways */
static uint8_t sub[64];
static size_t sub_len;
static enum { PLAIN, COMMAND, OPTION, IN_SUB, SUB_COMMAND } state;
static uint8_t verb;
static int64_t stale_us;

static void note(const char *fmt, ...)
{
	va_list args;

	if (log_file == NULL)
		return;
	va_start(args, fmt);
	(void)vfprintf(log_file, fmt, args);
	va_end(args);
	(void)fflush(log_file);
}

static void put(struct line *line, uint8_t byte)
{
	if (line->len == HELD)
		return;
	line->bytes[line->len] = byte;
	line->due_us[line->len++] = clock_us() + delay * INT64_C(1000);
}

static void put_all(struct line *line, const void *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		put(line, ((const uint8_t *)bytes)[i]);
}

static void put_plain(uint8_t byte)
{
	put(&to_client, byte);
	if (telnet && byte == IAC)
		put(&to_client, byte);
}

static void answer(uint8_t command, const uint8_t *value, size_t len)
{
	const uint8_t head[] = { IAC, SB, COMPORT, (uint8_t)(command + 100) };
	const uint8_t tail[] = { IAC, SE };
	size_t i;

	put_all(&to_client, head, sizeof(head));
	for (i = 0; i < len; i++)
		put_plain(value[i]);
	put_all(&to_client, tail, sizeof(tail));
}

static bool refuses(const char *what)
{
	return strcmp(refuse, what) == 0;
}

static void say_stale(void)
{
	for (; stale != NULL && *stale != '\0'; stale++)
		put_plain((uint8_t)*stale);
	stale = NULL;
}

static void control(uint8_t value)
{
	static const char *const names[] = {
		"flow ?", "flow none", "flow xon", "flow rts", "brk ?",
		"brk 1", "brk 0", "dtr ?", "dtr 1", "dtr 0", "rts ?", "rts 1",
		"rts 0",
	};
	uint8_t not_done[1] = { (uint8_t)(value % 3 == 2 ? value + 1
							 : value - 1) };

	note("%s\n", value < ARRAY_LEN(names) ? names[value] : "control");
	answer(5, value >= 4 && refuses("lines") ? not_done : &value, 1);
}

static void request(void)
{
	static const uint8_t one[1] = { 1 }, other_rate[4] = { 0, 0, 0x25, 0x80 };
	uint8_t command = sub[1];

	if (sub_len < 3 || sub[0] != COMPORT)
		return;
	if (command == 1 && sub_len == 6)
		note("rate %u\n", (unsigned)get_be32(sub + 2));
	else if (command >= 2 && command <= 4)
		note("%s %u\n", command == 2 ? "bits" : command == 3 ? "parity"
		     : "stop", sub[2]);
	else if (command == 12)
		note("purge %u\n", sub[2]);
	else if (command == 10)
		note("linestate mask %u\n", sub[2]);
	if (command == 5)
		control(sub[2]);
	else if (command == 12 && refuses("purge"))
		return;
	else if (command == 12)
		say_stale();
	if (command == 1 && refuses("rate"))
		answer(1, other_rate, 4);
	else if (command == 3 && refuses("parity"))
		answer(3, one, 1);
	else if (command != 5)
		answer(command, sub + 2, sub_len - 2);
}

static void negotiate(uint8_t option)
{
	bool known = option == BINARY || option == SGA || option == COMPORT;
	uint8_t reply[3] = { IAC, 0, option };

	if ((refuses("comport") && option == COMPORT) ||
	    (refuses("binary") && option == BINARY))
		known = false;
	if (verb == WILL)
		reply[1] = known ? DO : DONT;
	else if (verb == DO)
		reply[1] = known ? WILL : WONT;
	else
		note("%s %u\n", verb == WONT ? "wont" : "dont", option);
	if (reply[1] != 0)
		put_all(&to_client, reply, sizeof(reply));
}

static void plain(uint8_t byte)
{
	sent++;
	put(&to_device, byte);
}

static void hear_telnet(uint8_t byte)
{
	switch (state) {
	case PLAIN:
		if (byte == IAC)
			state = COMMAND;
		else
			plain(byte);
		return;
	case COMMAND:
		state = byte == SB ? IN_SUB : byte >= WILL && byte != IAC
		      ? OPTION : PLAIN;
		verb = byte;
		sub_len = 0;
		if (byte == IAC)
			plain(byte);
		return;
	case OPTION:
		negotiate(byte);
		state = PLAIN;
		return;
	case IN_SUB:
		if (byte == IAC)
			state = SUB_COMMAND;
		else if (sub_len < sizeof(sub))
			sub[sub_len++] = byte;
		return;
	case SUB_COMMAND:
		state = byte == IAC ? IN_SUB : PLAIN;
		if (byte == IAC && sub_len < sizeof(sub))
			sub[sub_len++] = byte;
		else if (byte == SE)
			request();
		return;
	}
}

/* --- a session ---------------------------------------------------------------- */

/* False if the other end is gone. */
static bool leave(struct line *line, int fd)
{
	int64_t now_us = clock_us();
	size_t end = line->at;
	ssize_t n;

	while (end < line->len && line->due_us[end] <= now_us)
		end++;
	if (end == line->at)
		return true;
	n = send(fd, line->bytes + line->at, end - line->at, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	line->at += (size_t)n;
	if (line->at == line->len)
		line->at = line->len = 0;
	return true;
}

static int until_due(const struct line *line)
{
	int64_t us;

	if (line->at == line->len)
		return 1000;
	us = line->due_us[line->at] - clock_us();
	return us <= 0 ? 1 : (int)(us / 1000) + 1;
}

static bool from_client(int fd)
{
	uint8_t bytes[4096];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0), i;

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	for (i = 0; i < n; i++) {
		heard++;
		if (die != 0 && heard > die)
			return false;
		if (stall != 0 && heard > stall)
			continue;
		if (telnet)
			hear_telnet(bytes[i]);
		else
			plain(bytes[i]);
	}
	return true;
}

static bool from_device(int fd)
{
	static const uint8_t parity_error[1] = { 1 << 2 };
	uint8_t bytes[4096];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0), i;

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	for (i = 0; i < n; i++) {
		if (bytes[i] == hide) {
			bytes[i] = (uint8_t)as;
			hide = NEVER;
		}
		put_plain(bytes[i]);
		if (++received == damage)
			answer(6, parity_error, 1);
	}
	return true;
}

static void misbehave(void)
{
	static const uint8_t telnets[] = { IAC, SB, WILL, DO, SE, COMPORT, 101,
					   105, 112, 100 };
	int i;

	if (stale != NULL && !telnet && clock_us() > stale_us)
		say_stale();
	for (i = 0; i < 512 && (flood || rubbish) &&
	     to_client.len < HELD / 2; i++) {
		unsigned r = (unsigned)rand();

		if (flood)
			put(&to_client, 'x');
		else
			put(&to_client, r & 1 ? telnets[r / 2 % sizeof(telnets)]
					      : (uint8_t)(r >> 8));
	}
}

static void session(int client, int device)
{
	bool lives = true;

	stale_us = clock_us() + 50000;
	while (lives) {
		int wait_ms = until_due(&to_client), other = until_due(&to_device);
		struct pollfd p[2] = {
			{ .fd = client, .events = POLLIN },
			{ .fd = device, .events = POLLIN },
		};

		misbehave();
		wait_ms = other < wait_ms ? other : wait_ms;
		if (flood || rubbish)
			wait_ms = 1;
		if (stale != NULL && !telnet && wait_ms > 20)
			wait_ms = 20;
		if (poll(p, device >= 0 ? 2 : 1, wait_ms) < 0)
			return;
		if (p[0].revents != 0)
			lives = from_client(client);
		if (lives && device >= 0 && p[1].revents != 0)
			lives = from_device(device);
		if (lives && !(stall != 0 && heard > stall))
			lives = leave(&to_client, client);
		if (lives && device >= 0)
			lives = leave(&to_device, device);
	}
}

static void serve(int client, unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int device = -1, on = 1;

	to_client.at = to_client.len = to_device.at = to_device.len = 0;
	heard = sent = received = 0;
	state = PLAIN;
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)fcntl(client, F_SETFL, O_NONBLOCK);
	if (say != NULL) {
		(void)!write(client, say, strlen(say));
		return;
	}
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons((uint16_t)port);
	if (port != 0) {
		device = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(device, (struct sockaddr *)&at, sizeof(at)) != 0)
			return;
		(void)setsockopt(device, IPPROTO_TCP, TCP_NODELAY, &on,
				 sizeof(on));
		(void)fcntl(device, F_SETFL, O_NONBLOCK);
	}
	session(client, device);
	note("sent %zu\nreceived %zu\n", sent, received);
	if (device >= 0)
		(void)close(device);
}

static bool set(const char *text)
{
	const char *value = strchr(text, '=');
	size_t i;

	for (i = 0; value != NULL && i < ARRAY_LEN(keys); i++) {
		size_t len = (size_t)(value - text);

		if (strlen(keys[i].name) != len ||
		    strncmp(keys[i].name, text, len) != 0)
			continue;
		if (keys[i].text != NULL) {
			*keys[i].text = value + 1;
			return true;
		}
		*keys[i].number = (unsigned)strtoul(value + 1, NULL, 0);
		return true;
	}
	return false;
}

static int listen_here(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 8) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	printf("%u\n", ntohs(at.sin_port));
	return fflush(stdout) == 0 ? fd : -1;
}

int main(int argc, char **argv)
{
	int i, listener;

	for (i = 1; i + 1 < argc; i++)
		if (!set(argv[i]))
			argc = 0;
	if (argc < 2) {
		fprintf(stderr, "usage: relay [KEY=VALUE...] PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	srand(rubbish);
	if (log_name != NULL)
		log_file = fopen(log_name, "w");
	listener = listen_here();
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0)
			return 1;
		serve(client, (unsigned)strtoul(argv[i], NULL, 10));
		(void)close(client);
	}
}
