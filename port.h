/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a transport is, and choosing one by the name of the device. A port
 * moves bytes with deadlines and knows nothing of bootloaders. Callers use the
 * port_*() functions below; the tables of functions are for the transports.
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

enum port_err {
	PORT_OK = 0,
	PORT_NODEV,	/* no such device, or not this transport's kind */
	PORT_BUSY,	/* another program has it open, or drives it */
	PORT_DENIED,	/* the user may not open it */
	PORT_TIMEOUT,	/* nothing arrived before the deadline */
	PORT_CLOSED,	/* adapter unplugged, or the far end of a pty gone */
	PORT_BAD_SETTINGS, /* what the user asked for makes no sense there */
	PORT_UNSUPPORTED, /* this port cannot do it: lines of a pty, odd rates */
	PORT_NO_ANSWER,	/* I2C: no ACK to the address */
	PORT_STRETCHED,	/* I2C: the clock was held longer than the adapter waits */
	PORT_PARITY,	/* all bytes came, but not all as they were sent */
	PORT_IO		/* the system call failed; errno says how */
};

enum port_caps {
	PORT_AUTOBAUD = 1 << 0,	/* the far end measures the rate on a 7F */
	PORT_FRAMED = 1 << 1,	/* every read and write is one bus transaction
				 * of exact length (I2C) */
	PORT_SIMULATED = 1 << 2,	/* time is the port's own, not the wall's */
	PORT_RECORDED = 1 << 3,	/* a run of before, where GPIO lines have moved
				 * already */
	PORT_REMOTE = 1 << 4	/* behind a network: see round_trip_ms */
};

/* Lines a serial port can drive. Level true is "asserted": bit set, low at a
 * logic-level RTS or DTR pin; for the break it is "break on". */
enum port_line { PORT_LINE_RTS, PORT_LINE_DTR, PORT_LINE_BREAK };

struct serial_mode {
	uint8_t data_bits;	/* 5 to 8 */
	char parity;		/* 'n', 'e' or 'o' */
	uint8_t stop_bits;	/* 1 or 2 */
};

#define PORT_NO_ADDRESS (-1)

struct port_settings {
	const char *device;	/* as the user named it */
	uint32_t baud;		/* bit/s; 0 leaves rate and mode alone */
	struct serial_mode mode;
	int i2c_address;	/* 7 bits, or PORT_NO_ADDRESS */
	unsigned connect_timeout_ms;	/* for a connection to a server */
};

/* What passes a port, for those who watch it. */
enum port_what { PORT_TO_DEVICE, PORT_FROM_DEVICE, PORT_LINE_SET };

struct port_event {
	enum port_what what;
	enum port_err err;	/* of a transaction that failed; bytes are
				 * those asked for then */
	bool framed;		/* one bus transaction, not a stretch of a stream */
	const uint8_t *bytes;
	size_t len;
	enum port_line line;	/* of PORT_LINE_SET */
	bool level;
	int64_t at_us;		/* when it was over, on the port's clock */
};

/* For --trace. */
struct port_tap {
	void (*event)(void *ctx, const struct port_event *event);
	void *ctx;
};

struct port;

struct port_ops {
	const char *name;	/* "serial_posix", "i2c", ...: for the user */
	/* On success the caller owns *out; on failure *out is NULL and *why
	 * says what the user can do. PORT_NODEV with an empty *why: the name
	 * is not of this transport's kind, try the next. A *why that is set
	 * on success is a warning. */
	enum port_err (*open)(const struct port_settings *, struct port **out,
			      struct problem *why);
	/* Puts back what was found, frees the port. */
	void (*close)(struct port *);
	/* Throws away what came in and was not read. */
	enum port_err (*flush)(struct port *);
	/* All of buf before timeout_ms have passed, or an error; *got says how
	 * many bytes are valid in either case. PORT_PARITY: some of them
	 * came damaged, and are 00 where the port knows which. */
	enum port_err (*read)(struct port *, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got);
	/* All of buf in one call of the system where it can be. */
	enum port_err (*write)(struct port *, const uint8_t *buf, size_t len);
	/* NULL if the transport has no lines. */
	enum port_err (*set_line)(struct port *, enum port_line, bool level);
	/* NULL if the rate cannot change while the port is open. */
	enum port_err (*set_baud)(struct port *, uint32_t baud);
	/* NULL if there is no such thing as a mode. */
	enum port_err (*set_mode)(struct port *, const struct serial_mode *);
	/* NULL if nothing can be amiss at the end of a run that went well;
	 * false: *why says what is. */
	bool (*finish)(struct port *, struct problem *why);
	/* NULL if the port lives by the wall clock. */
	int64_t (*now_us)(struct port *);
	void (*sleep_ms)(struct port *, unsigned ms);
};

