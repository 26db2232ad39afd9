/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/serial.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "host/devnode.h"
#include "host/marks.h"
#include "host/serial_tty.h"
#include "utils.h"

#ifndef CRTSCTS
#define CRTSCTS 0
#endif
#ifndef CMSPAR	/* mark and space parity, Linux */
#define CMSPAR 0
#endif

#define MODE_BITS ((tcflag_t)(CSIZE | PARENB | PARODD | CSTOPB))

struct serial {
	struct port base;	/* first, for the cast */
	int fd;			/* non-blocking; poll() waits */
	struct termios found;	/* restored at close */
	uint32_t found_rate;
	bool low_latency;	/* set by this program, reset at close */
	bool moved;		/* a sequence has set RTS or DTR: keep them at
				 * close */
	bool marked;		/* the system marks damaged bytes: see
				 * marks.h */
	struct marks marks;
};

/* Meaning of errno for a port that was opened successfully. */
static enum port_err io_error(void)
{
	switch (errno) {
	case EIO:
	case ENXIO:
	case ENODEV:
	case EBADF:
		return PORT_CLOSED;
	case ENOTTY:
	case EINVAL:
		return PORT_UNSUPPORTED;
	default:
		return PORT_IO;
	}
}

/* Waits until fd is ready for events. A hang-up with nothing left to read is
 * PORT_CLOSED. */
static enum port_err wait_ready(int fd, short events, int64_t deadline_us)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = events };
		int64_t left_ms = (deadline_us - clock_us() + 999) / 1000;
		int n;

		if (left_ms < 0)
			left_ms = 0;
		n = poll(&p, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
		if (n > 0)
			return (p.revents & events) ? PORT_OK : PORT_CLOSED;
		if (n == 0 && left_ms == 0)
			return PORT_TIMEOUT;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return PORT_IO;
	}
}

static enum port_err serial_read(struct port *port, uint8_t *buf, size_t len,
				 unsigned timeout_ms, size_t *got)
{
	struct serial *s = (struct serial *)port;
	int64_t deadline_us = clock_us() + (int64_t)timeout_ms * 1000;

	*got = 0;
	s->marks.damaged = false;
	while (*got < len) {
		enum port_err err = wait_ready(s->fd, POLLIN, deadline_us);
		ssize_t n;

		if (err != PORT_OK)
			return err;
		n = read(s->fd, buf + *got, len - *got);
		if (n == 0)	/* VMIN is 1, so 0 is not a timeout */
			return PORT_CLOSED;
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return io_error();
		*got += s->marked ? marks_decode(&s->marks, buf + *got,
						 (size_t)n) : (size_t)n;
	}
	return s->marks.damaged ? PORT_PARITY : PORT_OK;
}

static enum port_err serial_write(struct port *port, const uint8_t *buf,
				  size_t len)
{
	struct serial *s = (struct serial *)port;
	int64_t deadline_us = clock_us() +
			      (int64_t)serial_write_limit_ms(port, len) * 1000;

	while (len > 0) {
		enum port_err err;
		ssize_t n = write(s->fd, buf, len);

		if (n > 0) {
			buf += n;
			len -= (size_t)n;
			continue;
		}
		if (n == 0)
			return PORT_CLOSED;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return io_error();
		err = wait_ready(s->fd, POLLOUT, deadline_us);
		if (err == PORT_TIMEOUT) {
			errno = ETIMEDOUT;
			return PORT_IO;
		}
		if (err != PORT_OK)
			return err;
	}
	return PORT_OK;
}

static enum port_err serial_flush(struct port *port)
{
	struct serial *s = (struct serial *)port;

	s->marks.held = 0;
	return tcflush(s->fd, TCIFLUSH) == 0 ? PORT_OK : io_error();
}

static enum port_err serial_set_line(struct port *port, enum port_line line,
				     bool level)
{
	struct serial *s = (struct serial *)port;
	int bit = line == PORT_LINE_RTS ? TIOCM_RTS : TIOCM_DTR;
	int result;

	if (line == PORT_LINE_BREAK)
		result = ioctl(s->fd, level ? TIOCSBRK : TIOCCBRK);
	else
		result = ioctl(s->fd, level ? TIOCMBIS : TIOCMBIC, &bit);
	s->moved |= line != PORT_LINE_BREAK && result == 0;
	return result == 0 ? PORT_OK : io_error();
}

