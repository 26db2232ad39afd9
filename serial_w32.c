/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/serial.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "utils.h"

/* The longest single wait; longer waits are split. */
#define LONGEST_WAIT_MS 60000

#define QUEUE_BYTES 4096

#ifndef ERROR_NO_SUCH_DEVICE	/* not in every winerror.h */
#define ERROR_NO_SUCH_DEVICE 433
#endif

struct serial {
	struct port base;	/* first, for the cast */
	HANDLE handle;
	DCB found;		/* restored at close */
	COMMTIMEOUTS found_timeouts;
	COMMTIMEOUTS timeouts;	/* in effect */
	bool rts, dtr;		/* as set last, because SetCommState() sets
				 * them too */
};

/* Meaning of an error for a port that was opened successfully. Unplugging an
 * adapter causes many different errors. */
static enum port_err io_error(DWORD error)
{
	switch (error) {
	case ERROR_ACCESS_DENIED:
	case ERROR_BAD_COMMAND:
	case ERROR_DEVICE_NOT_CONNECTED:
	case ERROR_DEVICE_REMOVED:
	case ERROR_FILE_NOT_FOUND:
	case ERROR_GEN_FAILURE:
	case ERROR_INVALID_HANDLE:
	case ERROR_IO_DEVICE:
	case ERROR_NO_SUCH_DEVICE:
	case ERROR_OPERATION_ABORTED:
		return PORT_CLOSED;
	case ERROR_INVALID_FUNCTION:
	case ERROR_INVALID_PARAMETER:
	case ERROR_NOT_SUPPORTED:
		return PORT_UNSUPPORTED;
	case ERROR_SEM_TIMEOUT:		/* a USB adapter that accepts no data */
		errno = ETIMEDOUT;
		return PORT_IO;
	default:
		errno = EIO;
		return PORT_IO;
	}
}

static enum port_err last_error(void)
{
	return io_error(GetLastError());
}

/*
 * Read: return what is available at once, else wait read_ms for the first
 * byte. With a multiplier of MAXDWORD the constant must be neither 0 nor
 * MAXDWORD; for no wait at all, multiplier and constant are 0.
 */
static enum port_err set_timeouts(struct serial *s, DWORD read_ms,
				  DWORD write_ms)
{
	COMMTIMEOUTS t = {
		.ReadIntervalTimeout = MAXDWORD,
		.ReadTotalTimeoutMultiplier = read_ms != 0 ? MAXDWORD : 0,
		.ReadTotalTimeoutConstant = read_ms,
		.WriteTotalTimeoutConstant = write_ms,
	};

	if (memcmp(&t, &s->timeouts, sizeof(t)) == 0)
		return PORT_OK;
	if (!SetCommTimeouts(s->handle, &t))
		return last_error();
	s->timeouts = t;
	return PORT_OK;
}

static DWORD wait_until(int64_t deadline_us)
{
	int64_t left_ms = (deadline_us - clock_us() + 999) / 1000;

	if (left_ms < 0)
		return 0;
	return left_ms < LONGEST_WAIT_MS ? (DWORD)left_ms : LONGEST_WAIT_MS;
}

/* True if no byte received since the last call was damaged, as far as parity
 * shows; the system does not tell which byte was. */
static bool take_damage(struct serial *s)
{
	const DWORD bad = CE_RXPARITY | CE_FRAME | CE_OVERRUN | CE_RXOVER;
	DWORD errors = 0;

	return ClearCommError(s->handle, &errors, NULL) &&
	       s->base.mode.parity != 'n' && (errors & bad) != 0;
}

static enum port_err serial_read(struct port *port, uint8_t *buf, size_t len,
				 unsigned timeout_ms, size_t *got)
{
	struct serial *s = (struct serial *)port;
	int64_t deadline_us = clock_us() + (int64_t)timeout_ms * 1000;
	bool damaged = false;

	*got = 0;
	while (*got < len) {
		DWORD wait_ms = wait_until(deadline_us), n = 0;
		enum port_err err = set_timeouts(s, wait_ms,
				s->timeouts.WriteTotalTimeoutConstant);

		if (err != PORT_OK)
			return err;
		if (!ReadFile(s->handle, buf + *got, (DWORD)(len - *got), &n,
			      NULL))
			return last_error();
		if (n == 0 && wait_ms == 0)
			return PORT_TIMEOUT;
		if (n != 0 && take_damage(s))
			damaged = true;
		*got += n;
	}
	return damaged ? PORT_PARITY : PORT_OK;
}

