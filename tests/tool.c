/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tools for the end-to-end tests that a plain sh lacks:
 *
 *	tool pattern SIZE SEED		bytes that look like firmware, to stdout
 *	tool ramp SIZE			bytes 00, 01, 02, ...
 *	tool app ADDRESS		a program for this address that sends U
 *					at the simulated device's USART
 *	tool pad SIZE BYTE		stdin, padded to SIZE
 *	tool patch OFFSET < FILE2 FILE	FILE, overwritten by stdin at OFFSET
 *	tool hex ADDRESS LEN [reverse]	stdin as Intel HEX, LEN bytes a record
 *	tool srec ADDRESS		stdin as S-records
 *	tool dfuse ADDRESS [SETTING]	stdin as a DfuSe file; SETTING: an
 *					additional target, of that setting
 *	tool uf2 ADDRESS FAMILY [FLAGS]	stdin as UF2; FLAGS: of one more block, or
 *					md5: each block has that of all data
 *	tool cut OFFSET LEN		a part of stdin
 *	tool peek OFFSET LEN		the same as hex digits
 *	tool longest "> "		stdin is a trace: bytes of the longest
 *					frame in that direction
 *	tool wait MS
 *	tool interruptible COMMAND ...	executes it with default actions for the
 *					signals that a shell or nohup ignores in
 *					background jobs
 *	tool kill-after MS COMMAND ...	runs it, and kills it after MS
 *	tool peak FILE COMMAND ...	runs it; peak memory in KiB to FILE
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "parsers/md5.h"

static unsigned char bytes[8u << 20];

static size_t slurp(FILE *in, size_t at)
{
	return at + fread(bytes + at, 1, sizeof(bytes) - at, in);
}

static int put(size_t len)
{
	return fwrite(bytes, 1, len, stdout) == len && fflush(stdout) == 0 ? 0
									   : 1;
}

static unsigned long number(const char *text)
{
	return strtoul(text, NULL, 0);
}

/* A vector table for RAM at 20000000, then noise with runs of one value. */
static int pattern(size_t size, unsigned long seed)
{
	static const unsigned char vectors[8] = { 0x00, 0x08, 0x00, 0x20,
						  0x09, 0x00, 0x00, 0x08 };
	unsigned long state = seed * 2654435761u + 1;
	size_t i;

	for (i = 0; i < size; i++) {
		state = (state * 1664525u + 1013904223u) & 0xFFFFFFFFu;
		bytes[i] = (unsigned char)(state >> 24);
		if (state % 97 == 0 && i > 0)
			bytes[i] = bytes[i - 1];
	}
	memcpy(bytes, vectors, size < sizeof(vectors) ? size : sizeof(vectors));
	return put(size);
}

static int ramp(size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		bytes[i] = (unsigned char)i;
	return put(size);
}

static void word(size_t at, unsigned long value)
{
	size_t i;

	for (i = 0; i < 4; i++)
		bytes[at + i] = (unsigned char)(value >> (8 * i));
}

static int app(unsigned long address)
{
	word(0, 0x20001000);	/* stack */
	word(4, address + 9);	/* reset: after the table, Thumb */
	word(8, 0x21554802);	/* ldr r0, [pc, #8]; movs r1, #'U' */
	word(12, 0x210A6001);	/* str r1, [r0]; movs r1, #'\n' */
	word(16, 0xE7FE6001);	/* str r1, [r0]; b . */
	word(20, 0x40013804);	/* data register of USART1 in an F1 */
	return put(24);
}

static int pad(size_t size, unsigned long value)
{
	memset(bytes, (int)value, sizeof(bytes));
	return slurp(stdin, 0) > size ? 1 : put(size);
}

static int patch(size_t offset, const char *name)
{
	FILE *base = fopen(name, "rb");
	size_t len, end;

	if (base == NULL)
		return 1;
	len = slurp(base, 0);
	fclose(base);
	end = slurp(stdin, offset);
	return put(end > len ? end : len);
}

static void hex_record(unsigned type, unsigned address,
		       const unsigned char *data, size_t len)
{
	unsigned sum = (unsigned)len + (address >> 8) + address + type;
	size_t i;

	printf(":%02X%04X%02X", (unsigned)len, address & 0xFFFF, type);
	for (i = 0; i < len; i++) {
		printf("%02X", data[i]);
		sum += data[i];
	}
	printf("%02X\n", -sum & 0xFF);
}

