/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces the fuzzing engine: runs every file on the command line through the
 * target it is linked with. A file that makes the target abort ends the
 * program; its name is printed before.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__has_feature)
#define HAS(feature) __has_feature(feature)
#else
#define HAS(feature) 0
#endif

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay(const char *name)
{
	/* A block of exactly the file's size, so that a sanitizer detects
	 * reads past its end. */
	static uint8_t buffer[1 << 20];
	FILE *file = fopen(name, "rb");
	uint8_t *bytes;
	size_t i, len;

	if (file == NULL)
		return 1;
	len = fread(buffer, 1, sizeof(buffer), file);
	if (fclose(file) != 0)
		return 1;
	bytes = malloc(len > 0 ? len : 1);
	if (bytes == NULL)
		return 1;
	for (i = 0; i < len; i++)
		bytes[i] = buffer[i];
	(void)LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	int i, failed = 0;

#if !defined(__SANITIZE_ADDRESS__) && !HAS(address_sanitizer)
	printf("no sanitizers\n");
#endif
	for (i = 1; i < argc; i++) {
		fprintf(stderr, "%s\n", argv[i]);
		if (replay(argv[i]) == 0)
			continue;
		fprintf(stderr, "cannot read %s\n", argv[i]);
		failed++;
	}
	printf("%d passed, %d failed\n", argc - 1 - failed, failed);
	return failed == 0 && argc > 1 ? 0 : 1;
}
