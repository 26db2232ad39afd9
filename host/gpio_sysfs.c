/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GPIO by /sys/class/gpio: the kernel's admin-guide/gpio/sysfs.rst. */
#include "host/gpio_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "utils.h"

#define ROOT "/sys/class/gpio/"

/* udev changes the group of a new line's files some time after they appear. */
#define UDEV_WAIT_MS 1000
#define UDEV_POLL_MS 10

struct sysfs_line {
	struct gpio_line base;	/* first, for the cast */
	uint32_t number;
	bool exported;		/* by this program, to be undone */
	bool has_direction;	/* false: the direction is fixed */
	bool driven;
	bool was_output, was_high;
};

/* Writes all of text in one write, as sysfs requires. Returns 0 or an errno. */
static int put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	(void)close(fd);
	return error;
}

static int put_number(const char *path, uint32_t number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%" PRIu32, number);
	return put_text(path, text);
}

static void attribute_path(char *path, size_t size, uint32_t number,
			   const char *name)
{
	(void)snprintf(path, size, ROOT "gpio%" PRIu32 "/%s", number, name);
}

static int put_attribute(uint32_t number, const char *name, const char *text)
{
	char path[64];

	attribute_path(path, sizeof(path), number, name);
	return put_text(path, text);
}

/* Returns the first character of an attribute, 0 if it cannot be read. */
static char get_attribute(uint32_t number, const char *name)
{
	char path[64], first = '\0';
	int fd;

	attribute_path(path, sizeof(path), number, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '\0';
	if (read(fd, &first, 1) != 1)
		first = '\0';
	(void)close(fd);
	return first;
}

/* Returns 0, or the errno of opening it for writing. */
static int try_attribute(uint32_t number, const char *name)
{
	char path[64];
	int fd;

	attribute_path(path, sizeof(path), number, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int wait_for_udev(struct sysfs_line *line)
{
	int64_t deadline = clock_ms() + UDEV_WAIT_MS;

	for (;;) {
		int error = try_attribute(line->number, "direction");

		line->has_direction = error != ENOENT;
		if (!line->has_direction)
			error = try_attribute(line->number, "value");
		if (error != EACCES || clock_ms() >= deadline)
			return error;
		clock_sleep_ms(UDEV_POLL_MS);
	}
}

static enum port_err explain(uint32_t number, int error, struct problem *why)
{
	switch (error) {
	case EINVAL:
	case ENOENT:
		problem_set(why, "GPIO %" PRIu32 ": no such line; since Linux "
			    "6.6 numbers start at 512, see " ROOT
			    "gpiochip*/base and label, or use gpiochipN/LINE",
			    number);
		return PORT_NODEV;
	case EBUSY:
		problem_set(why, "GPIO %" PRIu32 ": in use by the kernel or "
			    "another program; gpioinfo shows which one",
			    number);
		return PORT_BUSY;
	case EACCES:
	case EPERM:
		problem_set(why, "GPIO %" PRIu32 ": permission denied for " ROOT
			    "; add yourself to its group, often gpio, and log "
			    "in again", number);
		return PORT_DENIED;
	default:
		problem_set(why, "GPIO %" PRIu32 ": %s", number,
			    strerror(error));
		return PORT_IO;
	}
}

static const char *level_word(const struct sysfs_line *line, bool high)
{
	if (line->has_direction)
		return high ? "high" : "low";
	return high ? "1" : "0";
}

/* Uses "direction", which sets direction and level at once, and the pin's
 * level regardless of active_low. */
static int drive(struct sysfs_line *line, bool high)
{
	return put_attribute(line->number,
			     line->has_direction ? "direction" : "value",
			     level_word(line, high));
}

static enum port_err sysfs_set(struct gpio_line *base, bool high,
			       struct problem *why)
{
	struct sysfs_line *line = (struct sysfs_line *)base;
	int error = drive(line, high);

	if (error == EPERM || error == EINVAL) {
		problem_set(why, "GPIO %" PRIu32 ": cannot be an output; use "
			    "another line", line->number);
		return PORT_UNSUPPORTED;
	}
	if (error != 0)
		return explain(line->number, error, why);
	line->driven = true;
	return PORT_OK;
}

static void give_back(struct sysfs_line *line)
{
	if (line->driven && line->was_output)
		(void)drive(line, line->was_high);
	else if (line->driven)
		(void)put_attribute(line->number, "direction", "in");
	if (line->exported)
		(void)put_number(ROOT "unexport", line->number);
	free(line);
}

static void sysfs_release(struct gpio_line *base)
{
	give_back((struct sysfs_line *)base);
}

static const struct gpio_line_ops sysfs_ops = {
	.set = sysfs_set,
	.release = sysfs_release,
};

bool gpio_sysfs_exists(void)
{
	return access(ROOT "export", F_OK) == 0;
}

static bool is_exported(uint32_t number)
{
	char path[64];

	attribute_path(path, sizeof(path), number, "value");
	return access(path, F_OK) == 0;
}

static void remember(struct sysfs_line *line)
{
	bool inverted = get_attribute(line->number, "active_low") == '1';
	bool level = get_attribute(line->number, "value") == '1';

	line->was_output = !line->has_direction ||
			   get_attribute(line->number, "direction") == 'o';
	/* Without a direction, "value" restores the level as it was read. */
	line->was_high = line->has_direction ? level != inverted : level;
}

enum port_err gpio_sysfs_request(uint32_t number, struct gpio_line **out,
				 struct problem *why)
{
	struct sysfs_line *line = calloc(1, sizeof(*line));
	int error = 0;

	*out = NULL;
	if (line == NULL)
		return explain(number, ENOMEM, why);
	line->base.ops = &sysfs_ops;
	line->number = number;
	if (!is_exported(number)) {
		error = put_number(ROOT "export", number);
		line->exported = error == 0;
	}
	if (error == 0)
		error = wait_for_udev(line);
	if (error != 0) {
		give_back(line);
		return explain(number, error, why);
	}
	remember(line);
	*out = &line->base;
	return PORT_OK;
}
