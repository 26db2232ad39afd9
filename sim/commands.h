/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of commands, and which of them a device has, by its row of the
 * device table, its configuration and its protocol version.
 */
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/command.h"

/* Entry i of the table, NULL after the last one. */
const struct command *commands_at(size_t i);
bool commands_exists(const struct sim *sim, const struct command *command);

/* The version of the protocol that Get returns. */
uint8_t commands_version(const struct sim *sim);

#endif
