/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run from the top of the source tree: reads tests/formats. */
#include <stdlib.h>

#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"
#include "tests/formats/outcome.h"
#include "tests/unit/t.h"
#include "utils.h"

#define FORMATS "tests/formats/"

/* A growing text, and a sink that stops after some calls. */
struct text {
	char bytes[65536];
	size_t len;
	unsigned calls, most;	/* most 0: no limit */
};

static bool put_text(void *ctx, const void *bytes, size_t len)
{
	struct text *text = ctx;

	text->calls++;
	if (text->most != 0 && text->calls > text->most)
		return false;
	if (len > sizeof(text->bytes) - text->len)
		return false;
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	return true;
}

/* Returns the bytes of a file in a block of exactly that size, or NULL. */
static uint8_t *read_file(const char *name, size_t *len)
{
	static uint8_t buffer[8192];
	char path[256];
	uint8_t *bytes;
	FILE *file;

	(void)snprintf(path, sizeof(path), FORMATS "%s", name);
	file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	*len = fread(buffer, 1, sizeof(buffer), file);
	(void)fclose(file);
	bytes = malloc(*len > 0 ? *len : 1);
	if (bytes != NULL && *len > 0)
		memcpy(bytes, buffer, *len);
	return bytes;
}

static void check_line(char *line)
{
	char *bar = strchr(line, '|');
	char text[OUTCOME_MAX];
	uint8_t *bytes;
	size_t len;

	line[strcspn(line, "\r\n")] = '\0';
	if (!CHECK(bar != NULL))
		return;
	*bar = '\0';
	t_about(line);
	bytes = read_file(line, &len);
	if (!CHECK(bytes != NULL))
		return;
	TEXT(outcome(line, bytes, len, text), bar + 1);
	free(bytes);
}

static void test_corpus(void)
{
	FILE *list = fopen(FORMATS "expected", "r");
	char line[OUTCOME_MAX];
	unsigned files = 0;

	if (!CHECK(list != NULL))
		return;
	while (fgets(line, sizeof(line), list) != NULL) {
		if (line[0] == '#' || line[0] == '\n' || line[0] == '\r')
			continue;
		check_line(line);
		files++;
	}
	(void)fclose(list);
	t_about("");
	CHECK(files >= 230);
}

static void test_choose(void)
{
	static const struct {
		const char *name, *head;
		const struct parser *parser;
	} rows[] = {
		{ NULL, ":020000040800F2\n", &parser_hex },
		{ NULL, " \r\n\t:02", &parser_hex },
		{ NULL, ":", &parser_hex },
		{ NULL, "junk\n:020000040800F2\n", &parser_hex },
		{ NULL, "junk :020000040800F2\n", &parser_binary },
		{ NULL, "junk\n:0200 0004", &parser_binary },
		{ NULL, ":\001\002\003", &parser_binary },
		{ NULL, "S00600004844521B\n", &parser_srec },
		{ NULL, "S1", &parser_srec },
		{ NULL, "S", &parser_binary },
		{ NULL, "Some text\n", &parser_binary },
		{ NULL, "x\rS107010001020304ED\r", &parser_srec },
		{ NULL, "\177ELF", &parser_elf },
		{ NULL, "\177EL", &parser_binary },
		{ NULL, "", &parser_binary },
		{ "a.hex", "", &parser_hex },
		{ "a.HEX", "junk", &parser_hex },
		{ "dir.bin/a.ihex", "junk", &parser_hex },
		{ "dir.hex/a", "junk", &parser_binary },
		{ "dir.hex\\a", "junk", &parser_binary },
		{ "hex", "junk", &parser_binary },
		{ "a.hex.bin", "junk", &parser_binary },
		{ "a.he", "junk", &parser_binary },
		{ "a.hexx", "junk", &parser_binary },
		{ "a.", "junk", &parser_binary },
		{ "a.ihx", "junk", &parser_hex },
		{ "a.s19", "junk", &parser_srec },
		{ "a.S37", "junk", &parser_srec },
		{ "a.mot", "junk", &parser_srec },
		{ "a.srec", "junk", &parser_srec },
		{ "a.elf", "junk", &parser_elf },
		{ "a.AXF", "junk", &parser_elf },
		{ "a.dfu", "junk", &parser_dfu },
		{ "a.uf2", "junk", &parser_uf2 },
		{ NULL, "DfuSe", &parser_dfu },
		{ NULL, "DfuS", &parser_binary },
		{ NULL, "DfuSE\1\1\1\1\1\1Target", &parser_dfu },
		{ NULL, "DfuSE\1\1\1\1\1\1Targe", &parser_binary },
		{ NULL, "UF2\nWQ]\236", &parser_uf2 },
		{ NULL, "UF2\nWQ]", &parser_binary },
		{ NULL, "UF2\nwq]\236", &parser_uf2 },
		{ NULL, "uf2\nWQ]\236", &parser_uf2 },
		{ NULL, "uf2\nwq]\236", &parser_binary },
		{ NULL, "\n<HTML>", &parser_alien },
		{ "a.hex", "<!doctype HTML>", &parser_alien },
		{ "a.bin", "text <html>", &parser_binary },
		{ NULL, "PK\3\4", &parser_alien },
		{ NULL, "PK\3", &parser_binary },
		{ NULL, " PK\3\4", &parser_binary },
		{ NULL, "\377\376", &parser_binary },
		{ NULL, "# x\n; y\n:020000040800F2\n", &parser_hex },
		{ NULL, "// x\ns1", &parser_binary },
		{ NULL, "// x\ns107010001020304ED", &parser_srec },
		{ "a.elf", ":020000040800F2\n", &parser_hex },
		{ "a.bin", "\177ELF", &parser_elf },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const uint8_t *head = (const uint8_t *)rows[i].head;

		t_about(rows[i].name != NULL ? rows[i].name : rows[i].head);
		TEXT(parser_choose(rows[i].name, head,
				   strlen(rows[i].head))->name,
		     rows[i].parser->name);
	}
	t_about("");
	CHECK(parser_by_option("hex") == &parser_hex);
	CHECK(parser_by_option("srec") == &parser_srec);
	CHECK(parser_by_option("bin") == &parser_binary);
	CHECK(parser_by_option("elf") == NULL);
	CHECK(parser_by_option("") == NULL);
	CHECK(parsers[parser_count - 1] == &parser_binary);
}

