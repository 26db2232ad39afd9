/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "sim:..." as text, and its files. */
#include "tests/unit/sim_script.h"

static const struct {
	const char *spec;
	const char *problem;	/* NULL: accepted; else a part of the message */
} specs[] = {
	{ "sim:0x410", NULL },
	{ "0x410", NULL },
	{ "sim:F103", "F103" },	/* no name in the table */
	{ "sim:STM32F40xxx/41xxx", NULL },
	{ "sim:i2c:0x440,addr=0x41", NULL },
	{ "sim:i2c:0x440", "has no I2C; give it an address with addr=" },
	{ "sim:i2c:0x448", NULL },
	{ "sim:i2c:0x448,i2c=0x12,nostretch=0,giveup=500,i2ctimeout=100,busy=0,"
	  "stretchbusy=1,nackbusy=1,nackaddr=1+20", NULL },
	{ "sim:i2c:0x448,nostretch=2", "nostretch=2: not a value" },
	{ "sim:i2c:0x448,nackaddr=0", "nackaddr=0: not a value" },
	{ "sim:i2c:0x448,nackaddr=1+", "not a value" },
	{ "sim:i2c:0x448,addr=0x78", "not a value" },
	{ "sim:", "\"\" is no product ID" },
	{ "sim:0x999", "\"0x999\" is no product ID" },
	{ "sim:F103", "\"F103\" is the name of 7 parts; give a product ID" },
	{ "sim:0x410,", "expected key=value" },
	{ "sim:0x410,size", "size: expected key=value" },
	{ "sim:0x410,siz=64K", "siz: no such key" },
	{ "sim:0x410,size=64K", NULL },
	{ "sim:0x410,size=0x8000", NULL },
	{ "sim:0x410,size=0", "size=0: not a value" },
	{ "sim:0x410,size=K", "size=K: not a value" },
	{ "sim:0x410,size=8192M", "not a value" },	/* too large */
	{ "sim:0x410,size=-1", "not a value" },
	{ "sim:0x410,rdp=3", "rdp=3: not a value" },
	{ "sim:0x410,wrp=0+255", NULL },
	{ "sim:0x410,wrp=512", "not a value" },
	{ "sim:0x410,wrp=1+", "not a value" },
	{ "sim:0x410,extra=50+51", NULL },
	{ "sim:0x410,extra=5", "not a value" },
	{ "sim:0x410,erase=45", "not a value" },
	{ "sim:0x410,checksum=3", "not a value" },
	{ "sim:0x410,parity=x", "not a value" },
	{ "sim:0x410,parity=even", "not a value" },
	{ "sim:0x410,drop=1e-4,flip.out=0.5,insert.in=1", NULL },
	{ "sim:0x410,drop=1.5", "not a value" },
	{ "sim:0x410,drop=-0", "not a value" },
	{ "sim:0x410,drop=0x1p-3", "not a value" },
	{ "sim:0x410,drop=", "not a value" },
	{ "sim:0x410,drop.both=1", "no such key" },
	{ "sim:0x410,nack=write:5,nack=read:1:2,lostack=erase:1", NULL },
	{ "sim:0x410,nack=get:1,nack=version:1,nack=id:1,nack=part:1,nack=read:1,"
	  "nack=go:1,nack=write:1,nack=erase:1,nack=wprotect:1,"
	  "nack=wunprotect:1,nack=rprotect:1,nack=runprotect:1,"
	  "nack=checksum:1,nack=special:1,nack=xspecial:1,nack=access:1", NULL },
	{ "sim:0x410,nack=write", "nack=write: not a value" },
	{ "sim:0x410,nack=writ:1", "not a value" },
	{ "sim:0x410,nack=write:0", "not a value" },
	{ "sim:0x410,nack=write:1:", "not a value" },
	{ "sim:0x410,boot0=dtr,reset=-rts", NULL },
	{ "sim:0x410,reset=brk,capacitor=1,crossed=1,asserted=1", NULL },
	{ "sim:0x410,boot0=brk", "not a value" },
	{ "sim:0x410,reset=-brk", "not a value" },
	{ "sim:0x410,capacitor=2", "not a value" },
	{ "sim:0x410,knock=boot@57600", NULL },
	{ "sim:0x410,knock=a@b@9600", NULL },
	{ "sim:0x410,knock=@1200", NULL },
	{ "sim:0x410,knock=boot", "not a value" },
	{ "sim:0x410,knock=boot@", "not a value" },
	{ "sim:0x410,knock=boot@0", "not a value" },
	{ "sim:0x410,knock=boot@96oo", "not a value" },
	{ "sim:0x410,boot0=2", "not a value" },
	{ "sim:0x410,reset=1", "not a value" },
	{ "sim:0x410,echo=yes", "not a value" },
	{ "sim:0x410,file=", "not a value" },
	{ "sim:0x410,overrun=0", NULL },
	{ "sim:0x410,overrun=23.65:40", NULL },
	{ "sim:0x410,overrun=", "overrun=: not a value" },
	{ "sim:0x410,overrun=-1", "not a value" },
	{ "sim:0x410,overrun=1e7", "not a value" },
	{ "sim:0x410,overrun=1:", "not a value" },
	{ "sim:0x410,overrun=1:x", "not a value" },
	{ "sim:0x410,overrun=1x", "not a value" },
};

