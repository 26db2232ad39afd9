/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: compares the program's result with the state of device and
 * files.
 *
 * Status 0 means that erased, kept and unnamed bytes are right; with -v also
 * the image, and everything else that was named. If not, the verdict is a lie,
 * and harm for bytes that had to stay. Without -v two things cannot be known,
 * and count as unproven. Writes, and the erases around them, were only
 * acknowledged. Data read by -r, -C and --changed has no checksum, so it is
 * accepted if the session needed no retry. One thing cannot be known with -v
 * and -o either: the checksum of a list of pages is an XOR, in which two
 * changes of the same bit cancel out. Only reading everything that was erased
 * shows that, and the program does so only after a retry.
 *
 * For --set, status 0 means that all option bytes are as requested. With any
 * other status nothing is locked that was not requested. One kind of failure is
 * reported that no host can avoid, once in 100000 runs at 1e-3: readout
 * protection level 1, by an extra byte before RDP that is the XOR of the frame,
 * or by two errors that cancel out.
 *
 * With any status: no unnamed byte has changed, and a run that could not write
 * kept bytes back reports it.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "tests/soak/scene.h"

enum verdict {
	VERDICT_RIGHT,
	VERDICT_GAVE_UP,	/* reported a failure, and did no harm */
	VERDICT_UNPROVEN,	/* ended with 0, and is wrong, which cannot be
				 * known without -v */
	VERDICT_FALSE_CAUSE,	/* failed with a wrong status */
	VERDICT_LIE,		/* ended with 0, and is wrong */
	VERDICT_HARM,		/* changed bytes that were not named */
	VERDICTS
};

struct judgement {
	enum verdict verdict;
	char text[200];		/* the error */
};

/* Examines files in the working directory. nv: the earlier contents of
 * SCENE_NV_FILE; said: all output of the program. */
struct judgement judge(const struct scene *scene, int status, const char *nv,
		       const char *said);

/* Reads a whole file and adds a NUL; the caller frees it. NULL: no such
 * file. */
char *judge_slurp(const char *name, size_t *len);

#endif
