/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reproducible random numbers: the same seed gives the same sequence on every
 * machine.
 */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* splitmix64 */
static inline uint64_t dice_next(struct dice *dice)
{
	uint64_t z;

	dice->state += 0x9E3779B97F4A7C15u;
	z = dice->state;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* 0 to n - 1 */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
	return (uint32_t)((dice_next(dice) >> 32) * n >> 32);
}

static inline uint32_t dice_between(struct dice *dice, uint32_t least,
				    uint32_t most)
{
	return least + dice_below(dice, most - least + 1);
}

/* True once in n times. */
static inline bool dice_one_in(struct dice *dice, uint32_t n)
{
	return dice_below(dice, n) == 0;
}

#endif