static int hex(unsigned long address, size_t each, int reverse)
{
	size_t size = slurp(stdin, 0), i, n = (size + each - 1) / each;

	for (i = 0; i < n; i++) {
		size_t at = (reverse ? n - 1 - i : i) * each;
		size_t len = size - at < each ? size - at : each;
		unsigned long where = address + at;
		unsigned char base[2] = { (unsigned char)(where >> 24),
					  (unsigned char)(where >> 16) };

		hex_record(4, 0, base, sizeof(base));
		hex_record(0, (unsigned)(where & 0xFFFF), bytes + at, len);
	}
	hex_record(1, 0, NULL, 0);
	return 0;
}

static int srec(unsigned long address)
{
	size_t size = slurp(stdin, 0), at, len, i;
	unsigned sum;

	for (at = 0; at < size; at += len, address += len) {
		len = size - at < 16 ? size - at : 16;
		sum = (unsigned)len + 5;
		for (i = 0; i < 32; i += 8)
			sum += (unsigned)(address >> i & 0xFF);
		printf("S3%02zX%08lX", len + 5, address);
		for (i = 0; i < len; sum += bytes[at + i++])
			printf("%02X", bytes[at + i]);
		printf("%02X\n", ~sum & 0xFF);
	}
	printf("S70500000000FA\n");
	return 0;
}

/* A buffer for the bytes of a file, after those of stdin. */
#define MADE (4u << 20)

static size_t made;

static void add(const void *from, size_t len)
{
	memcpy(bytes + MADE + made, from, len);
	made += len;
}

static void add_word(unsigned long value)
{
	word(MADE + made, value);
	made += 4;
}

static void add_target(unsigned long setting, unsigned long address,
		       size_t len)
{
	unsigned char name[255] = "ST...";
	unsigned char alternate = (unsigned char)setting;

	add("Target", 6);
	add(&alternate, 1);
	add_word(1);
	add(name, sizeof(name));
	add_word((unsigned long)len + 8);
	add_word(1);
	add_word(address);
	add_word((unsigned long)len);
	add(bytes, len);
}

static unsigned long crc32(const unsigned char *from, size_t len)
{
	unsigned long crc = 0xFFFFFFFF;
	size_t i, bit;

	for (i = 0; i < len; i++)
		for (crc ^= from[i], bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	return crc;
}

static int put_made(void)
{
	memmove(bytes, bytes + MADE, made);
	return put(made);
}

static int dfuse(unsigned long address, const char *setting)
{
	static const unsigned char suffix[12] = { 0, 0, 0x11, 0xDF, 0x83, 4,
						  0x1A, 1, 'U', 'F', 'D', 16 };
	size_t len = slurp(stdin, 0);

	add("DfuSe\1....", 10);
	add(setting != NULL ? "\2" : "\1", 1);
	if (setting != NULL)
		add_target(number(setting), 0x90000000, len / 2);
	add_target(0, address, len);
	word(MADE + 6, (unsigned long)made);
	add(suffix, sizeof(suffix));
	add_word(crc32(bytes + MADE, made));
	return put_made();
}

/* sum: the MD5 of all, behind its address and length, or nothing. */
static void add_block(const unsigned long head[8], size_t at, size_t len,
		      const unsigned char sum[24])
{
	unsigned char rest[476] = { 0 };
	size_t i;

	for (i = 0; i < 8; i++)
		add_word(head[i]);
	memcpy(rest, bytes + at, len);
	memcpy(rest + sizeof(rest) - 24, sum, 24);
	add(rest, sizeof(rest));
	add_word(0x0AB16F30);
}

static int uf2(unsigned long address, unsigned long family, const char *flags)
{
	size_t size = slurp(stdin, 0), at, len;
	unsigned long n = (unsigned long)(size + 255) / 256;
	unsigned char sum[24] = { 0 };
	int has_sum = flags != NULL && strcmp(flags, "md5") == 0;
	unsigned long head[8] = { 0x0A324655, 0x9E5D5157, 0x2000, address, 256,
				  0, n + (flags != NULL && !has_sum), family };

	if (has_sum) {
		head[2] |= 0x4000;
		word(MADE, address);
		word(MADE + 4, (unsigned long)size);
		memcpy(sum, bytes + MADE, 8);
		md5(bytes, size, sum + 8);
	}
	for (at = 0; at < size; at += len, head[3] += len, head[5]++) {
		len = size - at < 256 ? size - at : 256;
		head[4] = (unsigned long)len;
		add_block(head, at, len, sum);
	}
	if (flags == NULL || has_sum)
		return put_made();
	head[2] |= number(flags);
	head[3] = 0x10000000;
	add_block(head, 0, 256, sum);
	return put_made();
}

static int cut(size_t offset, size_t len)
{
	size_t size = slurp(stdin, 0);

	if (offset > size || len > size - offset)
		return 1;
	memmove(bytes, bytes + offset, len);
	return put(len);
}

/* A line of the trace has up to 16 bytes; the first line of a frame has a
 * comment after them. */
static int longest(const char *direction)
{
	char line[200];
	size_t len = 0, most = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (strncmp(line, direction, strlen(direction)) != 0)
			continue;
		if (strchr(line, '#') != NULL)
			len = 0;
		len += strcspn(line + 1, "#\t\n") / 3;
		most = len > most ? len : most;
	}
	printf("%lu\n", (unsigned long)most);
	return 0;
}