static enum port_err serial_write(struct port *port, const uint8_t *buf,
				  size_t len)
{
	struct serial *s = (struct serial *)port;
	int64_t deadline_us = clock_us() +
			      (int64_t)serial_write_limit_ms(port, len) * 1000;

	while (len > 0) {
		DWORD wait_ms = wait_until(deadline_us), n = 0;
		enum port_err err;

		if (wait_ms == 0) {
			/* Without this, the close waits for the blocked
			 * bytes. */
			(void)PurgeComm(s->handle,
					PURGE_TXABORT | PURGE_TXCLEAR);
			errno = ETIMEDOUT;
			return PORT_IO;
		}
		err = set_timeouts(s, s->timeouts.ReadTotalTimeoutConstant,
				   wait_ms);
		if (err != PORT_OK)
			return err;
		if (!WriteFile(s->handle, buf, (DWORD)len, &n, NULL))
			return last_error();
		buf += n;
		len -= n;
	}
	return PORT_OK;
}

static enum port_err serial_flush(struct port *port)
{
	struct serial *s = (struct serial *)port;

	(void)take_damage(s);
	return PurgeComm(s->handle, PURGE_RXCLEAR) ? PORT_OK : last_error();
}

static enum port_err serial_set_line(struct port *port, enum port_line line,
				     bool level)
{
	static const DWORD functions[][2] = {
		[PORT_LINE_RTS] = { CLRRTS, SETRTS },
		[PORT_LINE_DTR] = { CLRDTR, SETDTR },
		[PORT_LINE_BREAK] = { CLRBREAK, SETBREAK },
	};
	struct serial *s = (struct serial *)port;

	if (!EscapeCommFunction(s->handle, functions[line][level]))
		return last_error();
	if (line == PORT_LINE_RTS)
		s->rts = level;
	if (line == PORT_LINE_DTR)
		s->dtr = level;
	return PORT_OK;
}

static void put_mode(DCB *dcb, const struct serial_mode *mode)
{
	dcb->ByteSize = mode->data_bits;
	dcb->Parity = mode->parity == 'n' ? NOPARITY :
		      mode->parity == 'e' ? EVENPARITY : ODDPARITY;
	/* With 5 bits a UART sends 1.5 stop bits instead of 2, and Windows
	 * accepts only ONE5STOPBITS for it. */
	dcb->StopBits = mode->stop_bits == 1 ? ONESTOPBIT :
			mode->data_bits == 5 ? ONE5STOPBITS : TWOSTOPBITS;
}

static struct serial_mode get_mode(const DCB *dcb)
{
	return (struct serial_mode){
		.data_bits = dcb->ByteSize,
		.parity = (char)(dcb->Parity == EVENPARITY ? 'e' :
				 dcb->Parity == ODDPARITY ? 'o' : 'n'),
		.stop_bits = dcb->StopBits == ONESTOPBIT ? 1 : 2,
	};
}

/* Raw bytes, no flow control; an error does not stop the port. */
static void make_raw(const struct serial *s, DCB *dcb)
{
	dcb->fBinary = TRUE;
	dcb->fParity = dcb->Parity != NOPARITY;
	dcb->fOutxCtsFlow = FALSE;
	dcb->fOutxDsrFlow = FALSE;
	dcb->fDsrSensitivity = FALSE;
	dcb->fOutX = FALSE;
	dcb->fInX = FALSE;
	dcb->fErrorChar = FALSE;
	dcb->fNull = FALSE;
	dcb->fAbortOnError = FALSE;
	dcb->XonChar = 0x11;	/* unused, but Windows refuses two equal
				 * characters */
	dcb->XoffChar = 0x13;
	dcb->fDtrControl = s->dtr ? DTR_CONTROL_ENABLE : DTR_CONTROL_DISABLE;
	dcb->fRtsControl = s->rts ? RTS_CONTROL_ENABLE : RTS_CONTROL_DISABLE;
}

static bool modes_equal(const struct serial_mode *a,
			const struct serial_mode *b)
{
	return a->data_bits == b->data_bits && a->parity == b->parity &&
	       a->stop_bits == b->stop_bits;
}

/* Compares the settings, except the parity. */
static bool is_close(const DCB *want, const DCB *got)
{
	return serial_rate_near(want->BaudRate, got->BaudRate) &&
	       got->ByteSize == want->ByteSize &&
	       got->StopBits == want->StopBits &&
	       !got->fOutxCtsFlow && !got->fOutxDsrFlow && !got->fOutX &&
	       !got->fInX && !got->fNull && !got->fAbortOnError;
}

