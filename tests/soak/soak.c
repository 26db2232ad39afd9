/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thousands of random jobs over bad lines: runs the whole program in this
 * process with a simulated device, and an oracle that examines the device
 * afterwards. `make soak RUNS=200000`; FIRST=n begins with run n.
 *
 *	soak FIRST RUNS		run these, count, and print the failures
 *	soak files N		write the files of run N to the working
 *				directory and print its command line
 *
 * N is the number of a run, or row1, row2, ... for those of the table.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/status.h"
#include "tests/soak/judge.h"
#include "tests/soak/scene.h"
#include "tests/soak/sets.h"
#include "utils.h"

#define HANGS_S 120	/* real time per run */
#define SAID_FILE "said.txt"

int run_program(int argc, char **argv);

/* Each failed once. */
static const struct scene_row rows[] = {
	{ "a repair behind the verify", JOB_WRITE, 0, 1600, 202,
	  "seed=1249,insert=0.006" },
	{ "another", JOB_WRITE, 0, 1600, 212, "seed=1249,insert=0.006" },
	{ "a repair that loses neighbours", JOB_WRITE_RANGE, 0x900, 1600, 114,
	  "seed=102241,insert=0.003" },
	{ "one that loses the image", JOB_WRITE_RANGE, 0x900, 1600, 232,
	  "seed=102241,insert=0.003" },
	{ "an Erase filled up to a valid list", JOB_WRITE_RANGE, 0x900, 1600, 0,
	  "seed=103706,insert=0.003" },
	{ "another list", JOB_WRITE_RANGE, 0x900, 1600, 1,
	  "seed=103706,insert=0.003" },
};

/* Drawn runs that failed once. */
static const uint32_t drawn[] = {
	15759, 64397,	/* a misread ID: blamed the range */
	21005, 61626,	/* a misread ID: blamed the file */
	42668,		/* bytes that pad a write, after -e 0 */
	16713,		/* bytes of another part's granule: a misread ID */
	54438,		/* a mass erase with an ACK, but not done */
	28062, 39503, 58763, 65662, 66350,	/* kept bytes misread twice */
	132170,		/* refused four times by chance: "protected" */
	2147506433,	/* really erased only the second time: the same */
	155374,		/* Get ID became Readout Protect */
	43114,		/* FF before a list of one page: a mass erase */
	122681,		/* 00 in a list of two: page 0 */
	118868,		/* two bits of a list: another page */
	180778,		/* two bits of a write: the gap after it */
	33230, 109733,	/* a write completed by fillers: bytes after it, no
			 * message */
	37220,		/* a write to another address, no message */
	113308,		/* an erase completed by fillers, no message */
	1073950338,	/* 00 00 00 in a frame that lost its beginning: a write,
			 * with an ACK */
	3221225771, 3221229499,	/* option bytes completed by 7F 7F: also RDP */
	3221229978,	/* and by an extra byte: not written again */
	3221236813,	/* a misread ID: the option was blamed */
	3221252404,	/* and one after the reset: other option bytes */
	3221315699,	/* registers after those of the options, no message */
};

static const char *const verdict_names[VERDICTS] = {
	[VERDICT_RIGHT] = "right",
	[VERDICT_GAVE_UP] = "gave up",
	[VERDICT_UNPROVEN] = "unproven",
	[VERDICT_FALSE_CAUSE] = "false cause",
	[VERDICT_LIE] = "lie",
	[VERDICT_HARM] = "harm",
};

struct counts {
	unsigned runs[JOBS][VERDICTS];
	unsigned statuses[256];
	unsigned passed, failed;	/* including the rows */
};

/* For messages while the program uses the standard streams. */
static FILE *out;
static char running[40];

static void on_death(int number)
{
	static const char text[] = "died or hangs in run ";

	(void)!write(fileno(out), text, sizeof(text) - 1);
	(void)!write(fileno(out), running, strlen(running));
	(void)!write(fileno(out), "\n", 1);
	signal(number, SIG_DFL);
	raise(number);
}

/* Discards the output of the last run. */
static bool empty_said(void)
{
	return lseek(STDOUT_FILENO, 0, SEEK_SET) == 0 &&
	       ftruncate(STDOUT_FILENO, 0) == 0;
}

static int call(struct scene *scene)
{
	int status;

	(void)alarm(HANGS_S);
	status = run_program(scene->argc, scene->argv);
	(void)alarm(0);
	(void)fflush(stdout);
	(void)fflush(stderr);
	return status;
}

static void print_command(const struct scene *scene)
{
	int i;

	for (i = 0; i < scene->argc; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", scene->argv[i]);
	fputc('\n', out);
}

/* One run in the working directory. */
static struct judgement run(struct scene *scene, int *status)
{
	struct judgement j = { VERDICT_HARM, "the files cannot be written" };
	char *nv = NULL, *said = NULL;
	size_t len;

	*status = -1;
	if (scene_write_files(scene) && empty_said())
		nv = judge_slurp(SCENE_NV_FILE, &len);
	if (nv == NULL)
		return j;
	*status = call(scene);
	said = judge_slurp(SAID_FILE, &len);
	j = judge(scene, *status, nv, said != NULL ? said : "");
	free(said);
	free(nv);
	return j;
}

static bool is_finding(enum verdict verdict)
{
	return verdict > VERDICT_UNPROVEN;
}

static void count(struct counts *counts, const struct scene *scene,
		  const struct judgement *j)
{
	if (!is_finding(j->verdict)) {
		counts->passed++;
		return;
	}
	counts->failed++;
	fprintf(out, "FAIL run %s, %s: %s\n  ", running,
		verdict_names[j->verdict], j->text);
	print_command(scene);
	fflush(out);
}

static void run_rows(struct counts *counts, struct scene *scene)
{
	struct judgement j;
	int status;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		(void)snprintf(running, sizeof(running), "row%zu", i + 1);
		scene_of_row(scene, &rows[i]);
		j = run(scene, &status);
		if (is_finding(j.verdict))
			fprintf(out, "row%zu is %s:\n", i + 1,
				rows[i].name);
		count(counts, scene, &j);
	}
}

