/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers that are later than the program's timeouts, as from a busy host or
 * server of serial ports: writes and verifies 12,000 bytes. Nothing is lost or
 * damaged, so every run succeeds, and no granule is programmed twice.
 */
#include "tests/unit/t.h"

#include "tests/unit/flash/job.h"
#include "tests/unit/flash/late_port.h"
#include "tests/unit/sim_files.h"

#define SEEDS 12

/* Delays in ms, of one answer in one_in, and of one byte in one_byte_in. */
static const struct {
	const char *name;
	unsigned one_in, one_byte_in, least_ms, most_ms;
} delays[] = {
	{ "in time", 0, 0, 0, 0 },
	{ "one of 20, 600 to 700", 20, 0, 600, 700 },
	{ "one of 20, 500 to 1500", 20, 0, 500, 1500 },
	{ "one of 5, up to 1000", 5, 0, 0, 1000 },
	{ "all, 200 to 600", 1, 0, 200, 600 },
	{ "all, 300 to 700", 1, 0, 300, 700 },
	{ "all, up to 2000", 1, 0, 0, 2000 },
	{ "all, 1500 to 1600", 1, 0, 1500, 1600 },
	/* data of a read, some of which looks like an ACK */
	{ "bytes, up to 1000", 10, 200, 0, 1000 },
};

static void check_flash(struct sim_files *files, unsigned seed)
{
	uint32_t i;

	sim_files_read(files);
	for (i = 0; i < JOB_LEN && files->flash[i] == job_wanted(i, seed); i++)
		;
	EQUAL(i, JOB_LEN);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
}

/* One run; returns the number of late answers. */
static unsigned run(const char *spec, size_t delay, unsigned seed,
		    struct sim_files *files)
{
	struct port *below = sim_files_open(files, spec, NULL, 0);
	struct problem why = { "" };
	struct late_port *port;
	unsigned late;

	if (!CHECK(below != NULL))
		return 0;
	port = late_new(below);
	port->random = seed * 7919u + delay;
	port->one_in = delays[delay].one_in;
	port->one_byte_in = delays[delay].one_byte_in;
	port->least_ms = delays[delay].least_ms;
	port->most_ms = delays[delay].most_ms;
	if (!CHECK(job_do(&port->base, seed, &why)))
		printf("  %s, seed %u: %s\n", delays[delay].name, seed,
		       why.text);
	late = port->late;
	port_close(&port->base);
	check_flash(files, seed);
	return late;
}

static void try_kind(const char *spec, unsigned seeds, struct sim_files *files)
{
	unsigned seed, late;
	size_t i;

	t_about(spec);
	for (i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		for (seed = 1, late = 0; seed <= seeds; seed++)
			if (!t_left_out(5))
				late += run(spec, i, seed, files);
		CHECK((late > 0) == (i > 0));
		printf("%s, %s: %u answers late\n", spec, delays[i].name,
		       late);
	}
}

int main(void)
{
	struct sim_files files;

	if (!sim_files_begin(&files))
		return 1;
	try_kind("sim:0x410", SEEDS, &files);
	try_kind("sim:0x440,rom=3.1", SEEDS / 2, &files);
	try_kind("sim:0x410,rom=strict", SEEDS / 2, &files);
	sim_files_end(&files);
	return t_done();
}
