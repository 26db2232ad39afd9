/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device as a slave on an I2C bus, AN4221: the ROM's actions between the
 * START and the STOP of each transaction. It waits for one of exactly the
 * right direction and length; for any other it holds the clock until it gives
 * up and resets the chip.
 */
#include "sim/device.h"

#include <string.h>

#include "sim/cmd.h"
#include "sim/rom.h"

/* The bytes of a longer write are ignored. */
#define WRITE_MAX ROM_PACKET_MAX
#define NO_STRETCH_ERASE 0x45

/* Returns how many bytes the device sends until it expects a STOP. */
static size_t answer_len(const struct output *output)
{
	size_t i;

	for (i = 0; i < output->count; i++)
		if (output->bytes[(output->head + i) % OUTPUT_MAX].ends)
			return i + 1;
	return output->count;
}

/*
 * A read that is one byte short leaves that byte in the transmit register; the
 * ROM does not notice, and the next answer begins with it.
 */
static bool is_left_over(const struct output *output)
{
	return output->count == 1 && !output->bytes[output->head].ends;
}

static bool is_sending(const struct sim *sim)
{
	return sim->output.count != 0 && !is_left_over(&sim->output);
}

static int64_t due_us(const struct sim *sim)
{
	const struct output *output = &sim->output;
	int64_t due = output->count != 0 ? output->bytes[output->head].due_us
					 : 0;

	return due > sim->now_us ? due : sim->now_us;
}

static void give_up(struct sim *sim)
{
	memset(&sim->i2c, 0, sizeof(sim->i2c));
	sim->output.count = 0;
	sim->busy_us = sim->now_us;
	device_reset(sim, "reset (gave up waiting)", false);
}

/* Holds the clock until then. False if the adapter does not wait that long. */
static bool adapter_waits(struct sim *sim, struct sim_transaction *t,
			  int64_t until_us)
{
	bool waits = until_us - t->now_us <= t->patience_us;

	t->end_us = waits ? until_us : t->now_us + t->patience_us;
	device_time(sim, t->end_us);
	return waits;
}

/* Handles an unsuitable transaction: holds the clock until the ROM resets. */
static enum sim_bus hold(struct sim *sim, struct sim_transaction *t)
{
	struct i2c_slave *i2c = &sim->i2c;

	i2c->stuck = true;
	if (i2c->gives_up_us == 0)
		i2c->gives_up_us = sim->now_us +
				   (int64_t)sim->config.give_up_ms * 1000;
	if (!adapter_waits(sim, t, i2c->gives_up_us))
		return SIM_BUS_HELD;
	give_up(sim);
	return SIM_BUS_NACK;
}

static size_t with_noise(struct sim *sim, const struct sim_transaction *t,
			 uint8_t bytes[static 2 * WRITE_MAX])
{
	size_t len = 0, i;

	for (i = 0; i < t->len; i++)
		len += faults_noise(&sim->faults, &sim->config.noise, SIM_IN,
				    t->now_us, t->bytes[i], bytes + len,
				    &sim->stats.faults);
	return len;
}

static enum sim_bus take_write(struct sim *sim, struct sim_transaction *t)
{
	uint8_t bytes[2 * WRITE_MAX] = { 0 };
	size_t len, wanted, i;

	if (sim->i2c.stuck || is_sending(sim) || t->len > WRITE_MAX)
		return hold(sim, t);
	sim->i2c.first_poll_us = 0;
	sim->listening = true;
	sim->stats.bytes_in += t->len;
	len = with_noise(sim, t, bytes);
	wanted = rom_wants(&sim->rom, bytes, len);
	if (len > wanted)
		return hold(sim, t);
	sim->i2c.stuck = len < wanted;
	for (i = 0; i < len && !sim->i2c.stuck; i++)
		device_tell_rom(sim, bytes[i]);
	return SIM_BUS_OK;
}