/* Sets *got to the rate that the driver chose, also on failure; 0 if it
 * refused. */
static enum port_err try_rate(int fd, uint32_t baud, uint32_t *got)
{
	*got = 0;
	if (!tty_set_rate(fd, baud, got)) {
		enum port_err err = io_error();

		return err == PORT_IO ? PORT_UNSUPPORTED : err;
	}
	return serial_rate_near(baud, *got) ? PORT_OK : PORT_UNSUPPORTED;
}

static enum port_err serial_set_baud(struct port *port, uint32_t baud)
{
	struct serial *s = (struct serial *)port;
	uint32_t got;
	enum port_err err = try_rate(s->fd, baud, &got);

	if (err == PORT_OK)
		serial_describe(port, baud, &s->base.mode);
	else if (port->baud != 0)
		(void)tty_set_rate(s->fd, port->baud, &got);
	return err;
}

/* Waits for queued bytes, but not forever: a blocked line must not keep the
 * program from ending. */
static void drain(struct serial *s)
{
	int64_t deadline_us = 0;
	int queued = 0;

	while (ioctl(s->fd, TIOCOUTQ, &queued) == 0 && queued > 0) {
		if (deadline_us == 0)
			deadline_us = clock_us() + 1000 *
				(int64_t)serial_write_limit_ms(&s->base,
							(size_t)queued);
		if (clock_us() >= deadline_us)
			break;
		clock_sleep_ms(1);
	}
	if (queued > 0)
		(void)tcflush(s->fd, TCOFLUSH);
}

static void serial_close(struct port *port)
{
	struct serial *s = (struct serial *)port;
	uint32_t got;

	drain(s);
	/* The hang-up drops DTR and RTS at close. If a sequence has set them,
	 * keep them: a change would reset the board that was just started. */
	if (s->moved)
		s->found.c_cflag &= ~(tcflag_t)HUPCL;
	(void)tcsetattr(s->fd, TCSADRAIN, &s->found);
	/* struct termios cannot hold a rate that POSIX does not list. */
	if (s->found_rate != 0 && tty_get_rate(s->fd) != s->found_rate)
		(void)tty_set_rate(s->fd, s->found_rate, &got);
	if (s->low_latency)
		(void)tty_set_low_latency(s->fd, false);
	(void)ioctl(s->fd, TIOCNXCL);
	(void)close(s->fd);
	free(s);
}

/* Raw bytes, no waiting for a carrier, no hang-up at close. With INPCK alone,
 * a byte of wrong parity would read as a valid 00; as most replies have no
 * checksum, have such bytes marked. */
