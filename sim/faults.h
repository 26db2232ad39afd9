/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injected errors: random noise on the wire, and faults in the nth execution
 * of a command.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/spec.h"

/* The most commands that can have faults. */
#define FAULTS_COMMANDS 32

struct faults {
	uint64_t random;	/* state of the random generator */
	bool flipped;		/* a bit of the last byte was flipped */
	int64_t gap_until_us[2];	/* end of an interruption */
	uint32_t executions[FAULTS_COMMANDS];	/* by command number */
};

void faults_init(struct faults *faults, uint32_t seed);

/*
 * Passes one byte at this time: stores what arrives, 0 to 2 bytes, in out, and
 * returns their number. *struck counts the errors.
 */
size_t faults_noise(struct faults *faults, const struct sim_noise *noise,
		    enum sim_direction direction, int64_t now_us, uint8_t byte,
		    uint8_t out[static 2], uint64_t *struck);

/* Counts an execution of the command with this number; returns the fault that
 * applies to it, or NULL. */
const struct sim_fault *faults_execute(struct faults *faults,
				       const struct sim_config *config,
				       enum sim_command name, size_t number);

#endif
