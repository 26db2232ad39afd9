/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The results of chip_identify() for simulated chips: size, bank mode and ROM
 * version, and the explanations for unknown facts.
 */
#include "flash/chip.h"

#include <stdlib.h>
#include <unistd.h>

#include "port.h"
#include "tests/unit/t.h"
#include "utils.h"

#define KIB 1024u

struct bench {
	char dir[64], nv[80];
	char said[400];		/* all texts, each followed by '|' */
	struct port *port;
	struct stm32 *stm;
	struct part part;
	volatile sig_atomic_t stop;
};

static void listen_to(void *ctx, const char *text)
{
	struct bench *b = ctx;
	size_t len = strlen(b->said);

	snprintf(b->said + len, sizeof(b->said) - len, "%s|", text);
}

/* nv: lines of the file that holds the option bytes, NULL: factory values. */
static bool begin(struct bench *b, const char *spec, const char *nv)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 2000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .stop = &b->stop,
	};
	char device[300];
	const struct port_settings settings = {
		.device = device, .baud = 115200,
		.mode = { 8, strstr(spec, "0x03") != NULL ? 'n' : 'e', 1 },
	};
	struct problem why = { "" };
	FILE *file;

	b->said[0] = '\0';
	b->stop = 0;
	remove(b->nv);
	if (nv != NULL) {
		file = fopen(b->nv, "w");
		fputs(nv, file);
		fclose(file);
	}
	snprintf(device, sizeof(device), "%s,nv=%s", spec, b->nv);
	if (CHECK(port_open(&settings, &b->port, &why) == PORT_OK) &&
	    CHECK(stm32_open(b->port, &options, &b->stm, &why) == STM32_OK))
		return true;
	printf("  %s\n", why.text);
	return false;
}

static void end(struct bench *b)
{
	stm32_close(b->stm);
	port_close(b->port);
}

static enum stm32_err identify(struct bench *b, const struct dev *dev)
{
	const struct watcher watch = { .explain = listen_to, .ctx = b };

	return chip_identify(b->stm, dev, true, &watch, &b->part);
}

static const struct chip {
	const char *spec, *nv;
	uint32_t kib;
	bool size_known;
	uint32_t page_size;	/* of the first page; 0: unknown */
	uint32_t sure_kib;
	const char *said;	/* part of the texts; NULL: nothing */
} chips[] = {
	/* size */
	{ "sim:0x410", NULL, 128, true, 1024, 128, NULL },
	{ "sim:0x410,size=64K", NULL, 64, true, 1024, 64, NULL },
	{ "sim:0x410,sizereg=128", NULL, 128, true, 1024, 128, NULL },
	{ "sim:0x410,sizereg=129", NULL, 128, false, 1024, 128, "0x0081" },
	{ "sim:0x410,sizereg=0", NULL, 128, false, 1024, 128, "0x0000" },
	{ "sim:0x410,sizereg=0xFFFF", NULL, 128, false, 1024, 128, "0xFFFF" },
	{ "sim:0x410,rdp=1", NULL, 128, false, 1024, 128,
	  "0x1ffff7e0: the command was refused (NACK); taking" },
	{ "sim:0x423,size=128K,shortread=nack", NULL, 128, true, 16384, 128,
	  NULL },
	{ "sim:0x436,sizereg=0", NULL, 384, true, 256, 384, NULL },
	{ "sim:0x436,sizereg=1", NULL, 256, true, 256, 256, NULL },
	{ "sim:0x436,sizereg=2", NULL, 384, false, 256, 384, "0x0002" },
	{ "sim:0x429,sizereg=0x1240", NULL, 64, true, 256, 64, NULL },
	{ "sim:0x429,sizereg=0x1200", NULL, 128, false, 256, 128, "0x1200" },
	{ "sim:0x03B,size=96K", NULL, 192, false, 2048, 192, "flash size" },
	/* H7: only bank 1 of two, unless there is one bank */
	{ "sim:0x450", NULL, 2048, true, 131072, 2048, NULL },
	{ "sim:0x450,size=1M", NULL, 512, true, 131072, 512, NULL },
	{ "sim:0x450,size=128K", NULL, 128, true, 131072, 128, NULL },
	{ "sim:0x480,size=1M", NULL, 512, true, 8192, 512, NULL },
	{ "sim:0x483,size=512K", NULL, 512, true, 131072, 512, NULL },
	/* two banks: the second half of a smaller part is uncertain */
	{ "sim:0x482", NULL, 2048, true, 8192, 2048, NULL },
	{ "sim:0x482,size=1M", NULL, 1024, true, 8192, 512, "bank mode" },
	{ "sim:0x430,size=768K", NULL, 768, true, 2048, 768, NULL },
	{ "sim:0x447,size=64K", NULL, 64, true, 128, 64, NULL },
	/* option bits: set as delivered, then clear */
	{ "sim:0x469", NULL, 512, true, 2048, 512, "two banks" },
	{ "sim:0x469", "bytes 0x1FFF7800 AA FF BF FF\n", 512, true, 4096, 512,
	  "one bank" },
	{ "sim:0x469,shortread=nack", "bytes 0x1FFF7800 AA FF BF FF\n", 512,
	  true, 4096, 512, "one bank" },
	{ "sim:0x469,size=256K", NULL, 256, true, 2048, 128, "two banks" },
	{ "sim:0x469,size=256K", "bytes 0x1FFF7800 AA 00 00 00\n", 256, true,
	  4096, 256, "one bank" },
	{ "sim:0x469,rdp=1", NULL, 512, false, 0, 512, "cannot be read" },
	{ "sim:0x451", NULL, 2048, true, 32768, 2048, "one bank" },
	{ "sim:0x451", "bytes 0x1FFF0008 FF DF\n", 2048, true, 16384, 2048,
	  "two banks" },
	{ "sim:0x451,size=1M", "bytes 0x1FFF0008 FF DF\n", 1024, true, 16384,
	  512, "two banks" },
	{ "sim:0x419", NULL, 2048, true, 16384, 2048, NULL },
	{ "sim:0x419,size=1M", NULL, 1024, true, 16384, 512, "two banks" },
	{ "sim:0x419,size=1M", "bytes 0x1FFFC008 FF BF\n", 1024, true, 16384,
	  1024, "one bank" },
	{ "sim:0x470", NULL, 2048, true, 4096, 2048, "two banks" },
	{ "sim:0x470", "bytes 0x1FF00000 AA FF BF FF\n", 2048, true, 8192,
	  2048, "one bank" },
	{ "sim:0x470,size=1M", NULL, 1024, true, 0, 512, "cannot be read" },
	{ "sim:0x471", "bytes 0x1FF00000 AA FF DF FF\n", 1024, true, 8192,
	  1024, "one bank" },
	{ "sim:0x471,size=512K", NULL, 512, true, 0, 256, "cannot be read" },
	{ "sim:0x472", "bytes 0x40022040 AA FF BF FF\n", 512, true, 4096, 512,
	  "one bank" },
	{ "sim:0x472,size=256K", NULL, 256, true, 0, 128, "cannot be read" },
	/* an unknown ID */
	{ "sim:0x410,pid=0x999", NULL, 0, false, 0, 0, NULL },
};

