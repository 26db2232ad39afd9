/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/app.h"

#include <string.h>

#include "sim/output.h"
#include "utils.h"

#define SLICE_STEPS 200000
/* Cycles per instruction, times ten; and instructions that may run at once, so
 * that the few of a reset take no time. */
#define CYCLES_X10 16
#define STEPS_AT_ONCE 1000
/* The application waits while this much of its output is unread. */
#define OUTPUT_ENOUGH 64
#define CHATTER_US 100000

#define AIRCR 0xE000ED0Cu		/* ARMv6-M, B3.2.6 */
#define AIRCR_RESET 0x05FA0004u		/* VECTKEY, SYSRESETREQ */
#define SYST_CVR 0xE000E018u		/* ARMv6-M, B3.3.5 */
#define F1_USART1_CR1 0x4001380Cu	/* RM0008 */
#define LEFT_COUNT 0x00A5F3C1u		/* in the SysTick: any value but 0 */
#define NOP 0xBF00u
#define LEFT_CR1 0x340Cu
#define F0_FLASH_CR 0x40022010u		/* RM0360 */
#define F0_OBL_LAUNCH (1u << 13)
#define L4_PEMPTY_BIT 17		/* in FLASH_SR: a 1 written toggles */

#define USART_RXNE (1u << 5)
#define USART_TC (1u << 6)
#define USART_TXE (1u << 7)

/* The serial ports that firmware uses most. */
static const struct {
	uint32_t status, receive, transmit;
} usarts[] = {
	{ 0x40013800, 0x40013804, 0x40013804 },	/* USART1: F1, L1 */
	{ 0x40011000, 0x40011004, 0x40011004 },	/* USART1: F2, F4 */
	{ 0x4001381C, 0x40013824, 0x40013828 },	/* USART1: F0, F3, L, G */
	{ 0x4000441C, 0x40004424, 0x40004428 },	/* USART2: F0, F3, L, G */
};

static void end_line(struct sim *sim)
{
	struct app *app = &sim->app;

	if (app->line_len != 0)
		journal_add(&sim->journal, "app: %.*s", (int)app->line_len,
			    app->line);
	app->line_len = 0;
}

static void say(struct sim *sim, uint8_t byte)
{
	struct app *app = &sim->app;

	if (!sim->config.framed)
		output_send(sim, byte);
	if (byte == '\n' || app->line_len == APP_LINE_MAX)
		end_line(sim);
	if (byte >= ' ' && byte < 0x7F)
		app->line[app->line_len++] = (char)byte;
}

/* Returns the stored value of a register, or NULL. */
static uint32_t *find_register(struct app *app, uint32_t address)
{
	size_t i;

	for (i = 0; i < app->register_count; i++)
		if (app->registers[i].address == address)
			return &app->registers[i].value;
	return NULL;
}

/* If a program writes too many registers, the others read as zero. */
static void remember(struct app *app, uint32_t address, uint32_t value)
{
	uint32_t *word = find_register(app, address);

	if (word == NULL && app->register_count < APP_REGISTERS) {
		app->registers[app->register_count].address = address;
		word = &app->registers[app->register_count++].value;
	}
	if (word != NULL)
		*word = value;
}

static bool peripheral(uint32_t address)
{
	return (address >= 0x40000000u && address < 0x60000000u) ||
	       address >= 0xE0000000u;
}

/* The current time for uploaded code. */
static int64_t time_of_code(const struct sim *sim)
{
	const struct app *app = &sim->app;

	if (!app->timed)
		return sim->now_us;
	return app->began_us +
	       (int64_t)(app->cpu.steps * app->step_ns / 1000);
}

static uint8_t take_received(struct app *app)
{
	uint8_t byte = app->received[0];

	if (app->received_count == 0)
		return 0;
	app->received_count--;
	memmove(app->received, app->received + 1, app->received_count);
	return byte;
}