/* Two segments; the second crosses a 64 KiB boundary, with a gap before it. */
static struct image *sample(void)
{
	struct image *image = image_new();
	uint8_t bytes[24];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	EQUAL(image_add(image, 0x0800FFFC, bytes, 20, 1), IMAGE_OK);
	EQUAL(image_add(image, 0x0800FFEE, bytes + 20, 4, 1), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	return image;
}

static const char sample_hex[] =
	":020000040800F2\n"
	":02FFEE001415E8\n"
	":02FFF0001617E2\n"
	":04FFFC0000010203FB\n"
	":020000040801F1\n"
	":100000000405060708090A0B0C0D0E0F1011121338\n"
	":00000001FF\n";

static const char sample_srec[] =
	"S0030000FC\n"
	"S3090800FFEE14151617AB\n"
	"S3150800FFFC000102030405060708090A0B0C0D0E0F6F\n"
	"S3090801000C101112139B\n"
	"S5030003F9\n"
	"S70500000000FA\n";

static void test_writers(void)
{
	static const struct {
		const struct parser *parser;
		const char *text;
	} rows[] = { { &parser_hex, sample_hex }, { &parser_srec, sample_srec },
	};
	static struct text text;
	struct parser_sink sink = { .put = put_text, .ctx = &text };
	struct image *image = sample();
	unsigned calls;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		memset(&text, 0, sizeof(text));
		t_about(rows[i].parser->name);
		CHECK(rows[i].parser->encode(image, &sink));
		TEXT(text.bytes, rows[i].text);
		/* A full disk at any point is reported. */
		for (calls = text.calls - 1; calls > 0; calls--) {
			memset(&text, 0, sizeof(text));
			text.most = calls;
			CHECK(!rows[i].parser->encode(image, &sink));
		}
	}
	t_about("");
	memset(&text, 0, sizeof(text));
	CHECK(parser_binary.encode(image, &sink));
	EQUAL(text.len, 34);
	BYTES(text.bytes, "\024\025\026\027\377\377\377\377\377\377\377\377"
	      "\377\377\000\001", 16);
	text.most = text.calls;
	CHECK(!parser_binary.encode(image, &sink));
	image_free(image);
}

static bool same_image(const struct image *a, const struct image *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		const struct segment *s = &a->segments[i];
		const struct segment *t = &b->segments[i];

		if (s->start != t->start || s->len != t->len ||
		    memcmp(s->data, t->data, s->len) != 0)
			return false;
	}
	return true;
}

/* Decodes; true if refused with a reason, or equal to image. */
static bool refused_or_same(const struct parser *parser, const char *text,
			    size_t len, const struct image *image)
{
	struct image *got = NULL;
	struct problem why = { .text = "" };
	bool same;

	if (parser->decode((const uint8_t *)text, len, &got, &why) !=
	    PARSER_OK)
		return got == NULL && why.text[0] != '\0';
	same = same_image(got, image);
	image_free(got);
	return same;
}

