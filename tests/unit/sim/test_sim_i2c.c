/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated device on an I2C bus, transaction by transaction. sim_script.h
 * explains the lines. */
#include "tests/unit/sim_script.h"

#define ADDRESS(address) "W " address " *\nR 79\n"
#define SMALL "sim:i2c:0x460,size=32K"	/* protocol 1.2 at 0x51 */
#define OLD "sim:i2c:0x448,size=32K"	/* protocol 1.0 at 0x3B */
#define GET_12 "12 12 00 01 02 11 21 31 44 63 73 82 92 32 45 64 74 83 93 A1"
/* In step: an opcode that does not exist is refused. */
#define IN_STEP "W FF 00\nR 1F\n"

struct row {
	const char *name, *spec, *text;
};

static void run(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		script_run(rows[i].name, rows[i].spec, rows[i].text);
}

#define RUN(rows) run(rows, sizeof(rows) / sizeof((rows)[0]))

static const struct row commands[] = {
	{ "a session with a G071", SMALL,
	  "poke 08000000 12x1024\n"
	  "W 01 FE\nR 79\nR 12\nR 79\n"
	  "W 00 FF\nR 79\nR " GET_12 "\nR 79\n"
	  "W 02 FD\nR 79\nR 01 04 60\nR 79\n"
	  "W 11 EE\nR 79\nW 08 00 00 00 08\nR 79\nW 03 FC\nR 79\n"
	  "R 12 12 12 12\n"
	  "W 45 BA\nR 79\nW FF FF 00\nR 76\nwait 20\nR 76\nwait 21\nR 79\n"
	  "= 08000000 FFx1024\nstat polls 2\nstat mass 1\n"
	  "W 32 CD\nR 79\nW 08 00 00 00 08\nR 79\n"
	  "W 07 00 50 00 20 09 00 00 08 76\nR 76\nwait 1\nR 79\n"
	  "= 08000000 00 50 00 20 09 00 00 08 FF\nstat polls 3\n" },
	{ "protocol 1.0", OLD,
	  "W 01 FE\nR 79\nR 10\nR 79\nW 00 FF\nR 79\n"
	  "R 0B 10 00 01 02 11 21 31 44 63 73 82 92\nR 79\n"
	  "W 32 CD\nR 1F\nW 45 BA\nR 1F\nW A1 5E\nR 1F\nW 43 BC\nR 1F\n" },
	{ "protocol 1.1", OLD ",i2c=0x11",
	  "W 00 FF\nR 79\nR 11 11 00 01 02 11 21 31 44 63 73 82 92 32 45 64 "
	  "74 83 93\nR 79\nW A1 5E\nR 1F\n" },
	{ "1.1 without those commands", OLD ",i2c=0x11,nostretch=0",
	  "W 00 FF\nR 79\nR 0B 11 00 01 02 11 21 31 44 63 73 82 92\nR 79\n"
	  "W 32 CD\nR 1F\n" },
	{ "19 commands, as seen", SMALL ",checksum=none,extra=50+51",
	  "W 00 FF\nR 79\nR 13 12 00 01 02 11 21 31 44 63 73 82 92 32 45 64 "
	  "74 83 93 50 51\nR 79\n" },
	{ "the clock is held until the work is done", SMALL ",busy=700",
	  "poke 08000000 12x1024\n"
	  "W 44 BB\nR 79\nW FF FF 00\nR 79\n= 08000000 FF\n"
	  "W 31 CE\nR 79\n" ADDRESS("08 00 00 00")
	  "W 07 01 02 03 04 05 06 07 08 *\nR 79\nstat polls 0\n"
	  "= 08000000 01 02 03 04 05 06 07 08\n" },
	{ "pages: count and list apart", SMALL,
	  "poke 08002800 00x2048\npoke 08003000 00x2049\n"
	  "W 44 BB\nR 79\nW 00 02 02\nR 79\nW 00 05 00 06 01 00 02\nR 79\n"
	  "= 08002800 FFx2048\n= 08003000 FFx2048 00\nstat pages 2\n"	/* no page 256 */
	  "W 45 BA\nR 79\nW 00 00 00\nR 79\nW 00 07 07\nR 76\nwait 50\nR 79\n"
	  "= 08003800 FFx2048\n" IN_STEP },
	{ "special erase codes", "sim:i2c:0x467",
	  "poke 08000000 00\npoke 08040000 00\n"
	  "W 44 BB\nR 79\nW FF FD 02\nR 79\n= 08000000 00\n= 08040000 FF\n"
	  "W 44 BB\nR 79\nW FF F0 0F\nR 1F\nW 44 BB\nR 79\nW FF FF 01\nR 1F\n"
	  "= 08000000 00\n" },
	{ "checksums", SMALL,
	  "W 11 EE\nR 79\nW 08 00 00 00 09\nR 1F\nW 11 EE\nR 79\n"
	  ADDRESS("08 00 00 00") "W 03 FD\nR 1F\nW 00 FE\nR 1F\n"
	  "W 44 BB\nR 79\nW 00 02 03\nR 1F\nW 44 BB\nR 79\nW 00 00 00\nR 79\n"
	  "W 00 05 06\nR 1F\nstat pages 0\n" IN_STEP },
	{ "Get Checksum", SMALL,
	  "poke 08000000 00 50 00 20 09 00 00 08\n"
	  "W A1 5E\nR 79\nW 08 00 00 00 08\nR 79\nW 00 00 00 08 08\nR 79\n"
	  "R 79\nR 8B 93 58 F8 B8\n" IN_STEP },
	{ "Go", SMALL,
	  "poke 08000000 00 30 00 20 09 00 00 08 FE E7\n"
	  "W 21 DE\nR 79\n" ADDRESS("08 00 00 00")
	  "state application\nW- 00 FF\nR- 00\n" },
	{ "write protection, and away with it", SMALL,
	  "W 63 9C\nR 79\nW 01 FE\nR 79\nW 00 01 01\nR 79\nstat resets 1\n"
	  "poke 08000000 00\npoke 08001000 00\n"
	  "W 44 BB\nR 79\nW 00 02 02\nR 79\nW 00 00 00 01 00 02 03\nR 79\n"
	  "= 08000000 00\n= 08001000 FF\n"
	  "W 74 8B\nR 79\nR 76\nwait 50\nR 79\nstat resets 2\n"
	  "W 44 BB\nR 79\nW 00 00 00\nR 79\nW 00 00 00\nR 79\n= 08000000 FF\n" },
	{ "readout protection", SMALL,
	  "poke 08000000 00\nW 82 7D\nR 79\nR 79\nstat resets 1\n"
	  "W 11 EE\nR 1F\nW 32 CD\nR 1F\nW 01 FE\nR 79\nR 12\nR 79\n"
	  "W 93 6C\nR 79\nR 76\nwait 100\nR 79\n= 08000000 FF\n"
	  "W 11 EE\nR 79\n" ADDRESS("08 00 00 00") "W 00 FF\nR 79\nR FF\n" },
	{ "another address", SMALL ",addr=0x52", "W 01 FE\nR 79\nR 12\nR 79\n" },
};

