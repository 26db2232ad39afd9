/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim-server: the simulated device behind a pty, so that the whole program can
 * be tested with a serial port; or on an I2C bus that a preloaded library
 * emulates by a socket.
 *
 *	sim-server [-n] sim:ID[,key=value...]
 *	sim-server -t PORT sim:ID[,key=value...]
 *	sim-server -i SOCKET sim:i2c:ID[,key=value...]
 *
 * -t: listens at that TCP port of this machine only, 0 for any free one, for
 * one client at a time; the device keeps its state between them. Prints the
 * name of the pty, port or socket when it is ready, then serves until SIGTERM
 * or SIGINT; SIGUSR1 writes the files. -n only checks the specification. A pty
 * has no parity and no modem lines.
 */
/* Not _DEFAULT_SOURCE alone: glibc has posix_openpt() and its like here. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "sim/sim.h"
#include "sim/spec.h"
#include "tests/preload/i2c_wire.h"
#include "utils.h"

#define BITS_PER_BYTE 11	/* 8E1, which a pty does not show */
#define DEFAULT_BAUD 115200
/* How long a running application waits for its next slice. */
#define SLICE_MS 20

static volatile sig_atomic_t stop, save;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		save = 1;
	else
		stop = 1;
}

struct server {
	struct sim *sim;
	int master, slave;
	const char *socket;	/* NULL: no bus */
	const char *tcp_port;	/* NULL: a pty */
	int listener, bus;	/* -1: the bus is not open */
	bool pace;
	bool overrun;		/* the bytes of a frame arrive one after
				 * another */
	int64_t skipped_us;	/* device time that passed without a wait */
	int64_t heard_ns;	/* end of the last byte from the host */
	int64_t spoken_us;	/* and of the last byte to it */
};

/* The device's time: real time plus the skipped time. */
static int64_t now_us(const struct server *server)
{
	return clock_us() + server->skipped_us;
}

static int64_t byte_ns(const struct server *server)
{
	static const struct {
		speed_t speed;
		unsigned baud;
	} rates[] = {
		{ B1200, 1200 }, { B2400, 2400 }, { B4800, 4800 },
		{ B9600, 9600 }, { B19200, 19200 }, { B38400, 38400 },
#ifdef B57600
		{ B57600, 57600 }, { B115200, 115200 },
#endif
#ifdef B230400
		{ B230400, 230400 },
#endif
#ifdef B460800
		{ B460800, 460800 }, { B921600, 921600 },
#endif
	};
	struct termios term;
	unsigned baud = DEFAULT_BAUD;
	size_t i;

	if (tcgetattr(server->slave, &term) == 0)
		for (i = 0; i < ARRAY_LEN(rates); i++)
			if (rates[i].speed == cfgetospeed(&term))
				baud = rates[i].baud;
	return BITS_PER_BYTE * INT64_C(1000000000) / baud;
}

/* True if the byte may be sent; else *wait_ms is the time to wait. */
static bool may_leave(struct server *server, int64_t due_us, int *wait_ms)
{
	int64_t now = now_us(server);

	if (server->pace || server->overrun) {
		if (due_us < server->spoken_us)
			due_us = server->spoken_us;
		due_us += (byte_ns(server) + 999) / 1000;
	}
	if (!server->pace && due_us > now &&
	    sim_state(server->sim) != SIM_APPLICATION) {
		/* do not wait for erasing and programming */
		server->skipped_us += due_us - now;
		now = due_us;
	}
	if (due_us > now) {
		*wait_ms = (int)((due_us - now + 999) / 1000);
		return false;
	}
	server->spoken_us = due_us;
	return true;
}

/*
 * Sends what is due. Returns how long poll() may wait: -1 without limit.
 * *blocked: the pty accepts no more at the moment.
 */
static int speak(struct server *server, bool *blocked)
{
	int64_t due_us;
	uint8_t byte;
	int wait_ms;

	*blocked = false;
	while (sim_peek(server->sim, &byte, &due_us)) {
		ssize_t n;

		if (!may_leave(server, due_us, &wait_ms))
			return wait_ms;
		n = write(server->master, &byte, 1);
		if (n < 0 && errno == EINTR)
			return 0;
		if (n <= 0) {
			*blocked = true;
			return -1;
		}
		sim_sent(server->sim);
	}
	return sim_state(server->sim) == SIM_APPLICATION ? SLICE_MS : -1;
}

/* False if the pty or the client is gone. */
static bool listen_to_host(struct server *server)
{
	uint8_t bytes[512];
	ssize_t n = read(server->master, bytes, sizeof(bytes));
	int64_t byte = byte_ns(server);
	int64_t step = server->pace || server->overrun ? byte : 0;
	int64_t now_ns = now_us(server) * 1000;
	ssize_t i;

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	sim_byte_time(server->sim, byte);
	if (server->heard_ns < now_ns)
		server->heard_ns = now_ns;
	for (i = 0; i < n; i++) {
		server->heard_ns += step;
		sim_receive(server->sim, bytes[i], true,
			    (server->heard_ns + 999) / 1000);
	}
	return n > 0;
}

