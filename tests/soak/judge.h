/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run has to be told about: an oracle that compares what the program
 * claimed with what the device and the files hold afterwards.
 *
 * Status 0 claims: what was erased or kept, and what was not named, is as it
 * has to be; with -v so is the image, and everything else that was named. If
 * not, that is a lie, and of what was to stay harm. Two things nobody can know
 * without -v, and they are counted as unproven: what is written, and erased
 * around it, was only acknowledged; and what -r, -C and --changed have read
 * has no checksum, so that a reading is believed if nothing in the session
 * had to be said again. And one with -v and -o: the checksum of a list of pages
 * is an XOR, which two changes of the same bit pass. Only a reading of all that
 * was erased would show it, and that is made if anything had to be said again.
 *
 * Of --set status 0 claims that all option bytes are as they have to be. After
 * any other nothing is locked that was not asked for. One kind is told that no
 * host can mend, once in 100000 runs at 1e-3: readout protection level 1, of a
 * byte too many in front of RDP that is the XOR of the frame, or of two errors
 * that hide each other.
 *
 * Whatever the status: nothing that was not named is different, and a run that
 * could not put back what was to be kept says so.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "tests/soak/scene.h"

enum verdict {
	VERDICT_RIGHT,
	VERDICT_GAVE_UP,	/* said that it failed, and did no harm */
	VERDICT_UNPROVEN,	/* ended with 0, and is wrong, as nobody could
				 * know without -v */
	VERDICT_FALSE_CAUSE,	/* failed with a status that is not so */
	VERDICT_LIE,		/* ended with 0, and is wrong */
	VERDICT_HARM,		/* changed what was not named */
	VERDICTS
};

struct judgement {
	enum verdict verdict;
	char text[200];		/* what is wrong */
};

/* Files of this process's working directory are looked at. nv: what
 * SCENE_NV_FILE held before; said: all that the program printed. */
struct judgement judge(const struct scene *scene, int status, const char *nv,
		       const char *said);

/* The whole of a file and a NUL; the caller frees it. NULL: no such file. */
char *judge_slurp(const char *name, size_t *len);

#endif
