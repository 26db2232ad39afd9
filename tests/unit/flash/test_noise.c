/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bad cable: writes and verifies 12,000 bytes while bytes are flipped, lost
 * and added at random in both directions, a hundred times for each kind of
 * noise. Every run succeeds with the right memory, and no granule is
 * programmed twice. A sample runs on every kind of ROM.
 */
#include "tests/unit/t.h"

#include "tests/unit/flash/job.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"

#define SEEDS 100
#define SEEDS_OF_KIND 10	/* for each kind of ROM */

#define WORST "sim:0x410,rom=worst"

#define CHANCE(p) ((uint32_t)((p) * 4294967296.0))

static const struct {
	const char *name;
	double flipped, lost, added;
} noises[] = {
	{ "none", 0, 0, 0 },
	{ "flips of 1e-4", 1e-4, 0, 0 },
	{ "flips of 1e-3", 1e-3, 0, 0 },
	{ "drops of 1e-4", 0, 1e-4, 0 },
	{ "drops of 5e-4", 0, 5e-4, 0 },
	{ "insertions of 3e-4", 0, 0, 3e-4 },
	{ "2e-4 of all three", 2e-4, 2e-4, 2e-4 },
};

/* One run; returns its time in ms, and in *struck the number of damaged bytes.
 * A run may give up with an error: if N of a write is lost, its data is taken
 * for commands, and an F103 that resets itself over one measures its rate on
 * the next byte. */
static int64_t run(const char *spec, size_t noise, unsigned seed,
		   struct sim_files *files, unsigned *struck,
		   unsigned *gave_up)
{
	struct port *below = sim_files_open(files, spec, NULL, 0);
	struct problem why = { "" };
	struct noisy_port *port;
	bool done;
	int64_t ms;
	uint32_t i;

	if (!CHECK(below != NULL))
		return 0;
	port = noisy_new(below);
	port->random = seed * 7919u + noise;
	port->flipped = CHANCE(noises[noise].flipped);
	port->lost = CHANCE(noises[noise].lost);
	port->added = CHANCE(noises[noise].added);
	done = job_do(&port->base, seed, &why);
	if (!done && strcmp(spec, WORST) != 0)
		printf("  gave up, seed %u: %s\n", seed, why.text);
	*gave_up += !done;
	ms = port_now_ms(&port->base);
	*struck += port->struck;
	port_close(&port->base);
	sim_files_read(files);
	for (i = 0; i < JOB_LEN && files->flash[i] == job_wanted(i, seed); i++)
		;
	CHECK(i == JOB_LEN || !done);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
	return ms;
}

/* On the worst kind, which is no known ROM, no run has to succeed. */
static void try_kind(const char *spec, struct sim_files *files)
{
	unsigned struck = 0, gave_up = 0, runs = 0, seed;
	size_t i;

	t_about(spec);
	for (i = 0; i < sizeof(noises) / sizeof(noises[0]); i++)
		for (seed = 1; seed <= SEEDS_OF_KIND; seed++) {
			if (t_left_out(11))
				continue;
			(void)run(spec, i, seed, files, &struck, &gave_up);
			runs++;
		}
	CHECK(strcmp(spec, WORST) == 0 || 20 * gave_up <= runs);
	printf("%s: %u bytes damaged in %u runs, %u gave up and said so\n",
	       spec, struck, runs, gave_up);
}

int main(void)
{
	static const char *const kinds[] = {
		"sim:0x440,rom=2.2", "sim:0x410,rom=3.1", "sim:0x440,rom=3.1",
		"sim:0x410,rom=strict", WORST,
	};
	struct sim_files files;
	double quiet_ms = 0;	/* per run */
	unsigned seed;
	size_t i;

	if (!sim_files_begin(&files))
		return 1;
	for (i = 0; i < sizeof(noises) / sizeof(noises[0]); i++) {
		unsigned struck = 0, gave_up = 0, runs = 0;
		double ms = 0;

		t_about(noises[i].name);
		for (seed = 1; seed <= SEEDS; seed++) {
			if (t_left_out(11))
				continue;
			ms += (double)run("sim:0x410", i, seed, &files,
					  &struck, &gave_up);
			runs++;
		}
		CHECK(50 * gave_up <= runs);
		ms /= runs;
		if (i == 0)
			quiet_ms = ms;
		printf("%-20s %4u bytes damaged in %u runs, %6.2f s a run, "
		       "%5.2f s lost\n", noises[i].name, struck, runs,
		       ms / 1000, (ms - quiet_ms) / 1000);
	}
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		try_kind(kinds[i], &files);
	sim_files_end(&files);
	return t_done();
}