static uint32_t load_register(struct sim *sim, uint32_t address)
{
	const uint32_t *word = find_register(&sim->app, address);
	uint32_t value = word != NULL ? *word : 0;
	uint32_t empty = 1u << sim->dev->empty_bit % 32;
	size_t i;

	for (i = 0; i < ARRAY_LEN(usarts); i++) {
		if (address == usarts[i].status)
			return USART_TXE | USART_TC |
			       (sim->app.received_count != 0 ? USART_RXNE : 0);
		if (address == usarts[i].receive)
			return take_received(&sim->app);
	}
	if (sim->dev->empty_reg != 0 && address == sim->dev->empty_reg)
		return sim->protection.empty ? value | empty : value & ~empty;
	return value;
}

static void ask_reset(struct sim *sim, const char *event, bool option_load)
{
	sim->app.reset = event;
	sim->app.option_load = option_load;
	sim->app.cpu.halt = true;
}

/* On L4 a 1 written to the status register toggles PEMPTY; elsewhere the flag
 * is an ordinary bit of the access control register. */
static void store_empty(struct sim *sim, uint32_t value)
{
	bool bit = value >> (sim->dev->empty_bit % 32) & 1;

	if (sim->dev->empty_bit != L4_PEMPTY_BIT)
		sim->protection.empty = bit;
	else if (bit)
		sim->protection.empty = !sim->protection.empty;
}

static void store_register(struct sim *sim, uint32_t address, uint32_t value)
{
	size_t i;

	remember(&sim->app, address, value);
	for (i = 0; i < ARRAY_LEN(usarts); i++)
		/* More than a character is meant for another peripheral: on an
		 * F1, GPIOC's configuration is at the address of an F4's
		 * USART1. */
		if (address == usarts[i].transmit && value <= 0xFF)
			say(sim, (uint8_t)value);
	if (sim->dev->empty_reg != 0 && address == sim->dev->empty_reg)
		store_empty(sim, value);
	watchdog_store(&sim->watchdog, address, value, time_of_code(sim));
	if (address == AIRCR && value == AIRCR_RESET) {
		sim->stats.reset_stores++;
		ask_reset(sim, "reset by AIRCR", false);
	}
	if (address == F0_FLASH_CR && value & F0_OBL_LAUNCH &&
	    sim->dev->quirks & DEV_OBL_LAUNCH)
		ask_reset(sim, "reset by option load", true);
	/* send the pending output first */
	if (sim->output.count >= OUTPUT_ENOUGH)
		sim->app.cpu.halt = true;
}

/* Address 0 is an alias of the boot memory: here always the flash. */
static uint32_t address_of_cpu(const struct sim *sim, uint32_t address)
{
	if (address < memory_flash_size(&sim->memory))
		address += sim->memory.flash->range.start;
	return address;
}

/* The vector table of the ROM. */
static bool load_rom_vector(const struct sim *sim, uint32_t address,
			    uint32_t *value)
{
	uint32_t start = sim->dev->system_memory[0].start;

	if (start == 0 || (address != start && address != start + 4))
		return false;
	*value = address == start ? sim->dev->ram.end : start + 0x101;
	return true;
}

static bool bus_load(void *ctx, uint32_t address, unsigned size,
		     uint32_t *value)
{
	struct sim *sim = ctx;
	const struct region *region;
	uint8_t bytes[4] = { 0 };

	if (size == 4 && load_rom_vector(sim, address, value))
		return true;
	if (peripheral(address)) {
		*value = load_register(sim, address);
		return true;
	}
	address = address_of_cpu(sim, address);
	region = memory_region(&sim->memory, address);
	if (region == NULL || size > region->range.end - address)
		return false;
	/* the next instruction is one of the ROM */
	if (region->kind == MEMORY_SYSTEM && address == sim->app.cpu.r[15]) {
		ask_reset(sim, "jump to the ROM", false);
		sim->app.jump = true;
		*value = NOP;
		return true;
	}
	memcpy(bytes, &region->bytes[address - region->range.start], size);
	*value = get_le32(bytes);
	return true;
}

