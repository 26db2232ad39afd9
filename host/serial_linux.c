/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asm/termbits.h has the kernel's struct termios, which differs from that of
 * <termios.h>: one file cannot include both. */
#include "host/serial_tty.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "host/linux_ioctl.h"
#include "host/sysfs.h"
#include "utils.h"

/* alpha and powerpc: their struct termios already has the rates. */
#ifndef TCGETS2
#define TCGETS2 TCGETS
#define TCSETS2 TCSETS
#define termios2 termios
#endif

/* Device numbers, from the kernel's admin-guide/devices.txt. */
#define BSD_PTY_SLAVE_MAJOR 3
#define UNIX98_PTY_SLAVE_FIRST 136
#define UNIX98_PTY_SLAVE_LAST 143

/* An emulator of another processor, such as qemu-user, may support only the
 * old calls, which have bits for the usual rates. */
static const struct {
	uint32_t rate;
	tcflag_t bits;
} usual_rates[] = {
	{ 1200, B1200 }, { 2400, B2400 }, { 4800, B4800 }, { 9600, B9600 },
	{ 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 },
	{ 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 },
	{ 921600, B921600 },
};

static uint32_t get_usual_rate(int fd)
{
	struct termios t;
	size_t i;

	if (ioctl(fd, TCGETS, &t) != 0)
		return 0;
	for (i = 0; i < ARRAY_LEN(usual_rates); i++)
		if (usual_rates[i].bits == (t.c_cflag & CBAUD))
			return usual_rates[i].rate;
	return 0;
}

static bool set_usual_rate(int fd, uint32_t rate)
{
	struct termios t;
	size_t i = 0;

	while (i < ARRAY_LEN(usual_rates) && usual_rates[i].rate != rate)
		i++;
	if (i == ARRAY_LEN(usual_rates)) {
		errno = EINVAL;
		return false;
	}
	if (ioctl(fd, TCGETS, &t) != 0)
		return false;
	t.c_cflag &= ~(tcflag_t)(CBAUD | CBAUD << IBSHIFT);
	t.c_cflag |= usual_rates[i].bits;
	return ioctl(fd, TCSETS, &t) == 0;
}

uint32_t tty_get_rate(int fd)
{
	struct termios2 t;

	if (linux_ioctl(fd, TCGETS2, &t) != 0)
		return get_usual_rate(fd);
	return (uint32_t)t.c_ospeed;
}

static bool set_any_rate(int fd, struct termios2 *t, uint32_t rate)
{
	/* No input rate bits: the input uses the output's rate. */
	t->c_cflag &= ~(tcflag_t)(CBAUD | CBAUD << IBSHIFT);
	t->c_cflag |= BOTHER;
	t->c_ispeed = rate;
	t->c_ospeed = rate;
	return linux_ioctl(fd, TCSETS2, t) == 0;
}

bool tty_set_rate(int fd, uint32_t rate, uint32_t *got)
{
	struct termios2 t;
	bool set = linux_ioctl(fd, TCGETS2, &t) == 0
		 ? set_any_rate(fd, &t, rate) : set_usual_rate(fd, rate);

	if (set)
		*got = tty_get_rate(fd);
	return set;
}

bool tty_set_low_latency(int fd, bool on)
{
	const int flag = (int)ASYNC_LOW_LATENCY;
	struct serial_struct serial;

	if (ioctl(fd, TIOCGSERIAL, &serial) != 0 ||
	    ((serial.flags & flag) != 0) == on)
		return false;
	serial.flags ^= flag;
	return ioctl(fd, TIOCSSERIAL, &serial) == 0;
}

/* Takes both kinds of lock: programs use one or the other, and Linux keeps
 * them apart. A file system without locks is not an error. */
bool tty_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return false;
	return fcntl(fd, F_SETLK, &lock) == 0 ||
	       (errno != EAGAIN && errno != EACCES);
}

bool tty_is_pty(int fd, const char *name)
{
	struct stat st;
	unsigned number;

	(void)name;
	if (fstat(fd, &st) != 0)
		return false;
	number = major(st.st_rdev);
	return number == BSD_PTY_SLAVE_MAJOR ||
	       (number >= UNIX98_PTY_SLAVE_FIRST &&
		number <= UNIX98_PTY_SLAVE_LAST);
}

void tty_driver(int fd, char *name, size_t size)
{
	char path[80];
	struct stat st;

	name[0] = '\0';
	if (fstat(fd, &st) != 0)
		return;
	(void)snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device",
		       major(st.st_rdev), minor(st.st_rdev));
	sysfs_driver("/sys", path, name, size);
}

static void describe_process(long pid, char *who, size_t size)
{
	char path[48], name[32] = "";
	ssize_t len = -1;
	char *c;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, name, sizeof(name) - 1);
		(void)close(fd);
	}
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	/* A process can have any name; make it safe for the terminal. */
	for (c = name; *c != '\0'; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	(void)snprintf(who, size, "%s (pid %ld)", name[0] ? name : "a process",
		       pid);
}

static bool process_has_open(long pid, dev_t device)
{
	char path[sizeof(((struct dirent *)0)->d_name) + 48];
	struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		(void)snprintf(path, sizeof(path), "/proc/%ld/fd/%s", pid,
			       entry->d_name);
		found = stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
			st.st_rdev == device;
	}
	(void)closedir(dir);
	return found;
}

/* Returns the first other process that has device open, or 0. Processes of
 * other users are visible only to root. */
static long find_process(dev_t device)
{
	struct dirent *entry;
	long pid, found = 0;
	DIR *dir;

	dir = opendir("/proc");
	if (dir == NULL)
		return 0;
	while (found == 0 && (entry = readdir(dir)) != NULL) {
		pid = strtol(entry->d_name, NULL, 10);
		if (pid > 0 && pid != (long)getpid() &&
		    process_has_open(pid, device))
			found = pid;
	}
	(void)closedir(dir);
	return found;
}

void tty_owner(int fd, const char *device, char *who, size_t size)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;
	long pid = 0;

	who[0] = '\0';
	/* Prefer the process that holds the lock. */
	if (fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 &&
	    lock.l_type != F_UNLCK)
		pid = (long)lock.l_pid;
	if (pid <= 0 && stat(device, &st) == 0)
		pid = find_process(st.st_rdev);
	if (pid > 0)
		describe_process(pid, who, size);
}