/*
 * Rate 0 and no mode keep both. Sets *got to what the driver chose. Drivers
 * without parity either ignore it or refuse it, so the result counts.
 */
static enum port_err set_state(struct serial *s, uint32_t baud,
			       const struct serial_mode *mode, DCB *got)
{
	DCB dcb = s->found;
	enum port_err err = PORT_OK;

	if (baud != 0)
		dcb.BaudRate = baud;
	if (mode != NULL)
		put_mode(&dcb, mode);
	make_raw(s, &dcb);
	*got = s->found;
	if (!SetCommState(s->handle, &dcb))
		err = last_error();
	if (!GetCommState(s->handle, got))
		return err != PORT_OK ? err : last_error();
	if (err == PORT_UNSUPPORTED && is_close(&dcb, got))
		err = PORT_OK;
	if (err == PORT_OK && !serial_rate_near(dcb.BaudRate, got->BaudRate))
		err = PORT_UNSUPPORTED;
	return err;
}

static enum port_err serial_set_baud(struct port *port, uint32_t baud)
{
	struct serial *s = (struct serial *)port;
	enum port_err err;
	DCB got;

	err = set_state(s, baud, &s->base.mode, &got);
	if (err == PORT_OK)
		serial_describe(port, baud, &s->base.mode);
	else
		(void)set_state(s, port->baud, &s->base.mode, &got);
	return err;
}

static enum port_err serial_set_mode(struct port *port,
				     const struct serial_mode *mode)
{
	struct serial *s = (struct serial *)port;
	enum port_err err;
	DCB got;

	err = set_state(s, port->baud, mode, &got);
	if (err == PORT_OK)
		serial_describe(port, port->baud, mode);
	return err;
}

/* Restores all but DTR and RTS: a change now might reset the board that was
 * just started. */
static void serial_close(struct port *port)
{
	struct serial *s = (struct serial *)port;
	DCB dcb = s->found;

	if (dcb.fDtrControl != DTR_CONTROL_HANDSHAKE)
		dcb.fDtrControl = s->dtr ? DTR_CONTROL_ENABLE
					 : DTR_CONTROL_DISABLE;
	if (dcb.fRtsControl == RTS_CONTROL_ENABLE ||
	    dcb.fRtsControl == RTS_CONTROL_DISABLE)
		dcb.fRtsControl = s->rts ? RTS_CONTROL_ENABLE
					 : RTS_CONTROL_DISABLE;
	(void)EscapeCommFunction(s->handle, CLRBREAK);
	(void)SetCommTimeouts(s->handle, &s->found_timeouts);
	(void)SetCommState(s->handle, &dcb);
	(void)CloseHandle(s->handle);
	free(s);
}

/* Finds out whether the driver refused the rate or the mode. */
static void explain_refusal(struct serial *s,
			    const struct port_settings *settings,
			    const DCB *got, struct problem *why)
{
	const struct serial_mode *mode = &settings->mode;
	DCB unused;

	if (settings->baud == 0)
		problem_set(why, "%s: the driver refuses its own settings; "
			    "give a rate (-b)", settings->device);
	else if (set_state(s, settings->baud, NULL, &unused) == PORT_OK)
		problem_set(why, "%s: -m %u%c%u: this port does not support "
			    "this mode", settings->device, mode->data_bits,
			    mode->parity, mode->stop_bits);
	else if (got->BaudRate != s->found.BaudRate && got->BaudRate != 0)
		problem_set(why, "%s: -b %" PRIu32 ": this port does not "
			    "support this rate; the driver sets %lu",
			    settings->device, settings->baud, got->BaudRate);
	else
		problem_set(why, "%s: -b %" PRIu32 ": this port does not "
			    "support this rate", settings->device,
			    settings->baud);
}

static void warn_of_mode(const struct port_settings *settings, const DCB *got,
			 struct problem *why)
{
	const struct serial_mode *want = &settings->mode;
	struct serial_mode is = get_mode(got);

	if (!modes_equal(want, &is))
		problem_set(why, "%s: the driver did not set %u%c%u%s",
			    settings->device, want->data_bits, want->parity,
			    want->stop_bits,
			    want->parity != 'n' && is.parity == 'n' ?
			    ": it has no parity, and most bootloaders need "
			    "it; try another adapter" : "");
}

static enum port_err configure(struct serial *s,
			       const struct port_settings *settings,
			       struct problem *why)
{
	uint32_t baud = settings->baud;
	DWORD errors;
	enum port_err err;
	DCB got;

