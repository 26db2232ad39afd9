/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GPIO by /dev/gpiochipN. Version 2 of the kernel's interface (Linux 5.10) can
 * request a line unchanged and make it an output later; version 1 needs a new
 * request for that.
 */
#include "host/gpio_line.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/devnode.h"
#include "host/linux_ioctl.h"

enum direction { AS_IT_IS, INPUT, OUTPUT };

struct cdev_line {
	struct gpio_line base;	/* first, for the cast */
	char name[40];		/* "gpiochip0/17" */
	int chip;
	int fd;			/* of the line; -1: not requested */
	uint32_t offset;
	bool v1;
	bool driven;
	bool was_output, was_high;
};

static int configure_v2(struct cdev_line *line, enum direction direction,
			bool high)
{
	static const uint64_t flags[] = {
		[AS_IT_IS] = 0,
		[INPUT] = GPIO_V2_LINE_FLAG_INPUT,
		[OUTPUT] = GPIO_V2_LINE_FLAG_OUTPUT,
	};
	struct gpio_v2_line_request request = {
		.offsets = { line->offset },
		.consumer = GPIO_CONSUMER,
		.config = { .flags = flags[direction] },
		.num_lines = 1,
	};

	if (direction == OUTPUT) {
		struct gpio_v2_line_config_attribute *level =
			&request.config.attrs[0];

		request.config.num_attrs = 1;
		level->attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
		level->attr.values = high;
		level->mask = 1;
	}
	if (line->fd >= 0)
		return linux_ioctl(line->fd, GPIO_V2_LINE_SET_CONFIG_IOCTL,
			     &request.config);
	if (linux_ioctl(line->chip, GPIO_V2_GET_LINE_IOCTL, &request) != 0)
		return -1;
	line->fd = request.fd;
	return 0;
}

static int configure_v1(struct cdev_line *line, enum direction direction,
			bool high)
{
	static const uint32_t flags[] = {
		[AS_IT_IS] = 0,
		[INPUT] = GPIOHANDLE_REQUEST_INPUT,
		[OUTPUT] = GPIOHANDLE_REQUEST_OUTPUT,
	};
	struct gpiohandle_request request = {
		.lineoffsets = { line->offset },
		.flags = flags[direction],
		.default_values = { high },
		.consumer_label = GPIO_CONSUMER,
		.lines = 1,
	};

	if (line->fd >= 0)
		(void)close(line->fd);
	line->fd = -1;
	if (linux_ioctl(line->chip, GPIO_GET_LINEHANDLE_IOCTL, &request) != 0)
		return -1;
	line->fd = request.fd;
	return 0;
}

static int configure(struct cdev_line *line, enum direction direction,
		     bool high)
{
	if (!line->v1 && configure_v2(line, direction, high) == 0)
		return 0;
	/* A kernel without version 2 does not know the ioctl number. */
	if (!line->v1 && (line->fd >= 0 ||
			  (errno != EINVAL && errno != ENOTTY)))
		return -1;
	line->v1 = true;
	return configure_v1(line, direction, high);
}

static int put_level(struct cdev_line *line, bool high)
{
	struct gpio_v2_line_values v2 = { .bits = high, .mask = 1 };
	struct gpiohandle_data v1 = { .values = { high } };

	if (line->v1)
		return linux_ioctl(line->fd, GPIOHANDLE_SET_LINE_VALUES_IOCTL, &v1);
	return linux_ioctl(line->fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &v2);
}

static bool get_level(struct cdev_line *line)
{
	struct gpio_v2_line_values v2 = { .mask = 1 };
	struct gpiohandle_data v1 = { .values = { 0 } };

	if (line->v1)
		return linux_ioctl(line->fd, GPIOHANDLE_GET_LINE_VALUES_IOCTL,
			     &v1) == 0 && v1.values[0] != 0;
	return linux_ioctl(line->fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &v2) == 0 &&
	       (v2.bits & 1) != 0;
}

/* Finds the direction of the line and the name of its owner, "" if none; the
 * size of consumer is that of the kernel's interface. */