/* False: stopped by a signal. */
static bool run_drawn(struct counts *counts, struct scene *scene, uint32_t n)
{
	struct judgement j;
	int status;

	(void)snprintf(running, sizeof(running), "%lu", (unsigned long)n);
	scene_draw(scene, n);
	j = run(scene, &status);
	if (status >= STATUS_SIGNAL)
		return false;
	counts->runs[scene->job][j.verdict]++;
	if (status >= 0)
		counts->statuses[status]++;
	count(counts, scene, &j);
	return true;
}

/* They are drawn again, and counted like the others. */
static void run_known(struct counts *counts, struct scene *scene)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(drawn); i++)
		(void)run_drawn(counts, scene, drawn[i]);
}

static void sum_up(const struct counts *c)
{
	unsigned all[VERDICTS] = { 0 }, i, k;

	fprintf(out, "%-16s", "");
	for (k = 0; k < VERDICTS; k++)
		fprintf(out, " %11s", verdict_names[k]);
	for (i = 0; i < JOBS; i++) {
		fprintf(out, "\n%-16s", scene_job_name((enum scene_job)i));
		for (k = 0; k < VERDICTS; k++) {
			fprintf(out, " %11u", c->runs[i][k]);
			all[k] += c->runs[i][k];
		}
	}
	fprintf(out, "\n%-16s", "all");
	for (k = 0; k < VERDICTS; k++)
		fprintf(out, " %11u", all[k]);
	fputc('\n', out);
	for (i = 0; i < ARRAY_LEN(c->statuses); i++)
		if (c->statuses[i] > 0)
			fprintf(out, "status %u: %u\n", i, c->statuses[i]);
	fprintf(out, "%u passed, %u failed\n", c->passed, c->failed);
	fflush(out);
}

/* Changes to a new working directory, and redirects the standard streams to a
 * file there. */
static bool go_apart(char dir[static 64])
{
	static const int deaths[] = { SIGABRT, SIGSEGV, SIGALRM };
	FILE *said;
	size_t i;

	strcpy(dir, access("/dev/shm", W_OK) == 0 ? "/dev/shm/soak-XXXXXX"
						  : "/tmp/soak-XXXXXX");
	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return false;
	for (i = 0; i < ARRAY_LEN(deaths); i++)
		signal(deaths[i], on_death);
	said = fopen(SAID_FILE, "w+b");
	return said != NULL && dup2(fileno(said), STDOUT_FILENO) >= 0 &&
	       dup2(fileno(said), STDERR_FILENO) >= 0 && fclose(said) == 0;
}

static void tidy_up(const char *dir)
{
	static const char *const names[] = {
		SAID_FILE, SCENE_FLASH_FILE, SCENE_NV_FILE, SCENE_OUT_FILE,
		SCENE_KEPT_FILE, SETS_BEFORE_FILE, SETS_WANT_FILE,
		"image.bin", "image.hex",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		(void)remove(names[i]);
	(void)rmdir(dir);
}

static int soak(uint32_t first, uint32_t runs)
{
	static struct counts counts;
	static struct scene scene;
	bool stopped = false;
	char dir[64];
	uint32_t n;

	if (!go_apart(dir)) {
		perror("soak");
		return 1;
	}
	run_rows(&counts, &scene);
	run_known(&counts, &scene);
	for (n = first; !stopped && n - first < runs; n++)
		stopped = !run_drawn(&counts, &scene, n);
	tidy_up(dir);
	sum_up(&counts);
	return counts.failed == 0 && !stopped ? 0 : 1;
}

static int write_files(const char *name)
{
	static struct scene scene;
	uint32_t n;

	if (strncmp(name, "row", 3) == 0 &&
	    parse_u32(name + 3, ARRAY_LEN(rows), &n) && n > 0)
		scene_of_row(&scene, &rows[n - 1]);
	else if (parse_u32(name, UINT32_MAX, &n))
		scene_draw(&scene, n);
	else
		return 2;
	if (!scene_write_files(&scene))
		return 1;
	print_command(&scene);
	return 0;
}

int main(int argc, char **argv)
{
	uint32_t first, runs;

	out = fdopen(dup(STDOUT_FILENO), "w");
	if (out == NULL)
		return 1;
	if (argc == 3 && strcmp(argv[1], "files") == 0)
		return write_files(argv[2]);
	if (argc == 3 && parse_u32(argv[1], UINT32_MAX, &first) &&
	    parse_u32(argv[2], UINT32_MAX, &runs))
		return soak(first, runs);
	fprintf(stderr, "soak FIRST RUNS, or soak files N\n");
	return 2;
}