	err = set_state(s, baud, baud != 0 ? &settings->mode : NULL, &got);
	if (err == PORT_UNSUPPORTED)
		explain_refusal(s, settings, &got, why);
	else if (err != PORT_OK)
		problem_set(why, "%s: cannot configure it: %s",
			    settings->device, port_strerror(err));
	if (err != PORT_OK)
		return err;
	if (baud != 0)
		warn_of_mode(settings, &got, why);
	s->base.mode = baud != 0 ? settings->mode : get_mode(&got);
	serial_describe(&s->base, baud != 0 ? baud : got.BaudRate,
			&s->base.mode);
	/* The fAbortOnError of an earlier program may still block the port. */
	(void)ClearCommError(s->handle, &errors, NULL);
	(void)PurgeComm(s->handle, PURGE_RXCLEAR | PURGE_TXCLEAR);
	return PORT_OK;
}

static enum port_err explain_open(const char *device, DWORD error,
				  struct problem *why)
{
	switch (error) {
	case ERROR_FILE_NOT_FOUND:
	case ERROR_PATH_NOT_FOUND:
	case ERROR_INVALID_NAME:
		problem_set(why, "%s: no such port; check that the adapter is "
			    "plugged in", device);
		return PORT_NODEV;
	case ERROR_ACCESS_DENIED:
	case ERROR_SHARING_VIOLATION:
	case ERROR_BUSY:
		problem_set(why, "%s: in use by another program; end it first",
			    device);
		return PORT_BUSY;
	case ERROR_BAD_COMMAND:
	case ERROR_DEVICE_NOT_CONNECTED:
	case ERROR_GEN_FAILURE:
	case ERROR_SEM_TIMEOUT:
		problem_set(why, "%s: the adapter does not respond; unplug it "
			    "and plug it in again", device);
		return PORT_IO;
	default:
		problem_set(why, "%s: cannot open it: system error %lu",
			    device, error);
		return PORT_IO;
	}
}

/* Accepts the DOS form "COM3:" for COM3. */
static int name_length(const char *device)
{
	size_t len = strlen(device);

	return (int)(len > 0 && device[len - 1] == ':' ? len - 1 : len);
}

static bool is_slash(char c)
{
	return c == '\\' || c == '/';
}

/* Only COM1 to COM9 work without the prefix of \\.\COM10. */
static enum port_err open_handle(const char *device, HANDLE *handle,
				 struct problem *why)
{
	bool prefixed = is_slash(device[0]) && is_slash(device[1]);
	DWORD attributes = GetFileAttributesA(device);
	char path[128];
	int len;

	if (attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY)) {
		problem_set(why, "%s: a directory, not a serial port", device);
		return PORT_NODEV;
	}
	len = snprintf(path, sizeof(path), "%s%.*s",
		       prefixed ? "" : "\\\\.\\", name_length(device), device);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		problem_set(why, "%s: no such port", device);
		return PORT_NODEV;
	}
	*handle = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL,
			      OPEN_EXISTING, 0, NULL);
	if (*handle == INVALID_HANDLE_VALUE)
		return explain_open(device, GetLastError(), why);
	return PORT_OK;
}

static enum port_err serial_open(const struct port_settings *settings,
				 struct port **out, struct problem *why)
{
	enum port_err err;
	struct serial *s;

	err = serial_new(settings, sizeof(*s), out, why);
	if (err != PORT_OK)
		return err;
	s = (struct serial *)*out;
	*out = NULL;
	s->rts = s->dtr = true;	/* as every Unix sets them at open */
	err = open_handle(settings->device, &s->handle, why);
	if (err != PORT_OK) {
		free(s);
		return err;
	}
	s->found.DCBlength = sizeof(s->found);
	if (!GetCommState(s->handle, &s->found) ||
	    !GetCommTimeouts(s->handle, &s->found_timeouts)) {
		problem_set(why, "%s: not a serial port", settings->device);
		(void)CloseHandle(s->handle);
		free(s);
		return PORT_NODEV;
	}
	(void)SetupComm(s->handle, QUEUE_BYTES, QUEUE_BYTES);
	err = configure(s, settings, why);
	if (err != PORT_OK) {
		serial_close(&s->base);
		return err;
	}
	*out = &s->base;
	return PORT_OK;
}

const struct port_ops serial_port_ops = {
	.name = "serial_w32",
	.open = serial_open,
	.close = serial_close,
	.flush = serial_flush,
	.read = serial_read,
	.write = serial_write,
	.set_line = serial_set_line,
	.set_baud = serial_set_baud,
	.set_mode = serial_set_mode,
};
