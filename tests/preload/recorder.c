/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Emulates hardware that a test machine lacks, and records what is done to it
 * and when. Linux with glibc only:
 *
 *	cc -shared -fPIC -o recorder.so recorder.c
 *	LD_PRELOAD=./recorder.so RECORDER_LOG=log stm32flash ...
 *
 * Each line of the log is "<ms since the program started> <what> <level>",
 * e.g. "103 gpiochip0/17 1", "103 gpio17 in", "4 rts 0". Without RECORDER_LOG
 * nothing changes. Other variables:
 *
 * RECORDER_GPIO=v1|v2	/dev/gpiochip0 to 3 exist, with this version of the
 *			interface; 54 lines each
 * RECORDER_SYSFS=dir	dir replaces /sys/class/gpio, which is otherwise
 *			missing; the caller creates empty files export and
 *			unexport there, and gpioN/{direction,value} for lines
 *			that are exported already
 * RECORDER_UDEV_MS=n	files of an exported line are not writable for n ms
 * RECORDER_BUSY=a,b	lines in use elsewhere: gpiochip0/17 or gpio17
 * RECORDER_OUT=a,b	lines of a chip that are outputs at first, high
 * RECORDER_MODEM=1	terminals have RTS and DTR
 * RECORDER_MAX_RATE=n	the highest rate of terminals; used for higher ones
 * RECORDER_I2C=socket	/dev/i2c-0 to 9 exist; each open connects to this
 *			Unix socket of type SOCK_SEQPACKET, and a transaction
 *			is two packets: i2c_request there, i2c_reply back
 *			(i2c_wire.h)
 * RECORDER_I2C_FUNCS=n	functions of the adapter (default: I2C_FUNC_I2C)
 */
#define _GNU_SOURCE	/* RTLD_NEXT */

#include <asm/termbits.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/preload/i2c_wire.h"

#define SYSFS "/sys/class/gpio"
#define CHIPS 4
#define LINES 54
#define MAX_FD 256
#define MAX_NUMBER 1024

enum kind {
	NOTHING, CHIP, LINE, EXPORT, UNEXPORT, DIRECTION, VALUE, BUS
};

/* What a file descriptor means. */
struct file {
	enum kind kind;
	unsigned chip, line;	/* line is the number for sysfs */
	unsigned address;	/* of a bus */
	unsigned timeout_ms;	/* of its adapter */
};

struct line {
	bool taken, output, high;
};

/* A preloaded library has no place to pass its state. */
static struct file files[MAX_FD];
static struct line lines[CHIPS][LINES];
static int64_t exported_ms[MAX_NUMBER];
static int64_t start_ms;

static int (*real_open)(const char *, int, ...);
static int (*real_access)(const char *, int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_close)(int);
static int (*real_ioctl)(int, unsigned long, ...);

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ISO C cannot convert an object pointer to a function pointer; POSIX can. */
static void find(void *function, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	memcpy(function, &symbol, sizeof(symbol));
}

__attribute__((constructor)) static void begin(void)
{
	if (real_open != NULL)
		return;
	find(&real_access, "access");
	find(&real_read, "read");
	find(&real_write, "write");
	find(&real_close, "close");
	find(&real_ioctl, "ioctl");
	find(&real_open, "open");
	start_ms = now_ms();
}

/* Returns an environment variable, NULL if nothing is recorded. */
static const char *setting(const char *name)
{
	return getenv("RECORDER_LOG") != NULL ? getenv(name) : NULL;
}

