/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated device as a port, whose flash, counters and events can be read
 * after it is closed.
 */
#ifndef SIM_FILES_H
#define SIM_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port.h"

struct sim_files {
	char dir[64];
	char device[400];
	uint8_t flash[1 << 16];	/* the beginning of the flash */
	size_t flash_len;
	char stats[4096], log[1 << 16];
};

static const char *const sim_file_names[] = { "flash", "stats", "log" };

static inline void sim_files_path(const struct sim_files *f, const char *name,
				  char path[128])
{
	snprintf(path, 128, "%s/%s", f->dir, name);
}

static inline void sim_files_remove(const struct sim_files *f)
{
	char path[128];
	size_t i;

	for (i = 0; i < 3; i++) {
		sim_files_path(f, sim_file_names[i], path);
		remove(path);
	}
}

static inline bool sim_files_begin(struct sim_files *f)
{
	memset(f, 0, sizeof(*f));
	strcpy(f->dir, "/tmp/stm32flash-test-XXXXXX");
	return mkdtemp(f->dir) != NULL;
}

static inline void sim_files_end(struct sim_files *f)
{
	sim_files_remove(f);
	rmdir(f->dir);
}

/* Creates a device with len bytes in its flash; NULL if the specification is
 * wrong. */
static inline struct port *sim_files_open(struct sim_files *f, const char *spec,
					  const uint8_t *flash, size_t len)
{
	char path[128];
	FILE *file;
	const struct port_settings settings = {
		.device = f->device, .baud = 115200, .mode = { 8, 'e', 1 },
	};
	struct problem why = { "" };
	struct port *port;

	sim_files_remove(f);
	sim_files_path(f, "flash", path);
	file = len != 0 ? fopen(path, "wb") : NULL;
	if (file != NULL) {
		fwrite(flash, 1, len, file);
		fclose(file);
	}
	snprintf(f->device, sizeof(f->device),
		 "%s,file=%s/flash,stats=%s/stats,log=%s/log", spec, f->dir,
		 f->dir, f->dir);
	if (port_open(&settings, &port, &why) != PORT_OK)
		printf("%s\n", why.text);
	return port;
}

static inline size_t sim_files_slurp(const struct sim_files *f,
				     const char *name, void *out, size_t room)
{
	char path[128];
	FILE *file;
	size_t n = 0;

	sim_files_path(f, name, path);
	file = fopen(path, "rb");
	if (file == NULL)
		return 0;
	n = fread(out, 1, room, file);
	fclose(file);
	return n;
}

/* Reads the files; call it after the port is closed. */
static inline void sim_files_read(struct sim_files *f)
{
	size_t n;

	f->flash_len = sim_files_slurp(f, "flash", f->flash, sizeof(f->flash));
	n = sim_files_slurp(f, "stats", f->stats, sizeof(f->stats) - 1);
	f->stats[n] = '\0';
	n = sim_files_slurp(f, "log", f->log, sizeof(f->log) - 1);
	f->log[n] = '\0';
}

static inline long sim_files_stat(const struct sim_files *f, const char *key)
{
	size_t len = strlen(key);
	const char *line;

	for (line = f->stats; line != NULL && *line != '\0';
	     line = strchr(line, '\n'), line += line != NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			return strtol(line + len, NULL, 10);
	return -1;
}

static inline bool sim_files_logged(const struct sim_files *f,
				    const char *event)
{
	return strstr(f->log, event) != NULL;
}

#endif