static void test_foreign_address(void)
{
	struct script s;

	if (!script_open(&s, "no device there", SMALL))
		return;
	s.address ^= 1;
	script_continue(&s, "no device there", "W- 01 FE\nR- 00\n");
	script_close(&s);
}

/* Transactions that do not suit: it holds the clock until the ROM gives up. */
static const struct row lengths[] = {
	{ "a read one byte short: all answers come one too late", SMALL,
	  "W 00 FF\nR 79\nR 12 12 00 01 02 11 21 31 44 63 73 82 92 32 45 64 74 "
	  "83 93\nR A1\n"			/* not the ACK */
	  "W 01 FE\nR 79\nR 79\nR 12\n"		/* each answer is the one
						 * before */
	  "W FF 00\nR 79 1F\n" IN_STEP		/* reading both corrects it */
	  "stat resets 0\n" },
	{ "much too short: it waits for the rest to be read", SMALL,
	  "W 00 FF\nR 79\nR 12\nW- FF 00\nstat resets 1\n" IN_STEP },
	{ "one byte too long", SMALL,
	  "W 02 FD\nR 79\nR- 00 00 00 00\nstat resets 1\n" IN_STEP },
	{ "a read while it waits for a command", SMALL,
	  "R- 00\nstat resets 1\n" IN_STEP },
	{ "a write while it wants to answer", SMALL,
	  "W 01 FE\nW- 01 FE\nstat resets 1\n" IN_STEP },
	{ "half a command, half an address", SMALL,
	  "W 01\nR- 00\nstat resets 1\n" IN_STEP
	  "W 11 EE\nR 79\nW FF 00\nW- FF 00\nstat resets 2\n" IN_STEP },
	{ "too long a packet is not acted upon", SMALL,
	  "W 45 BA\nR 79\nW- FF FF 00 00\nstat mass 0\nstat resets 1\n" IN_STEP },
	{ "the frame of the UART", SMALL,
	  "W 44 BB\nR 79\nW- 00 00 00 07 07\nstat pages 0\n" IN_STEP },
	{ "N one too large", SMALL,
	  "W 31 CE\nR 79\n" ADDRESS("08 00 00 00") "W 04 11 22 33 44 40\n"
	  "R- 00\nstat programmed 0\n" IN_STEP },
	{ "an adapter that does not wait", SMALL ",giveup=10000",
	  "patience 3000\nW 00 FF\nR 79\nR 12\nW~ FF 00\nW~ FF 00\nW~ FF 00\n"
	  "stat resets 0\nW- FF 00\nstat resets 1\n" IN_STEP },
	{ "an ACK that is not fetched", SMALL ",giveup=10000",
	  "W 01 FE\nwait 9999\nR 79\nR 12\nwait 10001\nR- 00\n"
	  "stat resets 2\n" IN_STEP },
	{ "between commands it waits for ever", SMALL,
	  IN_STEP "wait 3600000\n" IN_STEP "stat resets 0\n" },
	{ "silence", SMALL ",silent=read:1",
	  "W 11 EE\nR- 00\nstat resets 1\n" IN_STEP },
	{ "a lost ACK: done", SMALL ",lostack=write:1",
	  "W 31 CE\nR 79\n" ADDRESS("08 00 00 00")
	  "W 07 01 02 03 04 05 06 07 08 *\nR- 00\n" IN_STEP
	  "= 08000000 01 02 03 04 05 06 07 08\n" },
	{ "NACK and noise on order", SMALL ",nack=write:1:2,garble=id:1",
	  "W 31 CE\nR 79\n" ADDRESS("08 00 00 00") "W 00 01 01\nR 1F\n"
	  "W 02 FD\nR 23\nR 5B 5E 3A\nR 23\nstat faults 2\n" },
};