static int peek(size_t offset, size_t len)
{
	size_t size = slurp(stdin, 0), i;

	for (i = offset; i < offset + len && i < size; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
	return 0;
}

/* Exits with the status of the command. */
static int peak(const char *name, char **command)
{
	FILE *out = fopen(name, "w");
	struct rusage usage;
	pid_t child = fork();
	int status = -1;
	long kib;

	if (child == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	if (out == NULL || child < 0 || waitpid(child, &status, 0) != child ||
	    getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return 1;
	kib = usage.ru_maxrss;
#ifdef __APPLE__
	kib /= 1024;	/* macOS counts bytes */
#endif
	fprintf(out, "%ld\n", kib);
	fclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int wait_ms(unsigned long ms)
{
	struct timespec left = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	return nanosleep(&left, NULL);
}

static int interruptible(char **command)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execvp(command[0], command);
	return 127;
}

static int kill_after(unsigned long ms, char **command)
{
	pid_t pid = fork();

	if (pid < 0)
		return 1;
	if (pid == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	wait_ms(ms);
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "pattern") == 0 && argc == 4)
		return pattern(number(argv[2]), number(argv[3]));
	if (strcmp(what, "ramp") == 0 && argc == 3)
		return ramp(number(argv[2]));
	if (strcmp(what, "app") == 0 && argc == 3)
		return app(number(argv[2]));
	if (strcmp(what, "cut") == 0 && argc == 4)
		return cut(number(argv[2]), number(argv[3]));
	if (strcmp(what, "longest") == 0 && argc == 3)
		return longest(argv[2]);
	if (strcmp(what, "pad") == 0 && argc == 4)
		return pad(number(argv[2]), number(argv[3]));
	if (strcmp(what, "patch") == 0 && argc == 4)
		return patch(number(argv[2]), argv[3]);
	if (strcmp(what, "hex") == 0 && (argc == 4 || argc == 5))
		return hex(number(argv[2]), number(argv[3]), argc == 5);
	if (strcmp(what, "srec") == 0 && argc == 3)
		return srec(number(argv[2]));
	if (strcmp(what, "dfuse") == 0 && (argc == 3 || argc == 4))
		return dfuse(number(argv[2]), argv[3]);
	if (strcmp(what, "uf2") == 0 && (argc == 4 || argc == 5))
		return uf2(number(argv[2]), number(argv[3]), argv[4]);
	if (strcmp(what, "peek") == 0 && argc == 4)
		return peek(number(argv[2]), number(argv[3]));
	if (strcmp(what, "wait") == 0 && argc == 3)
		return wait_ms(number(argv[2]));
	if (strcmp(what, "interruptible") == 0 && argc > 2)
		return interruptible(argv + 2);
	if (strcmp(what, "kill-after") == 0 && argc > 3)
		return kill_after(number(argv[2]), argv + 3);
	if (strcmp(what, "peak") == 0 && argc > 3)
		return peak(argv[2], argv + 3);
	fprintf(stderr, "tool: what?\n");
	return 2;
}