static void make_raw(struct termios *t)
{
	t->c_iflag = 0;
	t->c_oflag = 0;
	t->c_lflag = 0;
	t->c_cflag |= CREAD | CLOCAL;
	t->c_cflag &= ~(tcflag_t)HUPCL;
	if (t->c_cflag & PARENB)
		t->c_iflag |= INPCK | PARMRK;
	/* With 1, read() tells "nothing yet" (EAGAIN) from "gone" (0). */
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

static void put_mode(struct termios *t, const struct serial_mode *mode)
{
	static const tcflag_t sizes[] = { CS5, CS6, CS7, CS8 };

	/* cppcheck-suppress badBitmaskCheck ; where there is no CMSPAR */
	t->c_cflag &= ~(MODE_BITS | (tcflag_t)CRTSCTS | (tcflag_t)CMSPAR);
	t->c_cflag |= sizes[mode->data_bits - 5];
	if (mode->parity != 'n')
		t->c_cflag |= PARENB;
	if (mode->parity == 'o')
		t->c_cflag |= PARODD;
	if (mode->stop_bits == 2)
		t->c_cflag |= CSTOPB;
}

static struct serial_mode get_mode(const struct termios *t)
{
	tcflag_t size = t->c_cflag & CSIZE;

	return (struct serial_mode){
		.data_bits = size == CS5 ? 5 : size == CS6 ? 6 :
			     size == CS7 ? 7 : 8,
		.parity = (char)(!(t->c_cflag & PARENB) ? 'n' :
				 (t->c_cflag & PARODD) ? 'o' : 'e'),
		.stop_bits = (t->c_cflag & CSTOPB) ? 2 : 1,
	};
}

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* The rate that a driver chooses instead need not be near: many Linux drivers
 * fall back to 9600. So try the usual rates too. */
static uint32_t nearest_rate(int fd, uint32_t baud, uint32_t nearest)
{
	static const uint32_t usual[] = { 9600, 19200, 38400, 57600, 115200,
					  230400, 460800, 921600, 1000000,
					  1500000, 2000000, 3000000 };
	uint32_t got;
	size_t i;

	for (i = 0; i < ARRAY_LEN(usual); i++)
		if (distance(usual[i], baud) < distance(nearest, baud) &&
		    try_rate(fd, usual[i], &got) == PORT_OK)
			nearest = got;
	return nearest;
}

static enum port_err set_rate(struct serial *s, const char *device,
			      uint32_t baud, struct problem *why)
{
	uint32_t got;
	enum port_err err = try_rate(s->fd, baud, &got);
	int error = errno;

	if (err == PORT_OK)
		return PORT_OK;
	if (err == PORT_UNSUPPORTED)
		got = nearest_rate(s->fd, baud, got);
	if (got != 0)
		problem_set(why, "%s: -b %" PRIu32 ": this port does not "
			    "support this rate; the driver sets %" PRIu32,
			    device, baud, got);
	else
		problem_set(why, "%s: -b %" PRIu32 ": this port does not "
			    "support this rate: %s", device, baud,
			    strerror(error));
	return err;
}

/* tcsetattr() succeeds if any of the changes was made, so compare. */
static void warn_of_mode(struct serial *s, const struct port_settings *settings,
			 struct problem *why)
{
	struct termios want = { .c_cflag = 0 }, got;
	char driver[32];

	put_mode(&want, &settings->mode);
	if (tcgetattr(s->fd, &got) != 0 ||
	    ((want.c_cflag ^ got.c_cflag) & MODE_BITS) == 0 ||
	    tty_is_pty(s->fd, settings->device))
		return;
	tty_driver(s->fd, driver, sizeof(driver));
	problem_set(why, "%s: %s%s%s did not set %u%c%u%s", settings->device,
		    driver[0] ? "the driver (" : "the driver", driver,
		    driver[0] ? ")" : "", settings->mode.data_bits,
		    settings->mode.parity, settings->mode.stop_bits,
		    (want.c_cflag & PARENB) && !(got.c_cflag & PARENB) ?
		    ": it has no parity, and most bootloaders need it; try "
		    "another adapter" : "");
}

/* Some C libraries fail with EINVAL if none of the remaining changes could be
 * made: on a pty, or a driver without parity, that was raw already.
 * warn_of_mode() reports the difference. */
static bool take_settings(int fd, const struct termios *want)
{
	struct termios got;

	if (tcsetattr(fd, TCSANOW, want) == 0)
		return true;
	return errno == EINVAL && tcgetattr(fd, &got) == 0 &&
	       ((got.c_cflag ^ want->c_cflag) & ~MODE_BITS) == 0 &&
	       got.c_iflag == want->c_iflag && got.c_lflag == want->c_lflag &&
	       got.c_oflag == want->c_oflag;
}

/* A pty has no parity, but does mark bytes, so every FF arrives doubled there
 * too: use what the system reports. */
static bool set_up(struct serial *s, const struct termios *want)
{
	struct termios got;

	if (!take_settings(s->fd, want))
		return false;
	s->marks.held = 0;
	s->marked = tcgetattr(s->fd, &got) == 0 && (got.c_iflag & PARMRK);
	return true;
}

static enum port_err configure(struct serial *s,
			       const struct port_settings *settings,
			       struct problem *why)
{
	struct termios want = s->found;
	uint32_t baud = settings->baud;
	enum port_err err;

	if (baud != 0)
		put_mode(&want, &settings->mode);
	make_raw(&want);
	if (!set_up(s, &want)) {
		problem_set(why, "%s: cannot configure it: %s",
			    settings->device, strerror(errno));
		return io_error();
	}
	s->base.mode = get_mode(&want);
	if (baud == 0) {
		baud = s->found_rate;
	} else {
		err = set_rate(s, settings->device, baud, why);
		if (err != PORT_OK)
			return err;
		warn_of_mode(s, settings, why);
	}
	serial_describe(&s->base, baud, &s->base.mode);
	(void)tcflush(s->fd, TCIFLUSH);
	return PORT_OK;
}

static enum port_err serial_set_mode(struct port *port,
				     const struct serial_mode *mode)
{
	struct serial *s = (struct serial *)port;
	struct termios want;
	uint32_t got;

	if (tcgetattr(s->fd, &want) != 0)
		return io_error();
	put_mode(&want, mode);
	make_raw(&want);
	if (!set_up(s, &want))
		return io_error();
	/* On some systems tcsetattr() drops a rate that POSIX does not list. */
	if (port->baud != 0)
		(void)tty_set_rate(s->fd, port->baud, &got);
	serial_describe(port, port->baud, mode);
	return PORT_OK;
}

static enum port_err explain_busy(int fd, const char *device,
				  struct problem *why)
{
	char who[64];

	tty_owner(fd, device, who, sizeof(who));
	problem_set(why, "%s: in use by %s; end it first", device,
		    who[0] ? who : "another program");
	return PORT_BUSY;
}

/* Opens the port exclusively and checks that it is a terminal. */
static enum port_err open_tty(const char *device, int *fd,
			      struct termios *found, struct problem *why)
{
	enum port_err err;
	struct stat st;

	/* Do not even open what is not a terminal. */
	if (stat(device, &st) == 0 && !S_ISCHR(st.st_mode)) {
		problem_set(why, "%s: %s, not a serial port", device,
			    S_ISDIR(st.st_mode) ? "a directory" : "a file");
		return PORT_NODEV;
	}
	/* Non-blocking, as the open would wait for a carrier. */
	err = devnode_open(device, O_RDWR | O_NOCTTY | O_NONBLOCK,
			   "is the adapter plugged in?", fd, why);
	if (err == PORT_BUSY)
		return explain_busy(-1, device, why);
	if (err != PORT_OK)
		return err;
	if (tcgetattr(*fd, found) != 0) {
		problem_set(why, "%s: %s", device, errno == ENOTTY ?
			    "not a serial port" :
			    "no serial port behind this name");
		err = PORT_NODEV;
	} else if (!tty_lock(*fd)) {
		err = explain_busy(*fd, device, why);
	} else {
		(void)ioctl(*fd, TIOCEXCL);
	}
	if (err != PORT_OK)
		(void)close(*fd);
	return err;
}

static enum port_err serial_open(const struct port_settings *settings,
				 struct port **out, struct problem *why)
{
	enum port_err err;
	struct serial *s;

	err = serial_new(settings, sizeof(*s), out, why);
	if (err != PORT_OK)
		return err;
	s = (struct serial *)*out;
	*out = NULL;
	err = open_tty(settings->device, &s->fd, &s->found, why);
	if (err != PORT_OK) {
		free(s);
		return err;
	}
	s->found_rate = tty_get_rate(s->fd);
	s->low_latency = tty_set_low_latency(s->fd, true);
	err = configure(s, settings, why);
	if (err != PORT_OK) {
		serial_close(&s->base);
		return err;
	}
	*out = &s->base;
	return PORT_OK;
}

const struct port_ops serial_port_ops = {
	.name = "serial_posix",
	.open = serial_open,
	.close = serial_close,
	.flush = serial_flush,
	.read = serial_read,
	.write = serial_write,
	.set_line = serial_set_line,
	.set_baud = serial_set_baud,
	.set_mode = serial_set_mode,
};