static void test_parse(void)
{
	struct sim_config config;
	struct problem why;
	size_t i;

	for (i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		t_about(specs[i].spec);
		why.text[0] = '\0';
		EQUAL(sim_parse(specs[i].spec, &config, &why),
		      specs[i].problem == NULL);
		if (specs[i].problem != NULL &&
		    !CHECK(strstr(why.text, specs[i].problem) != NULL))
			printf("  %s\n", why.text);
	}
	t_about("17 faults");
	CHECK(!sim_parse("0x410,nack=get:1,nack=get:1,nack=get:1,nack=get:1,"
			 "nack=get:1,nack=get:1,nack=get:1,nack=get:1,"
			 "nack=get:1,nack=get:1,nack=get:1,nack=get:1,"
			 "nack=get:1,nack=get:1,nack=get:1,nack=get:1,"
			 "nack=get:1", &config, &why));
}

static void test_values(void)
{
	struct sim_config config;
	struct problem why;

	t_about("values");
	if (!CHECK(sim_parse("sim:i2c:0x440,addr=0x41,size=16K,bl=0x20,"
			     "wrp=0+9,extra=50+aB,flip=0.25,drop.out=0.5,"
			     "lostack=write:3,silent=get:1:1,boot0=-rts,"
			     "chatter=a b", &config, &why)))
		return;
	CHECK(config.framed);
	EQUAL(config.i2c_address, 0x41);
	EQUAL(config.size, 16384);
	EQUAL(config.version, 0x20);
	EQUAL(config.wrp[0], 1);
	EQUAL(config.wrp[1], 2);
	EQUAL(config.extra_count, 2);
	EQUAL(config.extra[1], 0xAB);
	CHECK(config.noise.flip[SIM_IN] > 0.24);
	CHECK(config.noise.flip[SIM_OUT] > 0.24);
	CHECK(config.noise.drop[SIM_IN] < 0.01);
	EQUAL(config.fault_count, 2);
	EQUAL(config.faults[0].command, SIM_WRITE);
	EQUAL(config.faults[0].nth, 3);
	EQUAL(config.faults[0].phase, SIM_PHASE_LAST);
	EQUAL(config.faults[1].phase, 1);
	EQUAL(config.boot0_wire.line, PORT_LINE_RTS);
	CHECK(config.boot0_wire.inverted);
	TEXT(config.chatter, "a b");
	EQUAL(config.parity, 'e');
}

/* Specifications that sim_new() refuses. */
static void test_unfit(void)
{
	static const struct {
		const char *spec, *problem;
	} cases[] = {
		{ "sim:0x410,size=256K", "the largest" },
		{ "sim:0x410,size=1500", "inside a page" },
		{ "sim:0x413,size=80K", "inside a page" },
		{ "sim:0x410,file=/", "sim: /: " },
	};
	struct sim_config config;
	struct problem why;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t_about(cases[i].spec);
		if (!CHECK(sim_parse(cases[i].spec, &config, &why)))
			continue;
		CHECK(sim_new(&config, &why) == NULL);
		if (!CHECK(strstr(why.text, cases[i].problem) != NULL))
			printf("  %s\n", why.text);
	}
}

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "rb");
	size_t len = 0;

	text[0] = '\0';
	if (CHECK(file != NULL)) {
		len = fread(text, 1, size - 1, file);
		text[len] = '\0';
		(void)fclose(file);
	}
	return len;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	if (CHECK(file != NULL)) {
		CHECK(fputs(text, file) >= 0);
		CHECK(fclose(file) == 0);
	}
}

static const char *const paths[SIM_FILES] = {
	"test_sim_flash.tmp", "test_sim_nv.tmp", "test_sim_log.tmp",
	"test_sim_stats.tmp"
};

#define FILES "file=test_sim_flash.tmp,nv=test_sim_nv.tmp," \
	"log=test_sim_log.tmp,stats=test_sim_stats.tmp"

static void remove_files(void)
{
	size_t i;

	for (i = 0; i < SIM_FILES; i++)
		(void)remove(paths[i]);
}