/* Changes each byte of a text of records to every other value: detected or
 * harmless. skip_type: no checksum covers the type of an S-record. */
static void test_every_change(const struct parser *parser, const char *good,
			      bool skip_type)
{
	struct image *image = sample(), *decoded;
	size_t at, len = strlen(good);
	char text[512];
	unsigned c;

	EQUAL(parser->decode((const uint8_t *)good, len, &decoded, NULL),
	      PARSER_OK);
	CHECK(same_image(decoded, image));
	image_free(decoded);
	memcpy(text, good, len);
	for (at = 0; at < len; at++) {
		if (skip_type && at > 0 && text[at - 1] == 'S')
			continue;
		for (c = 0; c < 256; c++) {
			text[at] = (char)c;
			if (!CHECK(refused_or_same(parser, text, len, image)))
				printf("  byte %u at %u\n", c, (unsigned)at);
		}
		text[at] = good[at];
	}
	image_free(image);
}

/* A file that ends early is refused, wherever it ends. */
static void test_every_cut(const struct parser *parser, const uint8_t *bytes,
			   size_t whole)
{
	struct image *image;
	size_t len;

	for (len = 0; len < whole; len++) {
		struct problem why = { .text = "" };
		uint8_t *cut = malloc(len + 1);

		memcpy(cut, bytes, len);
		if (!CHECK(parser->decode(cut, len, &image, &why) ==
			   PARSER_DAMAGED))
			printf("  cut to %u of %u\n", (unsigned)len,
			       (unsigned)whole);
		CHECK(image == NULL && why.text[0] != '\0');
		free(cut);
	}
	EQUAL(parser->decode(bytes, whole, &image, NULL), PARSER_OK);
	image_free(image);
}

/* Returns a file that the parser accepts, in a block of its own. */
static uint8_t *decoded_file(const struct parser *parser, const char *name,
			     size_t *len, struct image **image)
{
	uint8_t *bytes = read_file(name, len);

	t_about(name);
	*image = NULL;
	if (CHECK(bytes != NULL))
		EQUAL(parser->decode(bytes, *len, image, NULL), PARSER_OK);
	return bytes;
}

/* Whether nothing in the file checks this byte. change: the bits of the byte at
 * this place that are inverted. */
typedef bool unknown_fn(const uint8_t *bytes, size_t at, unsigned change);

/* Each byte changed to any other; the content alone still tells the format. */
static void test_file_changes(const struct parser *parser, const char *name,
			      unknown_fn *unknown)
{
	struct image *image;
	size_t len, at;
	uint8_t *bytes = decoded_file(parser, name, &len, &image);
	unsigned c;

	for (at = 0; image != NULL && at < len; at++) {
		for (c = 1; c < 256; c++) {
			if ((unknown != NULL && unknown(bytes, at, c)) ||
			    t_left_out(31))
				continue;
			bytes[at] ^= (uint8_t)c;
			if (!CHECK(parser_choose(NULL, bytes, len) == parser &&
				   refused_or_same(parser, (char *)bytes, len,
						   image)))
				printf("  byte %02X at %u\n", bytes[at],
				       (unsigned)at);
			bytes[at] ^= (uint8_t)c;
		}
	}
	image_free(image);
	free(bytes);
}

/* UF2 without an MD5 checks neither address, length and data of a block, nor
 * the flags that leave it out (not main flash, file container). Magic numbers,
 * block numbers and family are checked; the rest has no effect. */
static bool unknown_in_uf2(const uint8_t *bytes, size_t at, unsigned change)
{
	const uint8_t *block = bytes + at / 512 * 512;

	at %= 512;
	return (at == 8 && (change & 0x01)) || (at == 9 && (change & 0x10)) ||
	       (at >= 12 && at < 20) ||
	       (at >= 32 && at < 32 + get_le32(block + 16));
}

/* With an MD5 for each block: a block loses its MD5 and is left out, both. */
static bool unknown_in_blocks(const uint8_t *bytes, size_t at, unsigned change)
{
	(void)bytes;
	return at % 512 == 9 && (change & 0x50) == 0x50;
}

static void test_binary_changes(void)
{
	test_file_changes(&parser_dfu, "good/two-settings.dfu", NULL);
	test_file_changes(&parser_uf2, "good/f1.uf2", unknown_in_uf2);
	test_file_changes(&parser_uf2, "cases/image.uf2", unknown_in_uf2);
	test_file_changes(&parser_uf2, "good/md5.uf2", NULL);
	test_file_changes(&parser_uf2, "good/md5-each.uf2", unknown_in_blocks);
	t_about("");
}

