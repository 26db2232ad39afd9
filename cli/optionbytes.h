/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --option-bytes and --set: the option bytes of the chip by name. Private to
 * actions.c.
 */
#ifndef OPTIONBYTES_H
#define OPTIONBYTES_H

#include "cli/job.h"

/* Prints all of them; changes nothing. */
enum exit_status optionbytes_show(struct job *job);
/* Writes the values of --set unless the chip has them already, reads them back
 * and prints the changes. */
enum exit_status optionbytes_set(struct job *job);

#endif