static void record(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void record(const char *fmt, ...)
{
	int fd = real_open(setting("RECORDER_LOG"),
			   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	char text[160];
	va_list args;
	int len;

	len = snprintf(text, sizeof(text), "%ld ",
		       (long)(now_ms() - start_ms));
	va_start(args, fmt);
	len += vsnprintf(text + len, sizeof(text) - (size_t)len - 1, fmt, args);
	va_end(args);
	text[len++] = '\n';
	if (fd < 0 || real_write(fd, text, (size_t)len) != len)
		abort();
	real_close(fd);
}

/* True if name is in the variable's list. */
static bool listed(const char *variable, const char *name)
{
	const char *list = setting(variable);
	size_t len = strlen(name);

	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, ",");

		if (n == len && memcmp(list, name, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static struct file *file_of(int fd)
{
	static struct file none;

	return fd >= 0 && fd < MAX_FD ? &files[fd] : &none;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

/* Returns a file descriptor without any function. */
static int new_fd(enum kind kind, unsigned chip, unsigned line)
{
	int fd = real_open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || fd >= MAX_FD)
		return fail(EMFILE);
	files[fd] = (struct file){ .kind = kind, .chip = chip, .line = line };
	return fd;
}

/* ---- /sys/class/gpio ---- */

static void put_file(const char *name, const char *text)
{
	int fd = real_open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 || real_write(fd, text, strlen(text)) < 0)
		abort();
	real_close(fd);
}

/* dir/gpioN/attribute */
static void put_attribute(unsigned number, const char *name, const char *text)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/gpio%u/%s",
		       setting("RECORDER_SYSFS"), number, name);
	put_file(path, text);
}

static ssize_t export_line(const char *text, size_t len)
{
	unsigned number = (unsigned)strtoul(text, NULL, 10);
	char path[512], name[32];

	if (number >= MAX_NUMBER)
		return fail(EINVAL);
	(void)snprintf(name, sizeof(name), "gpio%u", number);
	if (listed("RECORDER_BUSY", name))
		return fail(EBUSY);
	(void)snprintf(path, sizeof(path), "%s/gpio%u",
		       setting("RECORDER_SYSFS"), number);
	if (mkdir(path, 0777) != 0)
		return fail(EBUSY);
	put_attribute(number, "direction", "in\n");
	put_attribute(number, "value", "0\n");
	put_attribute(number, "active_low", "0\n");
	exported_ms[number] = now_ms();
	record("gpio%u export", number);
	return (ssize_t)len;
}

static ssize_t unexport_line(const char *text, size_t len)
{
	static const char *const names[] = {
		"/direction", "/value", "/active_low", ""
	};
	unsigned number = (unsigned)strtoul(text, NULL, 10);
	char path[512];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/gpio%u%s",
			       setting("RECORDER_SYSFS"), number, names[i]);
		if (remove(path) != 0)
			return fail(EINVAL);
	}
	record("gpio%u unexport", number);
	return (ssize_t)len;
}

static ssize_t set_direction(unsigned number, const char *text, size_t len)
{
	if (text[0] == 'i') {
		put_attribute(number, "direction", "in\n");
		record("gpio%u in", number);
		return (ssize_t)len;
	}
	put_attribute(number, "direction", "out\n");
	put_attribute(number, "value", text[0] == 'h' ? "1\n" : "0\n");
	record("gpio%u %d", number, text[0] == 'h');
	return (ssize_t)len;
}

static ssize_t write_sysfs(const struct file *file, const void *bytes,
			   size_t len)
{
	char text[32] = "";

	memcpy(text, bytes, len < sizeof(text) ? len : sizeof(text) - 1);
	switch (file->kind) {
	case EXPORT:
		return export_line(text, len);
	case UNEXPORT:
		return unexport_line(text, len);
	case DIRECTION:
		return set_direction(file->line, text, len);
	default:
		put_attribute(file->line, "value", text);
		record("gpio%u %c", file->line, text[0]);
		return (ssize_t)len;
	}
}

static bool udev_is_late(unsigned number)
{
	const char *ms = setting("RECORDER_UDEV_MS");

	return ms != NULL && number < MAX_NUMBER &&
	       now_ms() - exported_ms[number] < strtol(ms, NULL, 10);
}

/* rest is the part after /sys/class/gpio. */
static int open_sysfs(const char *rest, int flags)
{
	const char *dir = setting("RECORDER_SYSFS");
	char path[512], name[16];
	unsigned number = 0;

	if (dir == NULL)
		return fail(ENOENT);
	(void)snprintf(path, sizeof(path), "%s%s", dir, rest);
	if ((flags & O_ACCMODE) == O_RDONLY || real_access(path, F_OK) != 0)
		return real_open(path, flags);
	if (strcmp(rest, "/export") == 0)
		return new_fd(EXPORT, 0, 0);
	if (strcmp(rest, "/unexport") == 0)
		return new_fd(UNEXPORT, 0, 0);
	if (sscanf(rest, "/gpio%u/%15s", &number, name) != 2)
		return fail(EACCES);
	if (udev_is_late(number))
		return fail(EACCES);
	return new_fd(name[0] == 'd' ? DIRECTION : VALUE, 0, number);
}