static void save_files(const struct server *server)
{
	struct problem why;

	save = 0;
	if (!sim_save(server->sim, &why))
		(void)fprintf(stderr, "sim-server: %s\n", why.text);
}

/* --- the bus ---------------------------------------------------------------- */

static int32_t error_of(enum sim_bus result)
{
	switch (result) {
	case SIM_BUS_OK:
		return 0;
	case SIM_BUS_NACK:
		return ENXIO;
	case SIM_BUS_HELD:
		return ETIMEDOUT;
	}
	return EIO;
}

/* Executes one transaction. False if the host has closed the bus. */
static bool answer_request(struct server *server)
{
	struct i2c_request request;
	struct i2c_reply reply;
	struct sim_transaction t = { .now_us = now_us(server) };

	if (recv(server->bus, &request, sizeof(request), 0) !=
	    (ssize_t)sizeof(request) || request.len > I2C_WIRE_MAX)
		return false;
	t.read = request.read != 0;
	t.address = request.address;
	t.bytes = t.read ? reply.bytes : request.bytes;
	t.len = request.len;
	t.patience_us = request.timeout_ms * INT64_C(1000);
	reply.error = error_of(sim_transact(server->sim, &t));
	/* do not wait for a stretched clock */
	if (server->pace)
		clock_sleep_ms((unsigned)((t.end_us - t.now_us) / 1000));
	else
		server->skipped_us += t.end_us - t.now_us;
	return send(server->bus, &reply, sizeof(reply), 0) ==
	       (ssize_t)sizeof(reply);
}

static void serve_socket(struct server *server)
{
	if (server->bus < 0) {
		server->bus = accept(server->listener, NULL, NULL);
	} else if (!answer_request(server)) {
		(void)close(server->bus);
		server->bus = -1;
	}
}

/* musl's macro divides fd by a size_t, which may cause a warning. */
static void watch_fd(int fd, fd_set *set)
{
	FD_SET((unsigned)fd, set);
}

static bool is_ready(int fd, const fd_set *set)
{
	return FD_ISSET((unsigned)fd, set);
}

static bool serve_bus(struct server *server, const sigset_t *unblocked)
{
	while (!stop) {
		int fd = server->bus >= 0 ? server->bus : server->listener;
		fd_set readable;

		if (save)
			save_files(server);
		FD_ZERO(&readable);
		watch_fd(fd, &readable);
		if (pselect(fd + 1, &readable, NULL, NULL, NULL,
			    unblocked) > 0)
			serve_socket(server);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

static bool open_socket(struct server *server)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(server->socket);

	if (len >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(at.sun_path, server->socket, len + 1);
	server->listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (server->listener < 0 ||
	    bind(server->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(server->listener, 8) != 0)
		return false;
	return printf("%s\n", server->socket) > 0 && fflush(stdout) == 0;
}

static void close_socket(struct server *server)
{
	if (server->listener < 0)
		return;
	(void)close(server->listener);
	if (server->socket != NULL)
		(void)unlink(server->socket);
	if (server->bus >= 0)
		(void)close(server->bus);
}

/* --- the pty ------------------------------------------------------------ */

/* False if the pty is gone. */
static bool serve(struct server *server, const sigset_t *unblocked)
{
	while (!stop) {
		struct timespec timeout;
		fd_set readable, writable;
		bool blocked;
		int wait_ms;

		if (save)
			save_files(server);
		wait_ms = speak(server, &blocked);
		timeout.tv_sec = wait_ms / 1000;
		timeout.tv_nsec = (long)(wait_ms % 1000) * 1000000;
		FD_ZERO(&readable);
		FD_ZERO(&writable);
		watch_fd(server->master, &readable);
		if (blocked)
			watch_fd(server->master, &writable);
		/* Signals are unblocked only here, so that none is missed:
		 * poll() cannot do that. */
		if (pselect(server->master + 1, &readable, &writable, NULL,
			    wait_ms < 0 ? NULL : &timeout, unblocked) < 0) {
			if (errno != EINTR)
				return false;
			continue;
		}
		if (is_ready(server->master, &readable) &&
		    !listen_to_host(server))
			return false;
	}
	return true;
}

/* Serves one client after another. */
static bool serve_clients(struct server *server, const sigset_t *unblocked)
{
	while (!stop) {
		fd_set readable;
		int on = 1;

		if (save)
			save_files(server);
		FD_ZERO(&readable);
		watch_fd(server->listener, &readable);
		if (pselect(server->listener + 1, &readable, NULL, NULL, NULL,
			    unblocked) < 0) {
			if (errno != EINTR)
				return false;
			continue;
		}
		server->master = accept(server->listener, NULL, NULL);
		if (server->master < 0)
			continue;
		(void)setsockopt(server->master, IPPROTO_TCP, TCP_NODELAY, &on,
				 sizeof(on));
		if (fcntl(server->master, F_SETFL, O_NONBLOCK) == 0)
			(void)serve(server, unblocked);
		(void)close(server->master);
		server->master = -1;
	}
	return true;
}

static bool open_tcp(struct server *server)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	uint32_t port;
	int on = 1;

	if (!parse_u32(server->tcp_port, 65535, &port)) {
		errno = EINVAL;
		return false;
	}
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons((uint16_t)port);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (server->listener < 0 ||
	    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &on,
		       sizeof(on)) != 0 ||
	    bind(server->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(server->listener, 8) != 0 ||
	    getsockname(server->listener, (struct sockaddr *)&at, &len) != 0)
		return false;
	return printf("tcp://127.0.0.1:%u\n", ntohs(at.sin_port)) > 0 &&
	       fflush(stdout) == 0;
}

/* Sets raw mode without echo, before the name is published. */
static bool make_raw(int fd)
{
	struct termios term;

	if (tcgetattr(fd, &term) != 0)
		return false;
	term.c_iflag = 0;
	term.c_oflag = 0;
	term.c_lflag = 0;
	term.c_cflag &= (tcflag_t)~(CSIZE | PARENB | CSTOPB);
	term.c_cflag |= CS8 | CREAD | CLOCAL;
	term.c_cc[VMIN] = 1;
	term.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSANOW, &term) == 0;
}

/* Keeps the slave open: the master would see a hangup each time the last
 * program closes it. */
static bool open_terminal(struct server *server)
{
	const char *name;

	server->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (server->master < 0 || grantpt(server->master) != 0 ||
	    unlockpt(server->master) != 0)
		return false;
	name = ptsname(server->master);
	if (name == NULL)
		return false;
	server->slave = open(name, O_RDWR | O_NOCTTY);
	if (server->slave < 0 || !make_raw(server->slave) ||
	    fcntl(server->master, F_SETFL, O_NONBLOCK) != 0)
		return false;
	return printf("%s\n", name) > 0 && fflush(stdout) == 0;
}

/* Blocks the signals; *unblocked is the mask to wait with. */
static void catch_signals(sigset_t *unblocked)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGUSR1 };
	struct sigaction action;
	sigset_t blocked;
	size_t i;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		sigaction(numbers[i], &action, NULL);
		sigaddset(&blocked, numbers[i]);
	}
	signal(SIGPIPE, SIG_IGN);	/* a disconnected host is no error */
	sigprocmask(SIG_BLOCK, &blocked, unblocked);
	for (i = 0; i < ARRAY_LEN(numbers); i++)
		sigdelset(unblocked, numbers[i]);
}