/* Embedded first in each transport's own struct. */
struct port {
	const struct port_ops *ops;
	const char *device;	/* as the user named it; set by port_open() */
	unsigned caps;		/* enum port_caps: asked for, never the name */
	uint32_t baud;		/* the rate in effect, 0 if there is none */
	struct serial_mode mode;	/* in effect; no data bits: none */
	uint8_t bits_per_byte;	/* start, data, parity and stop */
	struct port_tap tap;	/* .event NULL: no listener */
	uint64_t sent, received;	/* bytes */
	uint64_t turnarounds;	/* times the host had to wait for the far end */
	uint64_t short_waits;	/* of those, after a few bytes, and */
	uint64_t late_answers;	/* of those again, as from behind a timer of
				 * 16 ms */
	uint64_t short_wait_ms;	/* that short_waits took, together */
	unsigned round_trip_ms;	/* of a network, as far as that was seen: every
				 * wait for the device lasts longer by that.
				 * 0: there is none */
	bool waiting;		/* the last thing done was a write */
	size_t last_write;	/* its bytes */
	char text[32];		/* settings in words: "57600 8E1", "addr 0x41" */
	char trouble[96];	/* what the transport knows of its last error
				 * beyond its name, or empty */
};

/*
 * Opens the port that settings->device names: sim:…, replay:…, tcp://…,
 * rfc2217://…, an I2C bus, else serial.
 * Contract as port_ops.open; PORT_NODEV always comes with a reason.
 */
enum port_err port_open(const struct port_settings *settings,
			struct port **out, struct problem *why);

/* As the functions of the table; all but close check that the transport has
 * them (PORT_UNSUPPORTED) and feed the tap and the counters. */
void port_close(struct port *port);	/* NULL is allowed */
enum port_err port_flush(struct port *port);
enum port_err port_read(struct port *port, uint8_t *buf, size_t len,
			unsigned timeout_ms);
enum port_err port_write(struct port *port, const uint8_t *buf, size_t len);
enum port_err port_set_line(struct port *port, enum port_line line, bool level);
/* False: there are no lines to set. Else there may be some. */
bool port_has_lines(const struct port *port);
enum port_err port_set_baud(struct port *port, uint32_t baud);
enum port_err port_set_mode(struct port *port, const struct serial_mode *mode);
bool port_finish(struct port *port, struct problem *why);
int64_t port_now_us(struct port *port);
int64_t port_now_ms(struct port *port);
void port_sleep_ms(struct port *port, unsigned ms);

/* "8e1": data bits, parity, stop bits. False: that is no mode. */
bool port_mode_parse(const char *text, struct serial_mode *mode);

/* Bits on the wire for a byte in this mode: start, data, parity, stop. */
uint8_t port_mode_bits(const struct serial_mode *mode);

/* True if most answers came as late as an FTDI adapter makes them that waits
 * 16 ms for more bytes. */
bool port_seems_slow(const struct port *port);

/* An answer over a network took so long; of the times that were seen the
 * longest counts. Nothing for other ports. */
void port_note_round_trip(struct port *port, int64_t ms);

/* The mean time of the answers to a few bytes, if that is long for the network's
 * sake; else 0. */
unsigned port_long_round_trip_ms(const struct port *port);

/* Milliseconds that len bytes take on the wire at the port's rate, rounded
 * up; 0 where the rate is not known. */
unsigned port_wire_ms(const struct port *port, size_t len);

/* The name of every value, for messages. */
const char *port_strerror(enum port_err err);
/* The same, or the more precise text of this port. */
const char *port_trouble(const struct port *port, enum port_err err);

/* The transports. Each system links the ones it has; i2c.c answers "no I2C
 * here" where the system has none. */
extern const struct port_ops serial_port_ops;
extern const struct port_ops i2c_port_ops;
extern const struct port_ops sim_port_ops;
extern const struct port_ops replay_port_ops;
extern const struct port_ops tcp_port_ops;
extern const struct port_ops rfc2217_port_ops;

#endif