/* ---- /dev/gpiochipN ---- */

static const char *line_name(const struct file *file)
{
	static char name[32];

	(void)snprintf(name, sizeof(name), "gpiochip%u/%u", file->chip,
		       file->line);
	return name;
}

static struct line *line_of(const struct file *file)
{
	return &lines[file->chip][file->line];
}

static void drive(const struct file *file, bool high)
{
	line_of(file)->output = true;
	line_of(file)->high = high;
	record("%s %d", line_name(file), high);
}

static void release(const struct file *file)
{
	record("%s in", line_name(file));
	line_of(file)->output = false;
}

/* Takes a line of the chip: 0 or -1; *file is its later identity. */
static int take(const struct file *chip, unsigned offset, struct file *file)
{
	*file = (struct file){ LINE, chip->chip, offset, 0, 0 };
	if (offset >= LINES)
		return fail(EINVAL);
	if (line_of(file)->taken || listed("RECORDER_BUSY", line_name(file)))
		return fail(EBUSY);
	line_of(file)->taken = true;
	record("%s request", line_name(file));
	return 0;
}

static void find_line(const struct file *file)
{
	if (listed("RECORDER_OUT", line_name(file)) &&
	    !line_of(file)->output) {
		line_of(file)->output = true;
		line_of(file)->high = true;
	}
}

static int chip_v2(const struct file *chip, unsigned long request, void *arg)
{
	struct gpio_v2_line_request *take_v2 = arg;
	struct gpio_v2_line_info *info = arg;
	struct file file;

	if (request == GPIO_V2_GET_LINEINFO_IOCTL) {
		file = (struct file){ LINE, chip->chip, info->offset, 0, 0 };
		find_line(&file);
		info->flags = line_of(&file)->output ?
			      GPIO_V2_LINE_FLAG_OUTPUT :
			      GPIO_V2_LINE_FLAG_INPUT;
		if (listed("RECORDER_BUSY", line_name(&file)))
			strcpy(info->consumer, "heartbeat");
		return 0;
	}
	if (request != GPIO_V2_GET_LINE_IOCTL)
		return fail(EINVAL);
	if (take_v2->num_lines != 1 || take_v2->config.flags != 0)
		return fail(EINVAL);
	if (take(chip, take_v2->offsets[0], &file) != 0)
		return -1;
	take_v2->fd = new_fd(LINE, file.chip, file.line);
	return take_v2->fd < 0 ? -1 : 0;
}

static int chip_v1(const struct file *chip, unsigned long request, void *arg)
{
	struct gpiohandle_request *take_v1 = arg;
	struct gpioline_info *info = arg;
	struct file file;

	if (request == GPIO_GET_LINEINFO_IOCTL) {
		file = (struct file){ LINE, chip->chip, info->line_offset, 0, 0 };
		find_line(&file);
		if (line_of(&file)->output)
			info->flags |= GPIOLINE_FLAG_IS_OUT;
		if (listed("RECORDER_BUSY", line_name(&file)))
			strcpy(info->consumer, "heartbeat");
		return 0;
	}
	if (request != GPIO_GET_LINEHANDLE_IOCTL || take_v1->lines != 1)
		return fail(EINVAL);
	if (take(chip, take_v1->lineoffsets[0], &file) != 0)
		return -1;
	if (take_v1->flags & GPIOHANDLE_REQUEST_OUTPUT)
		drive(&file, take_v1->default_values[0] != 0);
	if (take_v1->flags & GPIOHANDLE_REQUEST_INPUT)
		release(&file);
	take_v1->fd = new_fd(LINE, file.chip, file.line);
	return take_v1->fd < 0 ? -1 : 0;
}

static int chip_ioctl(const struct file *chip, unsigned long request, void *arg)
{
	struct gpiochip_info *info = arg;

	if (request == GPIO_GET_CHIPINFO_IOCTL) {
		memset(info, 0, sizeof(*info));
		info->lines = LINES;
		return 0;
	}
	if (strcmp(setting("RECORDER_GPIO"), "v1") == 0)
		return chip_v1(chip, request, arg);
	return chip_v2(chip, request, arg);
}