static bool open_and_serve(struct server *server, const sigset_t *unblocked)
{
	if (server->socket != NULL)
		return open_socket(server) && serve_bus(server, unblocked);
	if (server->tcp_port != NULL)
		return open_tcp(server) && serve_clients(server, unblocked);
	return open_terminal(server) && serve(server, unblocked);
}

static int run(const struct sim_config *config, const char *socket_name,
	       const char *tcp_port)
{
	struct server server = { .master = -1, .slave = -1,
				 .listener = -1, .bus = -1,
				 .socket = socket_name, .tcp_port = tcp_port,
				 .pace = config->pace,
				 .overrun = config->overrun_ns != SIM_UNSET };
	struct problem why;
	sigset_t unblocked;
	int status = EXIT_SUCCESS;

	catch_signals(&unblocked);
	server.skipped_us = -clock_us();	/* the device's time begins at
						 * 0 */
	server.sim = sim_new(config, &why);
	if (server.sim == NULL) {
		(void)fprintf(stderr, "sim-server: %s\n", why.text);
		return EXIT_FAILURE;
	}
	if (!open_and_serve(&server, &unblocked)) {
		(void)fprintf(stderr, "sim-server: %s\n", strerror(errno));
		status = EXIT_FAILURE;
	}
	if (!sim_free(server.sim, &why)) {
		(void)fprintf(stderr, "sim-server: %s\n", why.text);
		status = EXIT_FAILURE;
	}
	close_socket(&server);
	if (server.slave >= 0)
		(void)close(server.slave);
	if (server.master >= 0)
		(void)close(server.master);
	return status;
}

static int usage(void)
{
	(void)fputs("usage: sim-server [-n] sim:ID[,key=value...]\n"
		    "       sim-server -t PORT sim:ID[,key=value...]\n"
		    "       sim-server -i SOCKET sim:i2c:ID[,key=value...]\n",
		    stderr);
	return 2;
}

int main(int argc, char **argv)
{
	bool check_only = argc == 3 && strcmp(argv[1], "-n") == 0;
	bool on_bus = argc == 4 && strcmp(argv[1], "-i") == 0;
	bool on_tcp = argc == 4 && strcmp(argv[1], "-t") == 0;
	struct sim_config config;
	struct problem why;

	if (argc != 2 + check_only + 2 * (on_bus || on_tcp))
		return usage();
	if (!sim_parse(argv[argc - 1], &config, &why)) {
		(void)fprintf(stderr, "sim-server: %s\n", why.text);
		return 2;
	}
	if (!check_only && config.framed != on_bus) {
		(void)fputs("sim-server: -i and sim:i2c: belong together\n",
			    stderr);
		return 2;
	}
	return check_only ? EXIT_SUCCESS
			  : run(&config, on_bus ? argv[2] : NULL,
				on_tcp ? argv[2] : NULL);
}
