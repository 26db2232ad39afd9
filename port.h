/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface of a transport, and the choice of one by the name of the
 * device. A port moves bytes with deadlines and knows nothing of bootloaders.
 * Callers use the port_*() functions below; the tables of functions are for
 * the transports.
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

enum port_err {
	PORT_OK = 0,
	PORT_NODEV,	/* no such device, or a name for another transport */
	PORT_BUSY,	/* another program has the port open, or drives the
			 * line */
	PORT_DENIED,	/* no permission to open it */
	PORT_TIMEOUT,	/* nothing arrived before the deadline */
	PORT_CLOSED,	/* adapter unplugged, or the other end of a pty
			 * closed */
	PORT_BAD_SETTINGS, /* the requested settings are invalid for this
			    * port */
	PORT_UNSUPPORTED, /* this port cannot do it: lines of a pty, odd
			   * rates */
	PORT_NO_ANSWER,	/* I2C: no ACK to the address */
	PORT_STRETCHED,	/* I2C: clock held low longer than the adapter waits */
	PORT_PARITY,	/* all bytes arrived, but some were damaged */
	PORT_IO		/* the system call failed; errno says how */
};

enum port_caps {
	PORT_AUTOBAUD = 1 << 0,	/* the device measures the rate on a 7F */
	PORT_FRAMED = 1 << 1,	/* every read and write is one bus transaction
				 * of exact length (I2C) */
	PORT_SIMULATED = 1 << 2,	/* time is simulated, not real */
	PORT_RECORDED = 1 << 3,	/* a replay: sequences do not move the GPIO
				 * lines of this host */
	PORT_REMOTE = 1 << 4	/* over a network: see round_trip_ms */
};

/* Lines that a serial port can drive. Level true is "asserted": bit set, which
 * is low at a logic-level RTS or DTR pin; for the break it is "break on". */
enum port_line { PORT_LINE_RTS, PORT_LINE_DTR, PORT_LINE_BREAK };

struct serial_mode {
	uint8_t data_bits;	/* 5 to 8 */
	char parity;		/* 'n', 'e' or 'o' */
	uint8_t stop_bits;	/* 1 or 2 */
};

#define PORT_NO_ADDRESS (-1)

struct port_settings {
	const char *device;	/* as given by the user */
	uint32_t baud;		/* bit/s; 0 keeps rate and mode */
	struct serial_mode mode;
	int i2c_address;	/* 7 bits, or PORT_NO_ADDRESS */
	unsigned connect_timeout_ms;	/* for connecting to a server */
};

/* What passes a port, for a tap. */
enum port_what { PORT_TO_DEVICE, PORT_FROM_DEVICE, PORT_LINE_SET };

struct port_event {
	enum port_what what;
	enum port_err err;	/* of a failed transaction; bytes and len are
				 * then those requested */
	bool framed;		/* one bus transaction, not part of a stream */
	const uint8_t *bytes;
	size_t len;
	enum port_line line;	/* for PORT_LINE_SET */
	bool level;
	int64_t at_us;		/* time of the end, on the port's clock */
};

/* For --trace. */
struct port_tap {
	void (*event)(void *ctx, const struct port_event *event);
	void *ctx;
};

struct port;

struct port_ops {
	const char *name;	/* "serial_posix", "i2c", ...: shown to the
				 * user */
	/* On success the caller owns *out; on failure *out is NULL and *why
	 * tells the user what to do. PORT_NODEV with an empty *why: the name
	 * is for another transport, try the next. A *why set on success is a
	 * warning. */
	enum port_err (*open)(const struct port_settings *, struct port **out,
			      struct problem *why);
	/* Restores the settings found at open, then frees the port. */
	void (*close)(struct port *);
	/* Discards what was received and not yet read. */
	enum port_err (*flush)(struct port *);
	/* Reads all of buf within timeout_ms, or returns an error; *got is the
	 * number of valid bytes in either case. PORT_PARITY: some bytes are
	 * damaged; they are 00 where the port knows which. */
	enum port_err (*read)(struct port *, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got);
	/* Writes all of buf, in one system call if possible. */
	enum port_err (*write)(struct port *, const uint8_t *buf, size_t len);
	/* NULL if the transport has no lines. */
	enum port_err (*set_line)(struct port *, enum port_line, bool level);
	/* NULL if the rate cannot change on an open port. */
	enum port_err (*set_baud)(struct port *, uint32_t baud);
	/* NULL if the transport has no modes. */
	enum port_err (*set_mode)(struct port *, const struct serial_mode *);
	/* Checks the end of a successful run; on false *why describes the
	 * problem. NULL if there is nothing to check. */
	bool (*finish)(struct port *, struct problem *why);
	/* NULL if the port uses real time. */
	int64_t (*now_us)(struct port *);
	void (*sleep_ms)(struct port *, unsigned ms);
};

