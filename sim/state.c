/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/state.h"

void state_hang(struct sim *sim, const char *reason)
{
	journal_add(&sim->journal, "hang: %s", reason);
	sim->mode = MODE_HUNG;
}

void state_ask(struct sim *sim, enum request_kind kind, const char *event)
{
	sim->request = (struct request){
		.kind = kind, .event = event, .at_us = sim->now_us,
	};
}
