/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -u, -j, -k and --write-protect: commands after which the device resets
 * itself. Private to actions.c.
 */
#ifndef PROTECTION_H
#define PROTECTION_H

#include "cli/job.h"

enum exit_status protection_write_unprotect(struct job *job);
enum exit_status protection_readout_protect(struct job *job);
enum exit_status protection_readout_unprotect(struct job *job);

/* Checks that this part has the units of --write-protect, before any change. */
enum exit_status protection_check_units(struct job *job);
/* Protects them, and checks the option bytes afterwards if the bootloader
 * shows them. */
enum exit_status protection_write_protect(struct job *job);

#endif