static void check_chip(struct bench *b, const struct chip *c)
{
	const struct part *part = &b->part;
	uint32_t start = part->flash.start;

	EQUAL((part->flash.end - start) / KIB, c->kib);
	EQUAL(part->size_known, c->size_known);
	EQUAL(part->pages != NULL ? part->pages->size : 0, c->page_size);
	EQUAL((part->sure_end - start) / KIB, c->sure_kib);
	if (c->said == NULL)
		TEXT(b->said, "");
	else if (!CHECK(strstr(b->said, c->said) != NULL))
		printf("  not in \"%s\": \"%s\"\n", b->said, c->said);
}

static void test_chips(struct bench *b)
{
	char about[200];
	size_t i;

	for (i = 0; i < ARRAY_LEN(chips); i++) {
		snprintf(about, sizeof(about), "%s %s", chips[i].spec,
			 chips[i].nv != NULL ? chips[i].nv : "");
		t_about(about);
		if (!begin(b, chips[i].spec, chips[i].nv))
			continue;
		EQUAL(identify(b, NULL), STM32_OK);
		check_chip(b, &chips[i]);
		end(b);
		t_about("");
	}
}

/* Reads the ROM version if a defect depends on it. */
static void test_versions(struct bench *b)
{
	static const struct {
		const char *spec;
		int id;
		bool one_page;
	} cases[] = {
		{ "sim:0x460,blid=0xB3", 0xB3, true },
		{ "sim:0x460,blid=0xB2", 0xB2, false },
		{ "sim:0x460,blid=0xB3,shortread=nack", 0xB3, true },
		{ "sim:0x460,blid=0xB3,rdp=1", -1, false },
		{ "sim:0x467,blid=0xD0", 0xD0, true },
		{ "sim:0x450,blid=0x91", 0x91, false },
		/* defects in unused commands, or none */
		{ "sim:0x456,blid=0x51", -1, false },
		{ "sim:0x461,blid=0x93", -1, false },
		{ "sim:0x413,blid=0x91", -1, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].spec);
		if (!begin(b, cases[i].spec, NULL))
			continue;
		EQUAL(identify(b, NULL), STM32_OK);
		EQUAL(b->part.bootloader_id, cases[i].id);
		EQUAL(part_has_defect(&b->part, &b->part.dev.erase_one_page),
		      cases[i].one_page);
		end(b);
	}
}

/* The row that the user demands is used; the chip's own facts stay known. */
static void test_other_row(struct bench *b)
{
	struct dev dev;

	t_about("another row");
	if (!begin(b, "sim:0x413,pid=0x999,size=512K", NULL))
		return;
	CHECK(dev_find(0x413, &dev));
	EQUAL(identify(b, &dev), STM32_OK);
	CHECK(b->part.dev.id == 0x413 && b->part.known);
	EQUAL(b->part.id, 0x999);
	EQUAL(b->part.flash.end, 0x08080000);
	EQUAL(identify(b, NULL), STM32_OK);
	CHECK(!b->part.known && b->part.dev.id == 0);
	EQUAL(b->part.id, 0x999);
	end(b);
}

/* A part that accepts only short blocks gets no longer ones. */
static void test_transfer(struct bench *b)
{
	t_about("short blocks");
	if (!begin(b, "sim:0x504D4836", NULL))
		return;
	EQUAL(identify(b, NULL), STM32_OK);
	EQUAL(stm32_max_read(b->stm), 240);
	EQUAL(stm32_max_write(b->stm), 128);
	end(b);
}

/* Besides a failed port, only a stop ends it. */
static void test_stop(struct bench *b)
{
	t_about("stopped");
	if (!begin(b, "sim:0x469", NULL))
		return;
	b->stop = 1;
	EQUAL(identify(b, NULL), STM32_STOPPED);
	end(b);
}

int main(void)
{
	struct bench b = { .dir = "/tmp/stm32flash-chip-XXXXXX" };

	if (mkdtemp(b.dir) == NULL) {
		perror(b.dir);
		return 1;
	}
	snprintf(b.nv, sizeof(b.nv), "%s/nv", b.dir);
	test_chips(&b);
	test_versions(&b);
	test_other_row(&b);
	test_transfer(&b);
	test_stop(&b);
	remove(b.nv);
	rmdir(b.dir);
	return t_done();
}
