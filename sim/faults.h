/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes wrong on purpose: noise on the wire by chance, and the nth
 * execution of a command on order.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/spec.h"

/* The most commands that can have a fault each. */
#define FAULTS_COMMANDS 32

struct faults {
	uint64_t random;	/* state of the generator */
	bool flipped;		/* the last byte that passed */
	uint32_t executions[FAULTS_COMMANDS];	/* by number of the command */
};

void faults_init(struct faults *faults, uint32_t seed);

/*
 * One byte passes: out gets what arrives, 0 to 2 bytes; the result says how
 * many. *struck counts what was done to it.
 */
size_t faults_noise(struct faults *faults, const struct sim_noise *noise,
		    enum sim_direction direction, uint8_t byte,
		    uint8_t out[static 2], uint64_t *struck);

/* The command of this name is executed, the one of this number once more: the
 * fault that strikes it, or NULL. */
const struct sim_fault *faults_execute(struct faults *faults,
				       const struct sim_config *config,
				       enum sim_command name, size_t number);

#endif
