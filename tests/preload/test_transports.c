/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transports on hardware emulated by recorder.so: an I2C bus with a device
 * played by a child process, and a terminal with limits.
 */
#define _XOPEN_SOURCE 700	/* posix_openpt() */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "port.h"
#include "utils.h"

#include "tests/preload/i2c_wire.h"
#include "tests/unit/t.h"

#define ADDRESS 0x41

/* How the child answers, selected by the first byte of the last write. */
enum trick {
	ECHO_PLUS_1 = 0x10,	/* reads return the written bytes, each plus
				 * 1 */
	LOSE_ARBITRATION,	/* twice, then as above */
	NEVER_WIN,
	STRETCH,
	NACK_EARLY,
	BREAK_DOWN
};

/* The state of the device between two transactions. */
struct device {
	uint8_t last[I2C_WIRE_MAX];	/* what was written */
	int losses;
};

static int trick_error(struct device *device, const struct i2c_request *request)
{
	switch (request->read ? device->last[0] : ECHO_PLUS_1) {
	case LOSE_ARBITRATION:
		return device->losses++ < 2 ? EAGAIN : 0;
	case NEVER_WIN:
		return EAGAIN;
	case STRETCH:
		return ETIMEDOUT;
	case NACK_EARLY:
		return EREMOTEIO;
	case BREAK_DOWN:
		return EIO;
	default:
		return 0;
	}
}

static void play_device(int listener)
{
	static struct i2c_request request;
	static struct i2c_reply reply;
	static struct device device;
	int bus;
	size_t i;

	while ((bus = accept(listener, NULL, NULL)) >= 0) {
		while (recv(bus, &request, sizeof(request), 0) > 0) {
			reply.error = request.address == ADDRESS ?
				      trick_error(&device, &request) : ENXIO;
			for (i = 0; i < request.len; i++)
				reply.bytes[i] = (uint8_t)(device.last[i] + 1);
			if (!request.read) {
				memcpy(device.last, request.bytes, request.len);
				device.losses = 0;
			}
			(void)send(bus, &reply, sizeof(reply), MSG_NOSIGNAL);
		}
		(void)close(bus);
	}
}

static pid_t start_device(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	pid_t pid;

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	CHECK(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	      listen(listener, 1) == 0);
	pid = fork();
	if (pid == 0) {
		play_device(listener);
		_exit(0);
	}
	(void)close(listener);
	return pid;
}

static struct port *open_bus(const char *name, int address, enum port_err want,
			     const char *text)
{
	struct port_settings settings = { .device = name,
					  .i2c_address = address };
	struct problem why = { "" };
	struct port *port;

	t_about(text);
	EQUAL(port_open(&settings, &port, &why), want);
	CHECK((port != NULL) == (want == PORT_OK));
	if (!CHECK(strstr(why.text, text) != NULL))
		printf("  expected \"%s\" in \"%s\"\n", text, why.text);
	return port;
}

static void test_i2c_names(void)
{
	(void)open_bus("/dev/i2c-1", PORT_NO_ADDRESS, PORT_BAD_SETTINGS,
		       "/dev/i2c-1: no I2C address given");
	(void)open_bus("/dev/i2c-1", 0x02, PORT_BAD_SETTINGS,
		       "-a 0x02: not a 7-bit I2C address, 0x03 to 0x77");
	(void)open_bus("/dev/i2c-1", 0x78, PORT_BAD_SETTINGS,
		       "-a 0x78: not a 7-bit I2C address, 0x03 to 0x77");
	(void)open_bus("/dev/i2c-none", ADDRESS, PORT_NODEV,
		       "is the i2c-dev module loaded?");

	(void)setenv("RECORDER_BUSY", "i2c/0x41", 1);
	(void)open_bus("i2c-1", ADDRESS, PORT_BUSY,
		       "address 0x41 is in use by a kernel driver");
	(void)unsetenv("RECORDER_BUSY");

	(void)setenv("RECORDER_I2C_FUNCS", "0x0eff0008", 1);
	(void)open_bus("/dev/i2c-1", ADDRESS, PORT_UNSUPPORTED,
		       "this adapter supports SMBus only");
	(void)unsetenv("RECORDER_I2C_FUNCS");
	port_close(open_bus("/dev/i2c-0", 0x03, PORT_OK, ""));
	port_close(open_bus("i2c-9", 0x77, PORT_OK, ""));
}

static const struct {
	enum trick trick;
	enum port_err err;
} tricks[] = {
	{ ECHO_PLUS_1, PORT_OK },
	{ LOSE_ARBITRATION, PORT_OK },
	{ NEVER_WIN, PORT_IO },
	{ STRETCH, PORT_STRETCHED },
	{ NACK_EARLY, PORT_NO_ANSWER },
	{ BREAK_DOWN, PORT_IO },
};