static bool bus_store(void *ctx, uint32_t address, unsigned size,
		      uint32_t value)
{
	struct sim *sim = ctx;
	const struct region *region = memory_region(&sim->memory, address);
	uint8_t bytes[4];

	if (peripheral(address)) {
		store_register(sim, address, value);
		return true;
	}
	/* code can program the flash too, but not by plain stores */
	if (region == NULL || region->kind != MEMORY_RAM ||
	    size > region->range.end - address)
		return false;
	put_le32(bytes, value);
	memcpy(&region->bytes[address - region->range.start], bytes, size);
	return true;
}

bool app_is_made_up(const struct sim *sim)
{
	return sim->config.chatter[0] != '\0' || sim->config.knock_rate != 0;
}

static bool is_ram(const struct sim *sim, uint32_t address)
{
	const struct region *region = memory_region(&sim->memory, address);

	return region != NULL && region->kind == MEMORY_RAM;
}

/* The clock after a reset and after Go: HSI or MSI. */
static uint32_t clock_khz(const struct dev *dev)
{
	if (dev->erased == 0x00)
		return 2097;		/* L0, L1 */
	if (dev->granule == 2)
		return 8000;		/* F0, F1, F3 */
	if (dev->granule == 4)
		return 16000;		/* F2, F4 */
	return 4000;			/* L4, WB; others are faster */
}

void app_start_by_go(struct sim *sim, uint32_t vector_table)
{
	struct app *app = &sim->app;

	app_start(sim, vector_table);
	app->timed = is_ram(sim, vector_table);
	app->step_ns = 100000 * CYCLES_X10 / clock_khz(sim->dev);
	app->began_us = sim->busy_us > sim->now_us ? sim->busy_us
						   : sim->now_us;
	watchdog_feed(&sim->watchdog, app->began_us);
	if (!sim->kind->leaves_state)
		return;
	remember(app, SYST_CVR, LEFT_COUNT);
	remember(app, F1_USART1_CR1, LEFT_CR1);
}

void app_start(struct sim *sim, uint32_t vector_table)
{
	struct app *app = &sim->app;

	memset(app, 0, sizeof(*app));
	sim->mode = MODE_APP;
	app->chatter_us = sim->now_us;
	if (app_is_made_up(sim))
		return;
	app->cpu.bus.load = bus_load;
	app->cpu.bus.store = bus_store;
	app->cpu.bus.ctx = sim;
	if (!thumb_reset(&app->cpu, vector_table))
		state_hang(sim, "no vector table");
}

/* Sends the text repeatedly. */
static void chatter(struct sim *sim)
{
	const char *text = sim->config.chatter;
	int64_t busy_us = sim->busy_us;

	if (sim->output.count != 0 || *text == '\0')
		return;
	if (sim->app.chatter_us < sim->now_us)
		sim->app.chatter_us = sim->now_us;
	sim->busy_us = sim->app.chatter_us;
	for (; *text != '\0'; text++)
		say(sim, (uint8_t)*text);
	say(sim, '\r');
	say(sim, '\n');
	sim->app.chatter_us += CHATTER_US;
	sim->busy_us = busy_us;
}

/* False for a ROM that does not clear the counters it measures with, if they
 * were used before. */
static bool measures_well(struct app *app)
{
	const uint32_t *count = find_register(app, SYST_CVR);
	const uint32_t *cr1 = find_register(app, F1_USART1_CR1);

	return (count == NULL || *count == 0) && (cr1 == NULL || *cr1 == 0);
}

/* Requests a reset at a time that may have passed. */
static void reset_at(struct sim *sim, const char *event, int64_t at_us)
{
	const struct app *app = &sim->app;
	bool well = !sim->kind->leaves_state || measures_well(&sim->app);

	if (app->jump)
		state_ask(sim, well ? REQUEST_ROM : REQUEST_SPOILT_ROM, event);
	else
		state_ask(sim, app->option_load ? REQUEST_OPTION_LOAD
						: REQUEST_RESET, event);
	sim->request.at_us = at_us;
}

