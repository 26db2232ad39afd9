/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump file         the parser and the segments of a file, as in `expected`
 * dump -b XX file   the image as one binary, gaps filled with the byte XX
 * dump -w hex file  the image in another format: hex, srec, bin
 *
 * Only for tests: shows how the program reads a file, without a device.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"
#include "tests/formats/outcome.h"

static uint8_t *read_file(const char *name, size_t *len)
{
	const size_t room = (size_t)64 << 20;
	uint8_t *bytes = malloc(room);
	FILE *file = fopen(name, "rb");

	*len = 0;
	if (file == NULL || bytes == NULL) {
		perror(name);
		exit(1);
	}
	*len = fread(bytes, 1, room, file);
	if (fclose(file) != 0)
		exit(1);
	return bytes;
}

static int write_filled(const struct image *image, const char *fill)
{
	uint8_t value = (uint8_t)strtoul(fill, NULL, 16), byte;
	uint64_t at, end = image_end(image);

	for (at = image_start(image); at < end; at++) {
		(void)image_copy(image, (uint32_t)at, &byte, 1, value);
		if (putchar(byte) == EOF)
			return 1;
	}
	return 0;
}

static bool put_stdout(void *ctx, const void *bytes, size_t len)
{
	(void)ctx;
	return fwrite(bytes, 1, len, stdout) == len;
}

static int write_as(const struct image *image, const char *option)
{
	const struct parser *parser = parser_by_option(option);
	struct parser_sink sink = { .put = put_stdout };

	return parser != NULL && parser->encode(image, &sink) ? 0 : 1;
}

/* option is -b or -w, argument the filler or the format. */
static int convert(const char *option, const char *argument, const char *name,
		   const uint8_t *bytes, size_t len)
{
	const struct parser *parser = parser_choose(name, bytes, len);
	struct image *image;
	struct problem why;
	int status;

	if (parser->decode(bytes, len, &image, &why) != PARSER_OK) {
		fprintf(stderr, "%s:%s\n", name, why.text);
		return 1;
	}
	if (strcmp(option, "-b") == 0)
		status = write_filled(image, argument);
	else
		status = write_as(image, argument);
	image_free(image);
	return fflush(stdout) == 0 ? status : 1;
}

int main(int argc, char **argv)
{
	const char *name = argv[argc - 1];
	char text[OUTCOME_MAX];
	uint8_t *bytes;
	size_t len;
	int status = 0;

	if (argc != 2 && argc != 4)
		return 2;
	bytes = read_file(name, &len);
	if (argc == 4)
		status = convert(argv[1], argv[2], name, bytes, len);
	else
		printf("%s|%s\n", name, outcome(name, bytes, len, text));
	free(bytes);
	return status;
}
