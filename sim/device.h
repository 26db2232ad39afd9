/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct sim, for the files of the simulated device only:
 * memory, silicon, protect and watchdog are the chip, board what drives its
 * pins, rom and commands its bootloader, of a kind that kind.h tells, app the
 * code that runs instead of it, faults what goes wrong on the way. device.c
 * holds them together: time, output, resets.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev_table.h"
#include "sim/app.h"
#include "sim/board.h"
#include "sim/faults.h"
#include "sim/i2c.h"
#include "sim/journal.h"
#include "sim/kind.h"
#include "sim/memory.h"
#include "sim/protect.h"
#include "sim/rom.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "sim/uart.h"
#include "sim/watchdog.h"

/* What the device has sent and the host has not read. A host that never reads loses
 * what does not fit, as it would in its system's buffer. */
#define OUTPUT_MAX 4096

struct output_byte {
	uint8_t byte;
	bool ends;		/* I2C: the last one of a transaction */
	bool polled;		/* I2C: BUSY is answered until it is due */
	bool flipped;		/* noise changed a bit of it */
	int64_t due_us;
};

struct output {
	struct output_byte bytes[OUTPUT_MAX];
	size_t head, count;
};

enum sim_mode {
	MODE_ROM,
	MODE_APP,
	MODE_HUNG,		/* locked up, until a reset */
	MODE_HELD		/* NRST is held */
};

struct sim {
	struct sim_config config;
	const struct dev *dev;
	const struct rom_kind *kind;
	enum sim_mode mode;
	int64_t now_us;		/* the latest time anybody told */
	int64_t busy_us;	/* until then it works on what it got */
	int64_t awake_us;	/* until then the ROM starts up */
	int64_t flash_busy_us;	/* an erase goes on behind an early ACK */
	struct board board;
	bool listening;		/* it got bytes since it last answered */
	struct memory memory;
	struct protection protection, protection_logged;
	struct watchdog watchdog;
	struct rom rom;
	struct uart uart;
	struct i2c_slave i2c;
	struct app app;
	struct faults faults;
	struct journal journal;
	struct output output;
	struct sim_stats stats;
};

/* The device works for so long; what it sends comes after that. */
void device_work(struct sim *sim, uint64_t us);

/* One byte to the host, now or when the work is done. */
void device_send(struct sim *sim, uint8_t byte);

/* The bytes sent since the last call are one transaction on an I2C bus. */
void device_end_answer(struct sim *sim);

/* It is that late now; time does not go back. */
void device_time(struct sim *sim, int64_t now_us);

/* The application jumps to the ROM, which starts as after a reset. */
void device_enter_rom(struct sim *sim);

/* Locks up: nothing but a reset helps. */
void device_hang(struct sim *sim, const char *reason);

/*
 * A reset, of the kind that goes into the log. The boot pins are sampled, the
 * option bytes loaded; power_or_option_load says that the "flash is empty"
 * flag is taken anew as well.
 */
void device_reset(struct sim *sim, const char *event,
		  bool power_or_option_load);

/* The ROM begins anew without a reset; well: it can measure the rate. */
void device_jump_to_rom(struct sim *sim, const char *event, bool well);

#endif
