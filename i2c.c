/* SPDX-License-Identifier: GPL-2.0-or-later */
/* I2C by the i2c-dev driver of Linux. On other systems it knows the names, and
 * reports that I2C is not supported. */
#include "port.h"

#include <string.h>

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/devnode.h"
#endif

/* Recognises the name of an I2C bus, /dev/i2c-1 or i2c-1. Returns the part
 * after "i2c", NULL for other names. */
static const char *bus_of(const char *device)
{
	if (strncmp(device, "/dev/i2c", 8) == 0)
		return device + 8;
	if (strncmp(device, "i2c-", 4) == 0)
		return device + 3;
	return NULL;
}

#ifdef __linux__

/* 7-bit addresses that the I2C specification does not reserve; i2c-tools has
 * the same limits, 0x03 to 0x77. */
#define FIRST_ADDRESS 0x03
#define LAST_ADDRESS 0x77

/* The device holds the clock while it erases flash, for many seconds on large
 * parts. */
#define STRETCH_MS 10000

/* Unit of I2C_TIMEOUT, linux/i2c-dev.h. */
#define TIMEOUT_UNIT_MS 10

/* The kernel's default for adapters whose driver sets none. */
#define DEFAULT_TIMEOUT_MS 1000

/* Another master won the bus: retry a few times. */
#define ARBITRATION_RETRIES 5

struct i2c {
	struct port base;	/* first, for the cast */
	int fd;
	unsigned stretch_ms;	/* how long the adapter waits for the clock */
};

static void set_stretch(struct i2c *bus, unsigned ms)
{
	unsigned long units = ((unsigned long)ms + TIMEOUT_UNIT_MS - 1) /
			      TIMEOUT_UNIT_MS;

	/* An adapter that refuses keeps its own timeout; if that is too short,
	 * a transfer fails later. */
	(void)ioctl(bus->fd, I2C_TIMEOUT, units);
	bus->stretch_ms = ms;
}

static enum port_err transfer_error(int error)
{
	switch (error) {
	case ENXIO:	/* the errno depends on the driver */
	case EREMOTEIO:
		return PORT_NO_ANSWER;
	case ETIMEDOUT:
		return PORT_STRETCHED;
	case ENODEV:
	case EBADF:
		return PORT_CLOSED;
	default:
		return PORT_IO;
	}
}

/* One transaction, START to STOP, of exactly len bytes. */
static enum port_err transfer(struct i2c *bus, uint8_t *in, const uint8_t *out,
			      size_t len)
{
	int tries = 0;
	ssize_t n;

	do
		n = in != NULL ? read(bus->fd, in, len) :
				 write(bus->fd, out, len);
	while (n < 0 && (errno == EAGAIN || errno == EINTR) &&
	       tries++ < ARBITRATION_RETRIES);
	if (n < 0)
		return transfer_error(errno);
	if ((size_t)n != len) {
		errno = EIO;
		return PORT_IO;
	}
	return PORT_OK;
}

static enum port_err i2c_read(struct port *port, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got)
{
	struct i2c *bus = (struct i2c *)port;
	enum port_err err;

	if (timeout_ms > bus->stretch_ms)
		set_stretch(bus, timeout_ms);
	err = transfer(bus, buf, NULL, len);
	*got = err == PORT_OK ? len : 0;
	return err;
}

static enum port_err i2c_write(struct port *port, const uint8_t *buf,
			       size_t len)
{
	return transfer((struct i2c *)port, NULL, buf, len);
}

/* This side of the bus buffers nothing. */
static enum port_err i2c_flush(struct port *port)
{
	(void)port;
	return PORT_OK;
}

/* The timeout belongs to the adapter and stays after close; the old value
 * cannot be read. Restore the default, so that a hung bus does not block other
 * programs for as long as ours waits. */
static void i2c_close(struct port *port)
{
	struct i2c *bus = (struct i2c *)port;

	set_stretch(bus, DEFAULT_TIMEOUT_MS);
	(void)close(bus->fd);
	free(bus);
}

static enum port_err check_address(const struct port_settings *settings,
				   struct problem *why)
{
	int address = settings->i2c_address;

