/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --option-bytes and --set: the option bytes of the chip by name. Private to
 * actions.c.
 */
#ifndef OPTIONBYTES_H
#define OPTIONBYTES_H

#include "cli/job.h"

/* Prints all of them, and changes nothing. */
enum exit_status optionbytes_show(struct job *job);
/* Writes what --set asks for, if that is not what is there, reads it back and
 * says what changed. */
enum exit_status optionbytes_set(struct job *job);

#endif