static void look(struct cdev_line *line, char consumer[GPIO_MAX_NAME_SIZE])
{
	struct gpio_v2_line_info v2 = { .offset = line->offset };
	struct gpioline_info v1 = { .line_offset = line->offset };

	consumer[0] = '\0';
	if (linux_ioctl(line->chip, GPIO_V2_GET_LINEINFO_IOCTL, &v2) == 0) {
		line->was_output = (v2.flags & GPIO_V2_LINE_FLAG_OUTPUT) != 0;
		memcpy(consumer, v2.consumer, GPIO_MAX_NAME_SIZE);
	} else if (linux_ioctl(line->chip, GPIO_GET_LINEINFO_IOCTL, &v1) == 0) {
		line->was_output = (v1.flags & GPIOLINE_FLAG_IS_OUT) != 0;
		memcpy(consumer, v1.consumer, GPIO_MAX_NAME_SIZE);
	}
	consumer[GPIO_MAX_NAME_SIZE - 1] = '\0';
}

static enum port_err explain(const struct cdev_line *line, const char *consumer,
			     int error, struct problem *why)
{
	if (error == EBUSY) {
		problem_set(why, "%s: in use by %s; free it, or use another "
			    "line", line->name,
			    consumer[0] ? consumer : "another program");
		return PORT_BUSY;
	}
	problem_set(why, "%s: %s", line->name, strerror(error));
	return error == EPERM || error == EACCES ? PORT_DENIED :
	       error == ENODEV ? PORT_CLOSED : PORT_IO;
}

static enum port_err cdev_set(struct gpio_line *base, bool high,
			      struct problem *why)
{
	struct cdev_line *line = (struct cdev_line *)base;
	int result = line->driven ? put_level(line, high) :
				    configure(line, OUTPUT, high);

	if (result != 0)
		return explain(line, "", errno, why);
	line->driven = true;
	return PORT_OK;
}

static void cdev_release(struct gpio_line *base)
{
	struct cdev_line *line = (struct cdev_line *)base;

	if (line->driven && line->was_output)
		(void)put_level(line, line->was_high);
	else if (line->driven)
		(void)configure(line, INPUT, false);
	if (line->fd >= 0)
		(void)close(line->fd);
	if (line->chip >= 0)
		(void)close(line->chip);
	free(line);
}

static const struct gpio_line_ops cdev_ops = {
	.set = cdev_set,
	.release = cdev_release,
};

static enum port_err open_chip(struct cdev_line *line, unsigned chip,
			       struct problem *why)
{
	struct gpiochip_info info = { .lines = 0 };
	enum port_err err;
	char path[32];

	(void)snprintf(path, sizeof(path), "/dev/gpiochip%u", chip);
	err = devnode_open(path, O_RDWR, "has this system GPIO lines? gpioinfo "
			   "lists them", &line->chip, why);
	if (err != PORT_OK)
		return err;
	if (linux_ioctl(line->chip, GPIO_GET_CHIPINFO_IOCTL, &info) != 0) {
		problem_set(why, "%s: not a GPIO chip: %s", path,
			    strerror(errno));
		return PORT_NODEV;
	}
	if (line->offset < info.lines)
		return PORT_OK;
	problem_set(why, "%s: no such line, %s has 0 to %u", line->name, path,
		    info.lines - 1);
	return PORT_NODEV;
}

static enum port_err take(struct cdev_line *line, struct problem *why)
{
	char consumer[GPIO_MAX_NAME_SIZE];

	look(line, consumer);
	if (configure(line, AS_IT_IS, false) != 0)
		return explain(line, consumer, errno, why);
	line->was_high = get_level(line);
	return PORT_OK;
}

enum port_err gpio_cdev_request(unsigned chip, uint32_t offset,
				struct gpio_line **out, struct problem *why)
{
	struct cdev_line *line = calloc(1, sizeof(*line));
	enum port_err err;

	*out = NULL;
	if (line == NULL) {
		problem_set(why, "gpiochip%u: out of memory", chip);
		return PORT_IO;
	}
	line->base.ops = &cdev_ops;
	line->chip = -1;
	line->fd = -1;
	line->offset = offset;
	(void)snprintf(line->name, sizeof(line->name), "gpiochip%u/%u", chip,
		       offset);
	err = open_chip(line, chip, why);
	if (err == PORT_OK)
		err = take(line, why);
	if (err != PORT_OK) {
		cdev_release(&line->base);
		return err;
	}
	*out = &line->base;
	return PORT_OK;
}