static void test_cuts(void)
{
	static const struct {
		const char *name;
		const struct parser *parser;
	} files[] = {
		{ "good/segments.elf", &parser_elf },
		{ "good/sections.elf", &parser_elf },
		{ "cases/keil-rw20000000.axf", &parser_elf },
		{ "good/one.dfu", &parser_dfu },
		{ "good/two-settings.dfu", &parser_dfu },
		{ "good/f1.uf2", &parser_uf2 },
		{ "cases/image.uf2", &parser_uf2 },
		{ "good/md5.uf2", &parser_uf2 },
		{ "good/md5-each.uf2", &parser_uf2 },
	};
	size_t i, len;

	/* A missing line end at the end of the file is allowed; so is an
	 * S-record file that ends after its count. */
	t_about("hex");
	test_every_cut(&parser_hex, (const uint8_t *)sample_hex,
		       strlen(sample_hex) - 1);
	t_about("srec");
	test_every_cut(&parser_srec, (const uint8_t *)sample_srec,
		       (size_t)(strstr(sample_srec, "S5") - sample_srec) + 10);
	for (i = 0; i < ARRAY_LEN(files); i++) {
		uint8_t *bytes = read_file(files[i].name, &len);

		t_about(files[i].name);
		if (CHECK(bytes != NULL))
			test_every_cut(files[i].parser, bytes, len);
		free(bytes);
	}
	t_about("");
}

/* Random images through every writer and back. */
static void test_round_trip(uint32_t seed)
{
	static const struct parser *const both[] = { &parser_hex,
						     &parser_srec };
	static struct text text;
	struct parser_sink sink = { .put = put_text, .ctx = &text };
	struct image *image = image_new(), *again;
	uint8_t bytes[300];
	uint32_t at = 0xFFF0 + seed;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((i * seed) >> 3);
	for (i = 0; i < 10; i++) {
		size_t len = (i * seed * 37) % sizeof(bytes);

		EQUAL(image_add(image, at, bytes, len, 1), IMAGE_OK);
		at += (uint32_t)len + (uint32_t)(i * i * i) * seed * 97;
	}
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	for (i = 0; i < ARRAY_LEN(both); i++) {
		memset(&text, 0, sizeof(text));
		CHECK(both[i]->encode(image, &sink));
		CHECK(parser_choose(NULL, (uint8_t *)text.bytes, text.len) ==
		      both[i]);
		EQUAL(both[i]->decode((uint8_t *)text.bytes, text.len, &again,
				      NULL), PARSER_OK);
		CHECK(same_image(again, image));
		image_free(again);
	}
	image_free(image);
}

/* Only a raw file has no addresses. */
static void test_addresses(void)
{
	struct image *image;

	EQUAL(parser_hex.decode((const uint8_t *)sample_hex,
				strlen(sample_hex), &image, NULL), PARSER_OK);
	CHECK(image->has_addresses);
	image_free(image);
	EQUAL(parser_binary.decode((const uint8_t *)"ab", 2, &image, NULL),
	      PARSER_OK);
	CHECK(!image->has_addresses);
	image_free(image);
	EQUAL(parser_elf.decode((const uint8_t *)"\177ELF", 4, &image, NULL),
	      PARSER_DAMAGED);
}

/* Keeps the type of the first record that is not data: the count. */
static bool put_nothing(void *ctx, const void *bytes, size_t len)
{
	char *last = ctx;

	if (len == 2 && memcmp(bytes, "S", 1) == 0 &&
	    ((const char *)bytes)[1] > '3' && last[0] == '\0')
		last[0] = ((const char *)bytes)[1];
	return true;
}

/* More data records than a 16-bit count can hold. */
static void test_large_count(void)
{
	const size_t len = (size_t)16 * 0x10000;
	char kind[1] = "";
	struct parser_sink sink = { .put = put_nothing, .ctx = kind };
	uint8_t *bytes = calloc(1, len);
	struct image *image = image_new();

	EQUAL(image_add(image, 0, bytes, len, 1), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	CHECK(parser_srec.encode(image, &sink));
	EQUAL(kind[0], '6');
	image_free(image);
	free(bytes);
}

int main(void)
{
	uint32_t seed;

	test_corpus();
	test_choose();
	test_writers();
	test_every_change(&parser_hex, sample_hex, false);
	test_every_change(&parser_srec, sample_srec, true);
	test_cuts();
	test_binary_changes();
	for (seed = 1; seed <= 20; seed++)
		test_round_trip(seed);
	test_addresses();
	test_large_count();
	return t_done();
}
