/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/faults.h"

#include <assert.h>
#include <string.h>

#define GAP_US INT64_C(1000)
#define GAPS 11

/* splitmix64: every seed, even 0, gives a good sequence of its own. */
static uint64_t next_random(struct faults *faults)
{
	uint64_t z;

	faults->random += 0x9E3779B97F4A7C15u;
	z = faults->random;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static bool happens(struct faults *faults, double chance)
{
	if (chance <= 0)
		return false;
	/* a double holds 53 bits: 0 <= x < 1 */
	return (double)(next_random(faults) >> 11) * 0x1p-53 < chance;
}

void faults_init(struct faults *faults, uint32_t seed)
{
	memset(faults, 0, sizeof(*faults));
	faults->random = seed;
}

/* Short interruptions are as likely as long ones. */
static bool is_interrupted(struct faults *faults, const struct sim_noise *noise,
			   enum sim_direction direction, int64_t now_us)
{
	int64_t *until_us = &faults->gap_until_us[direction];

	if (now_us >= *until_us && happens(faults, noise->gap[direction]))
		*until_us = now_us + (GAP_US << next_random(faults) % GAPS);
	return now_us < *until_us;
}

size_t faults_noise(struct faults *faults, const struct sim_noise *noise,
		    enum sim_direction direction, int64_t now_us, uint8_t byte,
		    uint8_t out[static 2], uint64_t *struck)
{
	size_t len = 0;

	faults->flipped = false;
	if (is_interrupted(faults, noise, direction, now_us)) {
		++*struck;
		return 0;
	}
	if (happens(faults, noise->insert[direction])) {
		out[len++] = (uint8_t)next_random(faults);
		++*struck;
	}
	if (happens(faults, noise->drop[direction])) {
		++*struck;
		return len;
	}
	if (happens(faults, noise->flip[direction])) {
		byte ^= (uint8_t)(1u << (next_random(faults) & 7));
		faults->flipped = true;
		++*struck;
	}
	out[len++] = byte;
	return len;
}

const struct sim_fault *faults_execute(struct faults *faults,
				       const struct sim_config *config,
				       enum sim_command name, size_t number)
{
	uint32_t nth, i;

	assert(number < FAULTS_COMMANDS);
	nth = ++faults->executions[number];
	for (i = 0; i < config->fault_count; i++) {
		const struct sim_fault *fault = &config->faults[i];

		if (fault->nth == nth && fault->command == name)
			return fault;
	}
	return NULL;
}