	if (address == PORT_NO_ADDRESS) {
		problem_set(why, "%s: no I2C address given (-a 0x%02x to "
			    "0x%02x); AN2606 lists it for every part",
			    settings->device, FIRST_ADDRESS, LAST_ADDRESS);
		return PORT_BAD_SETTINGS;
	}
	if (address < FIRST_ADDRESS || address > LAST_ADDRESS) {
		problem_set(why, "%s: -a 0x%02x: not a 7-bit I2C address, "
			    "0x%02x to 0x%02x", settings->device,
			    (unsigned)address, FIRST_ADDRESS, LAST_ADDRESS);
		return PORT_BAD_SETTINGS;
	}
	return PORT_OK;
}

/* Checks what the adapter can do before the first byte. */
static enum port_err check_adapter(int fd, const char *device,
				   struct problem *why)
{
	unsigned long can = 0;

	if (ioctl(fd, I2C_FUNCS, &can) != 0) {
		problem_set(why, "%s: not an I2C bus: %s", device,
			    strerror(errno));
		return PORT_NODEV;
	}
	if (can & I2C_FUNC_I2C)
		return PORT_OK;
	problem_set(why, "%s: this adapter supports SMBus only, but the "
		    "bootloader needs plain I2C transfers; use another bus "
		    "(i2cdetect -l lists them)", device);
	return PORT_UNSUPPORTED;
}

static enum port_err take_address(int fd, const struct port_settings *settings,
				  struct problem *why)
{
	unsigned long address = (unsigned long)settings->i2c_address;

	if (ioctl(fd, I2C_SLAVE, address) == 0)
		return PORT_OK;
	if (errno == EBUSY) {
		problem_set(why, "%s: address 0x%02lx is in use by a kernel "
			    "driver; unbind the driver first", settings->device,
			    address);
		return PORT_BUSY;
	}
	problem_set(why, "%s: cannot use address 0x%02lx: %s",
		    settings->device, address, strerror(errno));
	return PORT_IO;
}

static enum port_err open_bus(const struct port_settings *settings,
			      const char *bus_name, int *fd,
			      struct problem *why)
{
	enum port_err err = check_address(settings, why);
	char path[64];

	if (err != PORT_OK)
		return err;
	(void)snprintf(path, sizeof(path), "/dev/i2c%s", bus_name);
	err = devnode_open(path, O_RDWR, "is the i2c-dev module loaded?", fd,
			   why);
	if (err != PORT_OK)
		return err;
	err = check_adapter(*fd, path, why);
	if (err == PORT_OK)
		err = take_address(*fd, settings, why);
	if (err != PORT_OK)
		(void)close(*fd);
	return err;
}

static enum port_err i2c_open(const struct port_settings *settings,
			      struct port **out, struct problem *why)
{
	const char *bus_name = bus_of(settings->device);
	enum port_err err;
	struct i2c *bus;
	int fd;

	*out = NULL;
	if (bus_name == NULL)
		return PORT_NODEV;
	err = open_bus(settings, bus_name, &fd, why);
	if (err != PORT_OK)
		return err;
	bus = calloc(1, sizeof(*bus));
	if (bus == NULL) {
		problem_set(why, "%s: out of memory", settings->device);
		(void)close(fd);
		return PORT_IO;
	}
	bus->base.ops = &i2c_port_ops;
	bus->base.caps = PORT_FRAMED;
	bus->base.bits_per_byte = 9;	/* 8 bits and the ACK */
	(void)snprintf(bus->base.text, sizeof(bus->base.text), "addr 0x%02x",
		       (unsigned)settings->i2c_address);
	bus->fd = fd;
	(void)ioctl(fd, I2C_RETRIES, (unsigned long)ARBITRATION_RETRIES);
	set_stretch(bus, STRETCH_MS);
	*out = &bus->base;
	return PORT_OK;
}

const struct port_ops i2c_port_ops = {
	.name = "i2c",
	.open = i2c_open,
	.close = i2c_close,
	.flush = i2c_flush,
	.read = i2c_read,
	.write = i2c_write,
};

#else

static enum port_err i2c_open(const struct port_settings *settings,
			      struct port **out, struct problem *why)
{
	*out = NULL;
	if (bus_of(settings->device) == NULL)
		return PORT_NODEV;
	problem_set(why, "%s: I2C works on Linux only", settings->device);
	return PORT_UNSUPPORTED;
}

const struct port_ops i2c_port_ops = { .name = "i2c", .open = i2c_open };

#endif