static uint64_t steps_until(const struct app *app, int64_t us)
{
	return us > app->began_us
	     ? (uint64_t)(us - app->began_us) * 1000 / app->step_ns : 0;
}

/* Returns the number of instructions that the code has time for, until the
 * watchdog ends it. */
static uint64_t budget(const struct sim *sim)
{
	const struct app *app = &sim->app;
	int64_t end_us = watchdog_end_us(&sim->watchdog);
	uint64_t most;

	if (!app->timed)
		return SLICE_STEPS;
	most = steps_until(app, sim->now_us) + STEPS_AT_ONCE;
	if (end_us != INT64_MAX && steps_until(app, end_us) < most)
		most = steps_until(app, end_us);
	return most > app->cpu.steps ? most - app->cpu.steps : 0;
}

/* Runs code; continues if it reloads the watchdog. */
static enum thumb_stop run_code(struct sim *sim)
{
	struct thumb *cpu = &sim->app.cpu;
	enum thumb_stop stop;

	cpu->halt = false;
	do
		stop = thumb_run(cpu, budget(sim));
	while (stop == THUMB_BUDGET && sim->app.timed && budget(sim) > 0);
	return stop;
}

/* True if the watchdog has ended uploaded code that does not reload it. */
static bool is_ended(struct sim *sim)
{
	int64_t end_us = watchdog_end_us(&sim->watchdog);

	if (!sim->app.timed || end_us > sim->now_us)
		return false;
	reset_at(sim, "reset by the watchdog", end_us);
	return true;
}

/* For code in RAM without an active vector table of its own: the handler of
 * the ROM takes its faults. */
static void take_fault(struct sim *sim)
{
	end_line(sim);
	if (sim->app.timed && sim->kind->faults)
		reset_at(sim, "reset (fault of the code)", time_of_code(sim));
	else
		state_hang(sim, "fault of the application");
}

void app_run(struct sim *sim)
{
	struct app *app = &sim->app;

	if (sim->mode != MODE_APP)
		return;
	if (app_is_made_up(sim)) {
		chatter(sim);
		return;
	}
	if (app->idle && is_ended(sim))
		return;
	if (app->idle || sim->output.count >= OUTPUT_ENOUGH)
		return;
	switch (run_code(sim)) {
	case THUMB_BUDGET:
		(void)is_ended(sim);
		return;
	case THUMB_HALTED:
		if (app->reset != NULL)
			reset_at(sim, app->reset, time_of_code(sim));
		return;
	case THUMB_IDLE:
		/* a received byte ends the wait for an interrupt */
		app->idle = true;
		end_line(sim);
		(void)is_ended(sim);
		return;
	case THUMB_FAULT:
		take_fault(sim);
		return;
	}
}

void app_hear_rate(struct sim *sim, uint32_t baud)
{
	if (sim->mode == MODE_APP && sim->config.knock_rate == baud &&
	    sim->config.knock[0] == '\0')
		state_ask(sim, REQUEST_ROM, "knock");
}

/* As in simple firmware: a wrong byte may be the first of a new try. */
static void hear_knock(struct sim *sim, uint8_t byte)
{
	const char *knock = sim->config.knock;
	size_t *knocked = &sim->app.knocked;

	if ((uint8_t)knock[*knocked] != byte)
		*knocked = 0;
	if ((uint8_t)knock[*knocked] == byte)
		++*knocked;
	if (*knocked != 0 && knock[*knocked] == '\0')
		state_ask(sim, REQUEST_ROM, "knock");
}

void app_receive(struct sim *sim, uint8_t byte)
{
	struct app *app = &sim->app;

	if (sim->config.knock[0] != '\0')
		hear_knock(sim, byte);
	if (app->received_count < APP_RECEIVE_MAX)
		app->received[app->received_count++] = byte;
	app->idle = false;
}