/* Embedded first in each transport's own struct. */
struct port {
	const struct port_ops *ops;
	const char *device;	/* as given by the user; set by port_open() */
	unsigned caps;		/* enum port_caps: test these, never the name */
	uint32_t baud;		/* rate in effect in bit/s, 0: none */
	struct serial_mode mode;	/* in effect; data_bits 0: none */
	uint8_t bits_per_byte;	/* start, data, parity and stop */
	struct port_tap tap;	/* .event NULL: not used */
	uint64_t sent, received;	/* bytes */
	uint64_t turnarounds;	/* times the host had to wait for the device */
	uint64_t short_waits;	/* waits after a write of a few bytes */
	uint64_t late_answers;	/* short waits as long as with an FTDI adapter
				 * that waits 16 ms */
	uint64_t short_wait_ms;	/* total time of all short_waits */
	unsigned round_trip_ms;	/* longest round trip seen on a network port;
				 * added to every wait for the device.
				 * 0: none */
	bool waiting;		/* the last operation was a write */
	size_t last_write;	/* its length in bytes */
	char text[32];		/* settings in words: "57600 8E1", "addr 0x41" */
	char trouble[96];	/* details of the transport's last error, or
				 * empty */
};

/*
 * Opens the port that settings->device names: sim:…, replay:…, tcp://…,
 * rfc2217://…, an I2C bus, else serial. Same contract as port_ops.open, but
 * PORT_NODEV always has a reason.
 */
enum port_err port_open(const struct port_settings *settings,
			struct port **out, struct problem *why);

/* As in struct port_ops; PORT_UNSUPPORTED if the transport has no such
 * function. Those that move bytes or lines also call the tap and update the
 * counters. */
void port_close(struct port *port);	/* NULL is allowed */
enum port_err port_flush(struct port *port);
enum port_err port_read(struct port *port, uint8_t *buf, size_t len,
			unsigned timeout_ms);
enum port_err port_write(struct port *port, const uint8_t *buf, size_t len);
enum port_err port_set_line(struct port *port, enum port_line line, bool level);
/* False: the port has no lines. True: it may have some. */
bool port_has_lines(const struct port *port);
enum port_err port_set_baud(struct port *port, uint32_t baud);
enum port_err port_set_mode(struct port *port, const struct serial_mode *mode);
bool port_finish(struct port *port, struct problem *why);
int64_t port_now_us(struct port *port);
int64_t port_now_ms(struct port *port);
void port_sleep_ms(struct port *port, unsigned ms);

/* Parses data bits, parity and stop bits, such as "8e1"; false if invalid. */
bool port_mode_parse(const char *text, struct serial_mode *mode);

/* Returns the bits per byte in this mode: start, data, parity, stop. */
uint8_t port_mode_bits(const struct serial_mode *mode);

/* True if most answers are as late as with an FTDI adapter that waits 16 ms
 * for more bytes. */
bool port_seems_slow(const struct port *port);

/* Records the time of an answer over a network, in ms; the longest counts.
 * Does nothing on other ports. */
void port_note_round_trip(struct port *port, int64_t ms);

/* Returns the mean time in ms of the answers to a few bytes, if the network
 * makes it long; else 0. */
unsigned port_long_round_trip_ms(const struct port *port);

/* Returns the time of len bytes on the wire at the port's rate, in ms, rounded
 * up; 0 if the rate is unknown. */
unsigned port_wire_ms(const struct port *port, size_t len);

/* Returns the name of an error, for messages. */
const char *port_strerror(enum port_err err);
/* The same, or the more precise text of this port. */
const char *port_trouble(const struct port *port, enum port_err err);

/* The transports. Each system links those it has; i2c.c reports missing I2C
 * support elsewhere. */
extern const struct port_ops serial_port_ops;
extern const struct port_ops i2c_port_ops;
extern const struct port_ops sim_port_ops;
extern const struct port_ops replay_port_ops;
extern const struct port_ops tcp_port_ops;
extern const struct port_ops rfc2217_port_ops;

#endif