static int set_config(const struct file *file,
		      const struct gpio_v2_line_config *config)
{
	const struct gpio_v2_line_config_attribute *attr = &config->attrs[0];

	if (config->flags == GPIO_V2_LINE_FLAG_INPUT) {
		release(file);
		return 0;
	}
	if (config->flags != GPIO_V2_LINE_FLAG_OUTPUT ||
	    config->num_attrs != 1 || attr->mask != 1 ||
	    attr->attr.id != GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
		return fail(EINVAL);
	drive(file, attr->attr.values & 1);
	return 0;
}

static int line_ioctl(const struct file *file, unsigned long request, void *arg)
{
	struct gpio_v2_line_values *v2 = arg;
	struct gpiohandle_data *v1 = arg;

	switch (request) {
	case GPIO_V2_LINE_SET_CONFIG_IOCTL:
		return set_config(file, arg);
	case GPIO_V2_LINE_GET_VALUES_IOCTL:
		v2->bits = line_of(file)->high;
		return 0;
	case GPIOHANDLE_GET_LINE_VALUES_IOCTL:
		v1->values[0] = line_of(file)->high;
		return 0;
	case GPIO_V2_LINE_SET_VALUES_IOCTL:
		if (!line_of(file)->output || v2->mask != 1)
			return fail(EPERM);
		drive(file, v2->bits & 1);
		return 0;
	case GPIOHANDLE_SET_LINE_VALUES_IOCTL:
		if (!line_of(file)->output)
			return fail(EPERM);
		drive(file, v1->values[0] != 0);
		return 0;
	default:
		return fail(EINVAL);
	}
}

/* ---- /dev/i2c-N ---- */

static int open_bus(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s",
		       setting("RECORDER_I2C"));
	if (fd < 0 || fd >= MAX_FD ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return fail(ENODEV);
	/* the kernel's default for adapters */
	files[fd] = (struct file){ .kind = BUS, .timeout_ms = 1000 };
	return fd;
}

static int bus_ioctl(struct file *bus, unsigned long request, unsigned long arg)
{
	const char *funcs = setting("RECORDER_I2C_FUNCS");
	unsigned long can = funcs ? strtoul(funcs, NULL, 0) : I2C_FUNC_I2C;
	char name[32];

	switch (request) {
	case I2C_FUNCS:
		memcpy((void *)arg, &can, sizeof(can));
		return 0;
	case I2C_SLAVE:
		(void)snprintf(name, sizeof(name), "i2c/0x%02lx", arg);
		if (listed("RECORDER_BUSY", name))
			return fail(EBUSY);
		bus->address = (unsigned)arg;
		record("i2c address 0x%02lx", arg);
		return 0;
	case I2C_TIMEOUT:
		bus->timeout_ms = (unsigned)arg * 10;
		record("i2c timeout %lu", arg * 10);
		return 0;
	case I2C_RETRIES:
		return 0;
	default:
		return fail(ENOTTY);
	}
}

/* One transaction; either in or out is NULL. */
static ssize_t bus_transfer(int fd, void *in, const void *out, size_t len)
{
	struct i2c_request request = { .read = in != NULL,
				       .address = (uint8_t)files[fd].address,
				       .len = (uint16_t)len,
				       .timeout_ms = files[fd].timeout_ms };
	struct i2c_reply reply;
	ssize_t n;

	if (len > I2C_WIRE_MAX)
		return fail(EINVAL);
	if (out != NULL)
		memcpy(request.bytes, out, len);
	/* a signal does not interrupt a transaction */
	do
		n = send(fd, &request, sizeof(request), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	while (n >= 0 && (n = recv(fd, &reply, sizeof(reply), 0)) < 0 &&
	       errno == EINTR)
		n = 0;
	if (n != (ssize_t)sizeof(reply))
		return fail(ENODEV);
	record("i2c %s %zu error %d", in != NULL ? "read" : "write", len,
	       (int)reply.error);
	if (reply.error != 0)
		return fail(reply.error);
	if (in != NULL)
		memcpy(in, reply.bytes, len);
	return (ssize_t)len;
}

/* ---- terminals ---- */

/* True if it was a request for the modem lines, and is done. */
static bool modem_ioctl(int fd, unsigned long request, const int *bits)
{
	bool on = request == TIOCMBIS;

	if (setting("RECORDER_MODEM") == NULL || !isatty(fd))
		return false;
	if (request == TIOCSBRK || request == TIOCCBRK) {
		record("brk %d", request == TIOCSBRK);
		return true;
	}
	if (request != TIOCMBIS && request != TIOCMBIC)
		return false;
	if (*bits & TIOCM_RTS)
		record("rts %d", on);
	if (*bits & TIOCM_DTR)
		record("dtr %d", on);
	return true;
}

static int set_rate(int fd, struct termios2 *t)
{
	const char *max = setting("RECORDER_MAX_RATE");
	struct termios2 limited = *t;

	if (max != NULL && limited.c_ospeed > strtoul(max, NULL, 10)) {
		limited.c_ospeed = (speed_t)strtoul(max, NULL, 10);
		limited.c_ispeed = limited.c_ospeed;
	}
	return real_ioctl(fd, TCSETS2, &limited);
}

/* ---- the replaced functions ---- */

static bool parse_number(const char *path, const char *before, unsigned *number)
{
	char *end;

	if (strncmp(path, before, strlen(before)) != 0)
		return false;
	*number = (unsigned)strtoul(path + strlen(before), &end, 10);
	return *end == '\0';
}

static int open_any(const char *path, int flags, mode_t mode)
{
	unsigned number;

	begin();
	if (getenv("RECORDER_LOG") == NULL)
		return real_open(path, flags, mode);
	if (strncmp(path, SYSFS "/", sizeof(SYSFS)) == 0)
		return open_sysfs(path + sizeof(SYSFS) - 1, flags);
	if (parse_number(path, "/dev/gpiochip", &number))
		return setting("RECORDER_GPIO") && number < CHIPS ?
		       new_fd(CHIP, number, 0) : fail(ENOENT);
	if (setting("RECORDER_I2C") != NULL &&
	    parse_number(path, "/dev/i2c-", &number))
		return open_bus();
	return real_open(path, flags, mode);
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(args, int) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return open_any(path, flags, mode);
}

/* What _FORTIFY_SOURCE turns open() into if the flags are not constant. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return open_any(path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_any(path, flags, 0);
}

int access(const char *path, int how)
{
	const char *dir;
	char mapped[512];

	begin();
	dir = setting("RECORDER_SYSFS");
	if (getenv("RECORDER_LOG") == NULL ||
	    strncmp(path, SYSFS "/", sizeof(SYSFS)) != 0)
		return real_access(path, how);
	if (dir == NULL)
		return fail(ENOENT);
	(void)snprintf(mapped, sizeof(mapped), "%s%s", dir,
		       path + sizeof(SYSFS) - 1);
	return real_access(mapped, how);
}

ssize_t read(int fd, void *buf, size_t len)
{
	begin();
	if (file_of(fd)->kind == BUS)
		return bus_transfer(fd, buf, NULL, len);
	return real_read(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	begin();
	switch (file_of(fd)->kind) {
	case BUS:
		return bus_transfer(fd, NULL, buf, len);
	case EXPORT:
	case UNEXPORT:
	case DIRECTION:
	case VALUE:
		return write_sysfs(file_of(fd), buf, len);
	default:
		return real_write(fd, buf, len);
	}
}

int close(int fd)
{
	struct file *file = file_of(fd);

	begin();
	if (file->kind == LINE) {
		record("%s close", line_name(file));
		line_of(file)->taken = false;
	}
	file->kind = NOTHING;
	return real_close(fd);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	begin();
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (file_of(fd)->kind) {
	case CHIP:
		return chip_ioctl(file_of(fd), request, arg);
	case LINE:
		return line_ioctl(file_of(fd), request, arg);
	case BUS:
		return bus_ioctl(file_of(fd), request, (unsigned long)arg);
	default:
		break;
	}
	if (request == TCSETS2)
		return set_rate(fd, arg);
	if (modem_ioctl(fd, request, arg))
		return 0;
	return real_ioctl(fd, request, arg);
}
