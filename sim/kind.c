/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/kind.h"

static const struct rom_kind kinds[] = {
	/* As in AN3155: one NACK instead of the ACK. */
	[SIM_ROM_STRICT] = {
		.refusals = {
			[REFUSE_OTHERS] = { false, 1, 1, 1 },
			[REFUSE_MEMORY] = { false, 1, 1, 1 },
			[REFUSE_GO] = { false, 1, 1, 1 },
			[REFUSE_ERASE] = { false, 1, 1, 1 },
		},
	},
	/* STM32F103, recorded */
	[SIM_ROM_22] = {
		.refusals = {
			[REFUSE_OTHERS] = { false, 1, 1, 1 },
			[REFUSE_MEMORY] = { true, 0, 1, 1 },
			[REFUSE_GO] = { true, 1, 2, 2 },
			[REFUSE_ERASE] = { false, 1, 2, 1 },
		},
		.measures_any = true,
		.leaves_state = true,
		.clears_from = 0xB4,
		.clears_to = 0x200,
		.serves_largest = true,
		.faults = true,
		.words = true,
		.ignores = true,
		.ignores_bad_ff = true,
		.rewrites = true,
	},
	/* STM32F051, recorded; "aligned" is due to its Cortex-M0 */
	[SIM_ROM_31] = {
		.refusals = {
			[REFUSE_OTHERS] = { false, 1, 1, 1 },
			[REFUSE_MEMORY] = { true, 1, 2, 2 },
			[REFUSE_GO] = { true, 1, 2, 2 },
			[REFUSE_ERASE] = { false, 1, 2, 1 },
		},
		.measures_any = true,
		.measures_again = true,
		.clears_to = 0x678,
		.spares_last = true,
		.faults = true,
		.aligned = true,
		.words = true,
		.ignores = true,
		.rewrites = true,
		.loses_data = true,
	},
	/* No known ROM: every choice is the most destructive one. */
	[SIM_ROM_WORST] = {
		.refusals = {
			[REFUSE_OTHERS] = { false, 1, 1, 1 },
			[REFUSE_MEMORY] = { true, 0, 2, 2 },
			[REFUSE_GO] = { true, 1, 2, 2 },
			[REFUSE_ERASE] = { false, 1, 2, 2 },
		},
		.measures_any = true,
		.leaves_state = true,
		.clears_to = UINT16_MAX,
		.serves_largest = true,
		.spares_last = true,
		.faults = true,
		.aligned = true,
		.words = true,
		.ignores = true,
		.ignores_bad_ff = true,
		.rewrites = true,
		.loses_data = true,
		.slides = true,
	},
};

const struct rom_kind *rom_kind(enum sim_rom choice, uint8_t version)
{
	if (choice == SIM_ROM_BY_VERSION)
		choice = version < 0x30 ? SIM_ROM_22 : SIM_ROM_31;
	return &kinds[choice];
}
