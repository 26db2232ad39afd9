/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of --set over bad lines: the option bytes before, the request, and the
 * expected result. The simulated device writes each to a file of its own, with
 * its own code for fields and complements.
 */
#ifndef SETS_H
#define SETS_H

#include "tests/soak/scene.h"

/* Draws the option bytes before, and the words of the command line. */
void sets_draw(struct scene *scene);

/* Writes SCENE_NV_FILE, SETS_BEFORE_FILE and SETS_WANT_FILE. */
#define SETS_BEFORE_FILE "before.txt"
#define SETS_WANT_FILE "want.txt"
bool sets_write_files(const struct scene *scene);

/* Compares the option bytes after the run; text names the field. */
enum sets_end {
	SETS_DONE,		/* all are as wanted */
	SETS_BEFORE,		/* all are as before */
	SETS_PART,		/* some are as wanted, others as before */
	SETS_DAMAGED,		/* some are neither */
	SETS_LOCKED,		/* and one of these locks something */
	SETS_LEVEL_2		/* readout protection level 2 */
};
enum sets_end sets_look(const struct scene *scene, char *text, size_t size);

#endif