static const struct row busy[] = {
	{ "an adapter that gives up while flash is erased",
	  OLD ",busy=5000,i2ctimeout=7",
	  "patience 1000\nW 44 BB\nR 79\nW FF FF 00\n"
	  "R~ 00\nR~ 00\nR~ 00\nR~ 00\nR 79\nstat mass 1\nstat resets 0\n" },
	{ "the first poll is held in a no-stretch command too",
	  SMALL ",busy=4000,stretchbusy=1",
	  "W 45 BA\nR 79\nW FF FF 00\nR 76\nR 76\nwait 1999\nR 76\nwait 1\n"
	  "R 79\nstat polls 3\n" },
	{ "a version of this ROM does so by itself, in an erase",
	  "sim:i2c:0x456,blid=0x51,busy=1000",
	  "W 45 BA\nR 79\nW FF FF 00\nR 76\nwait 500\nR 79\n"
	  "W 32 CD\nR 79\n" ADDRESS("08 00 00 00")
	  "W 07 01 02 03 04 05 06 07 08 *\nR 76\nwait 500\nR 76\nwait 500\n"
	  "R 79\n" },
	{ "for longer than the adapter waits", SMALL ",busy=4000,stretchbusy=1",
	  "patience 1500\nW 45 BA\nR 79\nW FF FF 00\nR~ 00\nR 76\nwait 2000\n"
	  "R 79\n" },
	{ "no acknowledge of the address while it works",
	  SMALL ",busy=100,nackbusy=1",
	  "W 45 BA\nR 79\nW FF FF 00\nR- 00\nwait 99\nR- 00\nwait 1\nR 79\n" },
	{ "two bytes asked for while it works", SMALL ",busy=1000",
	  "W 45 BA\nR 79\nW FF FF 00\nR- 00 00\nstat resets 1\n" IN_STEP },
	{ "no acknowledge on order", SMALL ",nackaddr=2+3",
	  "W 01 FE\nR- 00\nR- 00\nR 79\nR 12\nR 79\nstat transactions 6\n"
	  "stat faults 2\n" },
	{ "deaf at the start", SMALL ",startup=100",
	  "W- 01 FE\nwait 100\n" IN_STEP "W 73 8C\nR 79\nR 79\nW- 01 FE\n"
	  "wait 100\n" IN_STEP },
	{ "mute", SMALL ",mute=1", "W- 01 FE\n" },
};

/* Every row with an address answers there with its version. */
static void test_every_row(void)
{
	struct dev dev;
	size_t i, simulated = 0;

	for (i = 0; dev_at(i, &dev); i++) {
		struct sim_config config;
		struct problem why = { "" };
		struct script s = { .patience_us = 1, .address =
				    dev.i2c_address[0] };

		if (s.address == 0)
			continue;
		CHECK(sim_parse("sim:i2c:0x448", &config, &why));
		config.dev = dev;
		config.i2c_address = s.address;
		s.sim = sim_new(&config, &why);
		t_about(dev.name);
		if (!CHECK(s.sim != NULL))
			continue;
		simulated++;
		script_lines(&s, dev.name, "W 01 FE\nR 79\n");
		s.len = 1;
		s.bytes[0] = dev.i2c_version != 0 ? dev.i2c_version : 0x11;
		script_transact(&s, "R");
		script_close(&s);
	}
	t_about("");
	CHECK(simulated > 40);
}

int main(void)
{
	RUN(commands);
	RUN(lengths);
	RUN(busy);
	test_foreign_address();
	test_every_row();
	return t_done();
}
