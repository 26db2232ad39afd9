/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A random job: a part with its flash contents, an image, the command line,
 * the noise on the line, and the expected fate of every byte of the flash. One
 * number determines everything.
 */
#ifndef SCENE_H
#define SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev_table.h"
#include "option_table.h"
#include "tests/soak/dice.h"

#define SCENE_FLASH 65536	/* most bytes of flash */
#define SCENE_ARGS 16
#define SCENE_SETS 4	/* most option bytes that are set */

/* The files of a scene, in the working directory. */
#define SCENE_FLASH_FILE "flash.bin"
#define SCENE_NV_FILE "nv.txt"
#define SCENE_OUT_FILE "out.bin"
#define SCENE_KEPT_FILE "stm32flash-kept.hex"	/* left by a failed run */

enum scene_job {
	JOB_WRITE,		/* -w over the whole chip */
	JOB_WRITE_RANGE,	/* -w -S addr:len */
	JOB_WRITE_PAGES,	/* -w --erase=pages */
	JOB_WRITE_CHANGED,	/* -w --changed */
	JOB_WRITE_NAMED,	/* -w -s first -e count */
	JOB_WRITE_UNERASED,	/* -w -e 0, on blank flash */
	JOB_ERASE,		/* -o */
	JOB_ERASE_RANGE,	/* -o -S addr:len */
	JOB_ERASE_NAMED,	/* -o -s first -e count */
	JOB_READ,		/* -r */
	JOB_READ_RANGE,		/* -r -S addr:len */
	JOB_CRC,		/* -C */
	JOB_CRC_RANGE,		/* -C -S addr:len */
	JOB_SET,		/* --set; drawn from SCENE_SET on only */
	JOBS
};

/* The expected fate of a byte of the flash. */
enum fate {
	FATE_OTHER,	/* on a page that was not named: must never change */
	FATE_KEPT,	/* on a page that is erased, but kept */
	FATE_IMAGE,	/* written */
	FATE_ERASED,	/* erased */
	FATES
};

struct scene_set {
	struct option_field field;
	uint32_t raw;
};

struct scene {
	struct dice dice;
	const char *part;	/* as in sim:PART */
	struct dev dev;
	uint32_t size;		/* of the flash */
	enum scene_job job;
	bool verify;		/* -v */
	bool noisy;
	bool aimed;		/* the noise hits the data of writes only */
	bool on_chip;
	uint32_t start, end;	/* the range of the job: offsets */
	uint8_t before[SCENE_FLASH];
	uint8_t image[SCENE_FLASH];
	bool covered[SCENE_FLASH];	/* the file has that byte, */
	bool left_out[SCENE_FLASH];	/* but outside the range */
	uint8_t want[SCENE_FLASH];
	enum fate fate[SCENE_FLASH];
	/* option bytes that are no more as in a new chip, and --set */
	struct scene_set was[SCENE_SETS], sets[SCENE_SETS];
	size_t was_count, set_count;

	/* The command line */
	bool hex;		/* the image is an Intel HEX file */
	char noise[200];
	char device[500];
	char words[SCENE_ARGS][64];
	char *argv[SCENE_ARGS + 1];
	int argc;
};

/* Finds the page that contains this offset. */
void scene_page(const struct scene *scene, uint32_t offset, uint32_t *start,
		uint32_t *end);

const char *scene_job_name(enum scene_job job);
bool scene_writes(const struct scene *scene);
bool scene_reads(const struct scene *scene);
bool scene_sums(const struct scene *scene);
/* True if lists of pages are used: for some pages, or if the ROM has no other
 * erase. */
bool scene_erases_lists(const struct scene *scene);

/* Draws run number n of the soak; from SCENE_GAPS on over a line that is
 * interrupted, from SCENE_ON_CHIP on with --on-chip, and jobs large enough to
 * use it; from SCENE_SET on with --set. */
#define SCENE_GAPS UINT32_C(1073741824)
#define SCENE_ON_CHIP UINT32_C(2147483648)
#define SCENE_SET UINT32_C(3221225472)
void scene_draw(struct scene *scene, uint32_t n);

/* A run that failed once: "seed=1249,insert=0.006". */
struct scene_row {
	const char *name;
	enum scene_job job;
	uint32_t start, len;	/* of the image and, except for JOB_WRITE, of
				 * -S */
	uint32_t content;	/* selects the random bytes */
	const char *noise;
};
void scene_of_row(struct scene *scene, const struct scene_row *row);

/* Writes the files for the run. False: one could not be written. */
bool scene_write_files(const struct scene *scene);

#endif