/* True if the ROM holds the clock at the first poll, for seconds. */
static bool holds_first_poll(const struct sim *sim)
{
	return sim->config.stretch_busy ||
	       (sim->rom.opcode == NO_STRETCH_ERASE &&
		cmd_defect_applies(sim, &sim->dev->no_stretch_erase));
}

/* Handles a read while the device works: no-stretch commands send BUSY. */
static enum sim_bus read_busy(struct sim *sim, struct sim_transaction *t)
{
	struct i2c_slave *i2c = &sim->i2c;
	int64_t due = due_us(sim);

	if (t->len != 1)
		return hold(sim, t);
	if (holds_first_poll(sim) && i2c->first_poll_us == 0)
		i2c->first_poll_us = sim->now_us + (due - sim->now_us) / 2;
	if (i2c->first_poll_us > sim->now_us &&
	    !adapter_waits(sim, t, i2c->first_poll_us))
		return SIM_BUS_HELD;
	t->bytes[0] = ROM_BUSY;
	sim->stats.bytes_out++;
	sim->stats.busy_polls++;
	return SIM_BUS_OK;
}

static enum sim_bus give_read(struct sim *sim, struct sim_transaction *t)
{
	struct output *output = &sim->output;
	size_t len = answer_len(output), i;

	if (sim->i2c.stuck || len == 0)
		return hold(sim, t);
	if (due_us(sim) > sim->now_us) {
		if (output->bytes[output->head].polled)
			return read_busy(sim, t);
		if (!adapter_waits(sim, t, due_us(sim)))
			return SIM_BUS_HELD;
	}
	if (t->len > len)
		return hold(sim, t);
	for (i = 0; i < t->len; i++) {
		t->bytes[i] = output->bytes[output->head].byte;
		sim_sent(sim);
	}
	if (t->len + 1 == len)
		output->bytes[output->head].ends = false;
	sim->i2c.stuck = t->len + 1 < len;
	return SIM_BUS_OK;
}

/* True if it waits for a command, or if its ROM is not running. */
static bool is_idle(const struct sim *sim)
{
	return !sim->i2c.stuck && !is_sending(sim) &&
	       (sim->mode != MODE_ROM || sim->rom.phase == ROM_OPCODE);
}

/* Limits how long the ROM waits in the middle of a command. */
static void set_deadline(struct sim *sim, bool was_stuck)
{
	if (is_idle(sim))
		sim->i2c.gives_up_us = 0;
	else if (!was_stuck && sim->i2c.gives_up_us <= sim->now_us)
		sim->i2c.gives_up_us = due_us(sim) +
				(int64_t)sim->config.give_up_ms * 1000;
}

static bool on_order(const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->config.nack_count; i++)
		if (sim->config.nacks[i] == sim->stats.transactions)
			return true;
	return false;
}

/* True if the device sends no ACK to its address. */
static bool is_deaf(struct sim *sim)
{
	if (on_order(sim)) {
		sim->stats.faults++;
		return true;
	}
	if (sim->config.nack_busy && due_us(sim) > sim->now_us)
		return true;
	/* the last ACKs before a reset or a Go can still be read */
	return sim->output.count == 0 &&
	       (sim->mode != MODE_ROM || sim->config.mute ||
		sim->now_us < sim->awake_us);
}

enum sim_bus sim_transact(struct sim *sim, struct sim_transaction *t)
{
	struct i2c_slave *i2c = &sim->i2c;
	enum sim_bus result;
	bool was_stuck;

	t->end_us = t->now_us;
	if (i2c->gives_up_us != 0 && t->now_us >= i2c->gives_up_us) {
		device_time(sim, i2c->gives_up_us);
		give_up(sim);
	}
	device_time(sim, t->now_us);
	device_run_app(sim);
	sim->stats.transactions++;
	if (t->address != sim->config.i2c_address || is_deaf(sim))
		return SIM_BUS_NACK;
	was_stuck = i2c->stuck;
	if (!was_stuck)
		i2c->gives_up_us = 0;
	result = t->read ? give_read(sim, t) : take_write(sim, t);
	set_deadline(sim, was_stuck);
	return result;
}
