/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of --set over bad lines: the option bytes before, what is asked for, and
 * what they have to be then. The device writes each as a file of its own, by
 * its own idea of fields and complements.
 */
#ifndef SETS_H
#define SETS_H

#include "tests/soak/scene.h"

/* Draws the option bytes before, and the words of the command line. */
void sets_draw(struct scene *scene);

/* SCENE_NV_FILE, SETS_BEFORE_FILE and SETS_WANT_FILE; with SCENE_NV_FILE as it
 * is after a new device was written there. */
#define SETS_BEFORE_FILE "before.txt"
#define SETS_WANT_FILE "want.txt"
bool sets_write_files(const struct scene *scene);

/* What became of the option bytes; text names the field. */
enum sets_end {
	SETS_DONE,		/* all are as they have to be */
	SETS_BEFORE,		/* all are as they were */
	SETS_PART,		/* some are as they have to be, others as before */
	SETS_DAMAGED,		/* some are neither */
	SETS_LOCKED,		/* and one of these locks somebody out, */
	SETS_LEVEL_2		/* for ever */
};
enum sets_end sets_look(const struct scene *scene, char *text, size_t size);

#endif