static void test_i2c_transfers(void)
{
	struct port *port = open_bus("/dev/i2c-1", ADDRESS, PORT_OK, "");
	uint8_t out[4] = { 0, 1, 2, 3 }, in[4];
	size_t i;

	EQUAL(port->caps, PORT_FRAMED);
	TEXT(port->text, "addr 0x41");
	for (i = 0; i < ARRAY_LEN(tricks); i++) {
		size_t got = 9;

		t_about(port_strerror(tricks[i].err));
		out[0] = (uint8_t)tricks[i].trick;
		EQUAL(port_write(port, out, sizeof(out)), PORT_OK);
		EQUAL(port->ops->read(port, in, sizeof(in), 100, &got),
		      tricks[i].err);
		EQUAL(got, tricks[i].err == PORT_OK ? sizeof(in) : 0);
		if (tricks[i].err == PORT_OK) {
			EQUAL(in[0], out[0] + 1);
			EQUAL(in[3], 4);
		}
	}
	EQUAL(port_set_line(port, PORT_LINE_RTS, true), PORT_UNSUPPORTED);
	EQUAL(port_flush(port), PORT_OK);
	port_close(port);

	port = open_bus("/dev/i2c-1", ADDRESS + 1, PORT_OK, "");
	t_about("no device at this address");
	EQUAL(port_write(port, out, sizeof(out)), PORT_NO_ANSWER);
	EQUAL(port_read(port, in, sizeof(in), 100), PORT_NO_ANSWER);
	port_close(port);
}

/* Returns how many lines of the log end in text. */
static int logged(const char *text)
{
	FILE *log = fopen(getenv("RECORDER_LOG"), "r");
	char line[128];
	int count = 0;

	if (log == NULL)
		return -1;
	while (fgets(line, sizeof(line), log) != NULL) {
		const char *rest = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		count += rest != NULL && strcmp(rest + 1, text) == 0;
	}
	(void)fclose(log);
	return count;
}

/* The adapter waits as long as the longest read, and is restored. */
static void test_i2c_timeout(void)
{
	struct port *port = open_bus("/dev/i2c-1", ADDRESS, PORT_OK, "");
	int back = logged("i2c timeout 1000");
	uint8_t in[1];

	t_about("adapter's timeout");
	CHECK(logged("i2c timeout 10000") > 0);
	EQUAL(logged("i2c timeout 35010"), 0);
	EQUAL(port_write(port, (const uint8_t[]){ ECHO_PLUS_1 }, 1), PORT_OK);
	EQUAL(port_read(port, in, 1, 35005), PORT_OK);
	EQUAL(port_read(port, in, 1, 20000), PORT_OK);
	EQUAL(logged("i2c timeout 35010"), 1);
	EQUAL(logged("i2c timeout 20000"), 0);
	port_close(port);
	EQUAL(logged("i2c timeout 1000"), back + 1);
}

static void test_i2c(const char *dir)
{
	char path[100];
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/i2c", dir);
	pid = start_device(path);
	(void)setenv("RECORDER_I2C", path, 1);
	test_i2c_names();
	test_i2c_transfers();
	test_i2c_timeout();
	(void)kill(pid, SIGTERM);
	CHECK(waitpid(pid, NULL, 0) == pid);
	(void)unlink(path);
}

/* A port that does not support the rate is left unchanged. */
static void test_rate_limit(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct port_settings settings = { .baud = 921600,
					  .mode = { 8, 'e', 1 } };
	struct problem why = { "" };
	struct port *port;

	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	settings.device = ptsname(master);
	(void)setenv("RECORDER_MAX_RATE", "115200", 1);
	t_about("rate limit");
	EQUAL(port_open(&settings, &port, &why), PORT_UNSUPPORTED);
	CHECK(port == NULL);
	CHECK(strstr(why.text, "-b 921600: this port does not support this "
		     "rate; the driver sets 115200") != NULL);

	settings.baud = 57600;
	EQUAL(port_open(&settings, &port, &why), PORT_OK);
	EQUAL(port_set_baud(port, 230400), PORT_UNSUPPORTED);
	EQUAL(port->baud, 57600);
	TEXT(port->text, "57600 8E1");
	EQUAL(port_set_baud(port, 117000), PORT_OK);
	port_close(port);
	(void)close(master);
}

/* The hang-up at close is restored, unless a sequence has set a line that it
 * would change. */
static void test_hang_up(bool moved)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), keeper;
	struct port_settings settings = { .baud = 57600,
					  .mode = { 8, 'e', 1 } };
	struct problem why = { "" };
	struct termios t;
	struct port *port;

	t_about(moved ? "hang-up, rts was set" : "hang-up");
	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	settings.device = ptsname(master);
	keeper = open(settings.device, O_RDWR | O_NOCTTY);
	EQUAL(tcgetattr(keeper, &t), 0);
	t.c_cflag |= HUPCL;
	EQUAL(tcsetattr(keeper, TCSANOW, &t), 0);
	(void)setenv("RECORDER_MODEM", "1", 1);
	EQUAL(port_open(&settings, &port, &why), PORT_OK);
	if (moved)
		EQUAL(port_set_line(port, PORT_LINE_RTS, true), PORT_OK);
	port_close(port);
	EQUAL(tcgetattr(keeper, &t), 0);
	EQUAL((t.c_cflag & HUPCL) != 0, !moved);
	(void)close(keeper);
	(void)close(master);
}

int main(int argc, char **argv)
{
	if (argc != 2 || getenv("RECORDER_LOG") == NULL)
		return 2;
	test_i2c(argv[1]);
	test_rate_limit();
	test_hang_up(false);
	test_hang_up(true);
	return t_done();
}
