/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/stop.h"

#include <stddef.h>

#include "utils.h"

/* The only variable that a signal changes. */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	if (caught == 0) {
		caught = number;
		return;
	}
	/* The second signal: ends the program as soon as this returns. */
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

const volatile sig_atomic_t *stop_watch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	const struct sigaction action = { .sa_handler = on_signal };
	struct sigaction found;
	size_t i;

	caught = 0;
	/* Keep ignored signals ignored: nohup, background jobs. */
	for (i = 0; i < ARRAY_LEN(numbers); i++)
		if (sigaction(numbers[i], NULL, &found) == 0 &&
		    found.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return &caught;
}
