/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of parsing a file, in the format of tests/formats/expected. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/crc.h"
#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"

#define OUTCOME_MAX 1024

/* CRC of the data, padded with FF to a whole word. */
static inline uint32_t outcome_crc(const uint8_t *data, size_t len)
{
	uint8_t word[4] = { 0xFF, 0xFF, 0xFF, 0xFF };
	size_t whole = len & ~(size_t)3;
	uint32_t crc = crc_update(CRC_INIT, data, whole);

	memcpy(word, data + whole, len - whole);
	return len > whole ? crc_update(crc, word, 4) : crc;
}

static inline void outcome_segments(const struct image *image, char *text,
				    size_t room)
{
	size_t i, n = 0;

	if (image->count == 0)
		(void)snprintf(text, room, "nothing");
	for (i = 0; i < image->count && n < room; i++) {
		const struct segment *s = &image->segments[i];

		n += (size_t)snprintf(text + n, room - n, "%s%08" PRIx32
				      "+%u=%08" PRIx32, i > 0 ? " " : "",
				      s->start, (unsigned)s->len,
				      outcome_crc(s->data, s->len));
	}
}

/* Formats "parser|segments", with " (remark)" if there is one, or "parser|!
 * problem"; returns text. */
static inline const char *outcome(const char *name, const uint8_t *bytes,
				  size_t len, char text[OUTCOME_MAX])
{
	const struct parser *parser = parser_choose(name, bytes, len);
	struct image *image = NULL;
	struct problem why = { .text = "" };
	size_t at;
	int n = snprintf(text, OUTCOME_MAX, "%s|", parser->name);

	if (parser->decode(bytes, len, &image, &why) == PARSER_OK) {
		outcome_segments(image, text + n, OUTCOME_MAX - (size_t)n);
		at = strlen(text);
		if (why.text[0] != '\0')
			(void)snprintf(text + at, OUTCOME_MAX - at, " (%s)",
				       why.text);
	} else {
		(void)snprintf(text + n, OUTCOME_MAX - (size_t)n, "! %s",
			       image != NULL ? "image left behind" :
			       why.text[0] != '\0' ? why.text :
			       "no reason given");
	}
	image_free(image);
	return text;
}

#endif