static void check_files(const char *log)
{
	char text[40000];

	EQUAL(read_file(paths[SIM_FILE_FLASH], text, sizeof(text)), 16384);
	BYTES(text, "\x01\x02\x03\x04\xFF\xFF", 6);
	(void)read_file(paths[SIM_FILE_LOG], text, sizeof(text));
	TEXT(text, log);
	(void)read_file(paths[SIM_FILE_STATS], text, sizeof(text));
	CHECK(strstr(text, "granules_programmed 2\n") != NULL);
	CHECK(strstr(text, "granules_refused 1\n") != NULL);
	CHECK(strstr(text, "command_31 4\n") != NULL);
	(void)read_file(paths[SIM_FILE_NV], text, sizeof(text));
	CHECK(strstr(text, "rdp 0\nwrp 02\n") != NULL);
	CHECK(strstr(text, "bytes 0x1FFFF800 A5 5A ") != NULL);
}

static void test_files(void)
{
	remove_files();
	script_run("a first run", "sim:0x410,size=16K," FILES,
		   "> 7F\n< 79\n"
		   "> 43 BC\n< 79\n> 00 03 03\n< 79\n"
		   "> 43 BC\n< 79\n> FF 00\n< 79\n"
		   "> 31 CE\n< 79\n> 08 00 00 00 *\n< 79\n"
		   "> 03 01 02 03 04 *\n< 79\n"
		   "> 31 CE\n< 79\n> 08 00 00 02 *\n< 79\n> 01 05 06 *\n< 79\n"
		   "> 31 CE\n< 79\n> 20 00 02 00 *\n< 79\n> 00 05 *\n< 79\n"
		   "> 31 CE\n< 79\n> 1F FF F8 00 *\n< 79\n> 01 A5 5A *\n< 79\n"
		   "> 7F\n< 79\n> 63 9C\n< 79\n> 00 02 02\n< 79\n");
	t_about("its files");
	check_files("sync\nerase page 3\nerase mass\nprogram 0x08000000+4\n"
		    "program 0x08000002+4\n"
		    "refused 0x08000002 (not erased)\n"
		    "store 0x20000200+4\noption 0x1FFFF800+2\nreset\n"
		    "sync\nreset\nwrp 02\n");
	script_run("a second run", "sim:0x410,size=16K," FILES ",synced=1",
		   "= 08000000 01 02 03 04\n= 1FFFF800 A5 5A\n"
		   "> 31 CE\n< 79\n> 08 00 20 00 *\n< 79\n"
		   "> 03 01x4 *\n< 79\n= 08002000 FFx4\n");
	remove_files();
}

static void test_eeprom_file(void)
{
	remove_files();
	script_run("option bytes with a protection", "sim:0x460," FILES,
		   "> 7F\n< 79\n> 63 9C\n< 79\n> 01 02 04 *\n< 79\n");
	script_run("protect again", "sim:0x460," FILES ",synced=1",
		   "= 1FFF7818 82 FF 84 FF\npoke 08001000 00\n"
		   "> 44 BB\n< 79\n> 00 00 00 02 *\n< 79\n= 08001000 00\n");
	remove_files();
	script_run("EEPROM and protection", "sim:0x447,rdp=1," FILES,
		   "poke 08080010 01 02 03\n");
	script_run("are kept", "sim:0x447," FILES ",synced=1",
		   "= 08080010 01 02 03 00\n> 11 EE\n< 1F 1F\n");
	remove_files();
}

static void test_bad_files(void)
{
	static const struct {
		enum sim_file which;
		const char *text, *problem;
	} cases[] = {
		{ SIM_FILE_FLASH, "short", "must hold the 131072 bytes" },
		{ SIM_FILE_NV, "# x\n\nrdp 4\n", "nv.tmp:3: not a line" },
		{ SIM_FILE_NV, "rdp\n", "nv.tmp:1: not a line" },
		{ SIM_FILE_NV, "wrp 0 1\n", "nv.tmp:1: not a line" },
		{ SIM_FILE_NV, "bytes 0x60000000 01\n", "not a line" },
		{ SIM_FILE_NV, "bytes 0x1FFFF800 GG\n", "not a line" },
		{ SIM_FILE_NV, "colour red\n", "not a line" },
	};
	struct sim_config config;
	struct problem why;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t_about(cases[i].text);
		remove_files();
		write_file(paths[cases[i].which], cases[i].text);
		if (!CHECK(sim_parse("sim:0x410," FILES, &config, &why)))
			continue;
		CHECK(sim_new(&config, &why) == NULL);
		if (!CHECK(strstr(why.text, cases[i].problem) != NULL))
			printf("  %s\n", why.text);
	}
	remove_files();
}

static void test_save_fails(void)
{
	struct sim_config config;
	struct problem why = { "" };
	struct sim *sim;

	t_about("no such directory");
	if (!CHECK(sim_parse("sim:0x410,log=no/such/dir", &config, &why)))
		return;
	sim = sim_new(&config, &why);
	if (!CHECK(sim != NULL))
		return;
	CHECK(!sim_free(sim, &why));
	CHECK(strstr(why.text, "sim: no/such/dir: ") != NULL);
}

int main(void)
{
	test_parse();
	test_values();
	test_unfit();
	test_files();
	test_eeprom_file();
	test_bad_files();
	test_save_fails();
	return t_done();
}
