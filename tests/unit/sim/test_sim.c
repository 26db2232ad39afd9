/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ROM of the simulated device, byte by byte. sim_script.h explains the
 * lines. */
#include "tests/unit/sim_script.h"

#define SYNC "> 7F\n< 79\n"
#define WRITE(address) "> 31 CE\n< 79\n> " address " *\n< 79\n"
#define READ(address) "> 11 EE\n< 79\n> " address " *\n< 79\n"
#define GET_F1 "79 0B 22 00 01 02 11 21 31 43 63 73 82 92 79\n"

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
	{ "a session with an F103", "sim:0x410",
	  "poke 08000000 12x1024\n"
	  "state unsynced\n"
	  "> 7F\n< 79\n"
	  "state ready\n"
	  "> 00 FF\n< 79 0B 22 00 01 02 11 21 31 43 63 73 82 92 79\n"
	  "> 01 FE\n< 79 22 00 00 79\n"
	  "> 02 FD\n< 79 01 04 10 79\n"
	  "> 43 BC\n< 79\n"
	  "> FF 00\n< 79\n"
	  "took 40000\n"
	  "> 31 CE\n< 79\n"
	  "> 08 00 00 00 08\n< 79\n"
	  "> 07 00 50 00 20 09 00 00 08 76\n< 79\n"
	  "took 280\n"			/* 4 half-words */
	  "> 11 EE\n< 79\n"
	  "> 08 00 00 00 08\n< 79\n"
	  "> 07 F8\n< 79 00 50 00 20 09 00 00 08\n"
	  "poke 08000008 FE E7\n"
	  "> 21 DE\n< 79\n"
	  "> 08 00 00 00 08\n< 79\n"
	  "state application\n"
	  "> 7F\n<\n"
	  "= 08000008 FE E7 FFx30\n" },
	{ "before the 7F", "sim:0x410,rom=strict", "> 00 FF 55 79\n<\n" SYNC },
	{ "7F to a device that is synchronised", "sim:0x410,synced=1",
	  "> 7F\n<\n> 7F\n< 1F\n> 00 FF\n< " GET_F1 },
	{ "7F between opcode and complement", "sim:0x410,synced=1",
	  "> 11 7F\n< 1F\n" },
	{ "five 7F for an address", "sim:0x410,synced=1",
	  "> 11 EE\n< 79\n> 7F 7F 7F 7F\n<\n> 7F\n< 1F\n" },
	{ "7F for data: they are taken, and the checksum is good",
	  "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 7Fx129\n<\n> 7F\n< 79\n"
	  "= 08000000 7Fx128 FFx4\n> 00 FF\n< " GET_F1 },
	{ "7F in the middle of data", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22\n> 7F 7F\n<\n> 7F\n< 1F\n"
	  "= 08000000 FFx4\n> 00 FF\n< " GET_F1 },
	{ "bad complement, unknown opcode", "sim:0x410,synced=1",
	  "> 00 FE\n< 1F\n> FF 00\n< 1F\n> 44 BB\n< 1F\n> A1 5E\n< 1F\n" },
	{ "a stray byte shifts everything until another", "sim:0x410,synced=1",
	  "> 55\n<\n> 00 FF\n< 1F\n> 00 FF\n< 1F\n> 55\n< 1F\n"
	  "> 00 FF\n< " GET_F1 },
	{ "address: checksum and areas", "sim:0x410,rom=strict,synced=1",
	  "> 31 CE\n< 79\n> 08 00 00 00 09\n< 1F\n"
	  "> 11 EE\n< 79\n> 20 00 01 FC *\n< 1F\n"	/* the ROM's RAM */
	  "> 11 EE\n< 79\n> 20 00 50 00 *\n< 1F\n"
	  "> 11 EE\n< 79\n> 60 00 00 00 *\n< 1F\n"
	  "> 11 EE\n< 79\n> 1F FF F7 E0 F7\n< 79\n> 01 FE\n< 79 80 00\n"
	  "> 31 CE\n< 79\n> 1F FF F7 E0 F7\n< 1F\n"	/* system memory */
	  READ("1F FF F8 00") "> 0F F0\n"
	  "< 79 A5 5A FF 00 FF 00 FF 00 FF 00 FF 00 FF 00 FF 00\n"
	  READ("08 00 00 00") "> 03 FD\n< 1F\n" },
	{ "read: 1 and 256 bytes, any alignment", "sim:0x410,synced=1",
	  "poke 08000001 A1\n" READ("08 00 00 01") "> 00 FF\n< 79 A1\n"
	  READ("08 00 00 01") "> FF 00\n< 79 A1 FFx255\n" },
	{ "write: checksum, nothing happens", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 33 44 48\n< 1F\n"
	  "= 08000000 FFx4\n" },
	{ "write to RAM", "sim:0x410,synced=1",
	  WRITE("20 00 02 00") "> 02 11 22 33 *\n< 79\n"
	  "= 20000200 11 22 33 00\ntook 0\n" },
	{ "N one too large waits for ever", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 04 11 22 33 44 40\n<\nwait 100000\n<\n"
	  "> 01\n< 1F\n" },
	{ "turnarounds and bytes", "sim:0x410",
	  SYNC WRITE("08 00 00 00") "> 03 11 22 33 44 *\n< 79\n"
	  "stat in 14\nstat out 4\nstat turnarounds 4\nstat writes 1\n"
	  "stat program_us 140\n" },
	{ "extended erase, special codes", "sim:0x413,synced=1",
	  "poke 08000000 00\n> 44 BB\n< 79\n> FF FF 00\n< 79\n"
	  "took 16384000\n= 08000000 FF\nstat mass 1\n"
	  "> 44 BB\n< 79\n> FF FE 01\n< 1F\n"		/* one bank only */
	  "> 44 BB\n< 79\n> FF F0 0F\n< 1F\n"
	  "> 44 BB\n< 79\n> FF FF 01\n< 1F\nstat mass 1\n" },
	{ "extended erase, pages and their time", "sim:0x413,synced=1",
	  "poke 08010000 00x4\npoke 08020000 00x4\npoke 0800FFFF 00\n"
	  "> 44 BB\n< 79\n> 00 01 00 05 00 04 00\n< 79\n"
	  "took 3248000\n"		/* 280 + 14 * 64, 280 + 14 * 128 */
	  "= 0800FFFF 00 FFx4\n= 08020000 FFx4\nstat pages 2\n" },
	{ "erase, pages", "sim:0x410,rom=strict,synced=1",
	  "poke 08000BFF 00x2050\n> 43 BC\n< 79\n> 01 03 04 06\n< 79\n"
	  "took 80000\n= 08000BFF 00 FFx2048 00\nstat pages 2\n"
	  "> 43 BC\n< 79\n> 00 03 02\n< 1F\n> 43 BC\n< 79\n> FF 01\n< 1F\n" },
	{ "43 is not 44", "sim:0x410,erase=44",
	  SYNC "> 43 BC\n< 1F\n> 44 BB\n< 79\n> FF FF 00\n< 79\n" },
	{ "more than 512 pages are refused when all are there",
	  "sim:0x413,synced=1", "poke 08000000 00\n> 44 BB\n< 79\n"
	  "> 02 00 00x1026\n<\n> 02\n< 1F 1F\n= 08000000 00\n"
	  "> 44 BB\n< 79\n> 01 FF 00x1024\n<\n> FE\n< 79\n= 08000000 FF\n" },
	{ "the largest list", "sim:0x413,synced=1",
	  "> 44 BB\n< 79\n> FF EF\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n> 00x4096\n"
	  "> 00x4096\n> 00x4064\n<\n> 10\n< 1F 1F\n" },
	{ "Go: areas and stack", "sim:0x410,synced=1",
	  "> 21 DE\n< 79\n> 1F FF F0 00 *\n< 79 1F\n"
	  "> 21 DE\n< 79\n> 1F FF F8 00 *\n< 79 1F\n"
	  "> 21 DE\n< 79\n> 08 00 00 00 *\n< 79 1F\n"	/* stack FFFFFFFF */
	  "poke 08000000 04 50 00 20 09 00 00 08\n"	/* past the RAM */
	  "> 21 DE\n< 79\n> 08 00 00 00 *\n< 79 1F\nstate ready\n" },
	{ "Go, refused as noted", "sim:0x410,rom=strict,synced=1",
	  "> 21 DE\n< 79\n> 1F FF F0 00 *\n< 1F\nstate ready\n" },
	{ "checksum, four parameters", "sim:0x410,checksum=4,synced=1",
	  "> 00 FF\n"
	  "< 79 0C 22 00 01 02 11 21 31 43 63 73 82 92 A1 79\n"
	  "poke 08000000 00 50 00 20 09 00 00 08\n"
	  "> A1 5E\n< 79\n> 08 00 00 00 08\n< 79\n> 00 00 00 08 08\n< 79\n"
	  "> 04 C1 1D B7 6F\n< 79\n> FF FF FF FF 00\n"
	  "< 79 8B 93 58 F8 B8\n"
	  "> A1 5E\n< 79\n> 08 00 00 00 08\n< 79\n> 00 00 00 06 *\n< 1F\n"
	  "> A1 5E\n< 79\n> 08 00 00 00 08\n< 79\n> 00 00 00 00 *\n< 1F\n"
	  "> A1 5E\n< 79\n> 08 01 FF FC *\n< 79\n> 00 00 00 08 *\n< 1F\n" },
	{ "checksum, two parameters", "sim:0x410,checksum=2,synced=1",
	  "poke 08000000 00 50 00 20 09 00 00 08\n"
	  "> A1 5E\n< 79\n> 08 00 00 00 08\n< 79\n> 00 00 00 08 08\n"
	  "< 79 79 8B 93 58 F8 B8\n" },
	{ "opcodes that are only listed", "sim:0x410,extra=50+99,synced=1",
	  "> 00 FF\n"
	  "< 79 0D 22 00 01 02 11 21 31 43 63 73 82 92 50 99 79\n"
	  "> 50 AF\n< 79\n> 00 01 01\n< 1F\n> 99 66\n< 1F\n> 51 AE\n< 1F\n" },
	{ "what the configuration says", "sim:0x410,bl=0x31,pid=0x468,synced=1",
	  "> 01 FE\n< 79 31 00 00 79\n> 02 FD\n< 79 01 04 68 79\n" },
	{ "three bytes of ID", "sim:0x410,idbytes=3,pid=0x2F,synced=1",
	  "> 02 FD\n< 79 02 01 20 2F 79\n" },
	{ "wrong parity is not heard", "sim:0x410",
	  ">p 7F\n<\n" SYNC ">p 00\n<\n> 00 FF\n< " GET_F1 },
};

static const struct row flash_rules[] = {
	{ "half-words: erased, and not the same again", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 FF FF *\n< 79\n"
	  WRITE("08 00 00 00") "> 07 11 22 33 44 55 66 77 88 *\n< 79\n"
	  "= 08000000 11 22 FF FF 55 66 77 88\n"
	  "stat programmed 4\nstat refused 1\n" },	/* 33 44 not tried */
	{ "each half-word is tried", "sim:0x410,rom=strict,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 FF FF *\n< 79\n"
	  WRITE("08 00 00 00") "> 07 11 22 33 44 55 66 77 88 *\n< 79\n"
	  "= 08000000 11 22 33 44 55 66 77 88\n"
	  "stat programmed 5\nstat refused 1\n" },
	{ "a granule of 8 is programmed once", "sim:0x460,synced=1",
	  WRITE("08 00 00 00") "> 07 01x8 *\n< 79\n"
	  WRITE("08 00 00 00") "> 07 01x8 *\n< 79\n"
	  "= 08000000 01x8\nstat programmed 1\nstat refused 1\n" },
	{ "granules in part stay erased", "sim:0x460,synced=1",
	  WRITE("08 00 00 04") "> 0F 01x16 *\n< 79\n"
	  "= 08000000 FFx8 01x8 FFx8\nstat programmed 1\nstat refused 2\n" },
	{ "32 bytes of an H7", "sim:0x450,synced=1",
	  WRITE("08 00 00 00") "> 0F 01x16 *\n< 79\n= 08000000 FFx32\n"
	  WRITE("08 00 00 00") "> 1F 01x32 *\n< 79\n= 08000000 01x32\n" },
	{ "L1: erased is 00", "sim:0x416,synced=1",
	  "= 08000000 00x4\n"
	  WRITE("08 00 00 00") "> 03 01 02 03 04 *\n< 79\n"
	  WRITE("08 00 00 00") "> 03 FFx4 *\n< 79\n"
	  "= 08000000 01 02 03 04\nstat refused 1\n"
	  "> 44 BB\n< 79\n> FF FF 00\n< 1F\n"		/* no mass erase */
	  "> 44 BB\n< 79\n> 00x5\n< 79\n= 08000000 00x4\n" },
	{ "half-words that are used take zeros", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 33 44 *\n< 79\n"
	  WRITE("08 00 00 00") "> 03 00 00 01 02 *\n< 79\n"
	  "= 08000000 00 00 33 44\nstat refused 1\n" },
	{ "words that are used lose bits", "sim:0x413,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 33 44 *\n< 79\n"
	  WRITE("08 00 00 00") "> 03 F0 0F FF 00 *\n< 79\n"
	  "= 08000000 10 02 33 00\nstat refused 1\n" },
	{ "L0: one write to a half-page", "sim:0x447,synced=1",
	  WRITE("08 00 00 00") "> 03 01 02 03 04 *\n< 79\n"
	  WRITE("08 00 00 04") "> 03 05 06 07 08 *\n< 79\n"
	  WRITE("08 00 00 40") "> 03 09 0A 0B 0C *\n< 79\n"
	  "= 08000000 01 02 03 04 00x4\n= 08000040 09 0A 0B 0C\n"
	  "stat programmed 2\nstat refused 1\n" },
	{ "EEPROM needs no erase", "sim:0x447,synced=1",
	  WRITE("08 08 00 00") "> 03 01 02 03 04 *\n< 79\n"
	  WRITE("08 08 00 00") "> 03 05 06 07 08 *\n< 79\n"
	  READ("08 08 00 00") "> 03 FC\n< 79 05 06 07 08\n" },
	{ "a length that is no multiple of 4 is filled up",
	  "sim:0x410,rom=strict,synced=1",
	  WRITE("08 00 00 00") "> 04 01x5 *\n< 79\n= 08000000 01x5 FFx3\n" },
	{ "by what the buffer holds, in RAM too", "sim:0x410,synced=1",
	  WRITE("20 00 02 00") "> 07 11 22 33 44 55 66 77 88 *\n< 79\n"
	  WRITE("20 00 02 00") "> 00 AA *\n< 79\n"
	  "= 20000200 AA 22 33 44 55 66 77 88\n" },
	{ "by data of a bad checksum", "sim:0x410,synced=1",
	  WRITE("08 00 00 00") "> 03 11 22 33 44 00\n< 1F\n"
	  WRITE("08 00 00 00") "> 00 AA *\n< 79\n= 08000000 AA 22 33 44\n" },
	{ "or refused", "sim:0x410,synced=1,multiple=nack",
	  WRITE("08 00 00 00") "> 04 01x5 *\n< 1F\n= 08000000 FFx8\n" },
	{ "a smaller flash is served as the largest", "sim:0x410,size=64K",
	  SYNC READ("08 01 00 00") "> 03 FC\n< 79\nstate unsynced\n"
	  SYNC WRITE("08 01 00 00") "> 03 01x4 *\n<\nstate unsynced\n"
	  SYNC WRITE("08 00 FF FC") "> 07 01x8 *\n<\nstate unsynced\n"
	  "= 0800FFFC 01x4\nstat resets 3\n" SYNC
	  "> 11 EE\n< 79\n> 08 02 00 00 *\n< 79\n> 00 FF\n< " GET_F1 },
	{ "by 3.1 it is not", "sim:0x440,size=32K,synced=1",
	  "> 11 EE\n< 79\n> 08 00 80 00 *\n< 79 1F\n" },
	{ "a smaller flash than the largest",
	  "sim:0x410,rom=strict,size=64K,synced=1",
	  READ("1F FF F7 E0") "> 01 FE\n< 79 40 00\n"
	  READ("08 00 FF FC") "> 03 FC\n< 79 FFx4\n"
	  "> 11 EE\n< 79\n> 08 01 00 00 *\n< 1F\n"
	  "> 31 CE\n< 79\n> 08 01 00 00 *\n< 1F\n"
	  WRITE("08 00 FF FC") "> 07 01x8 *\n< 79\n= 0800FFFC 01x4\n"
	  "> 43 BC\n< 79\n> 00 40 40\n< 79\nstat pages 0\ntook 0\n" },
	{ "a size register that is wrong", "sim:0x410,sizereg=0xFFFF,synced=1",
	  READ("1F FF F7 E0") "> 01 FE\n< 79 FF FF\n" },
	{ "write protection", "sim:0x410,wrp=0+2,synced=1",
	  "poke 08000000 01x4\npoke 08001000 01x4\n"
	  WRITE("08 00 00 04") "> 03 02x4 *\n< 79\n= 08000004 FFx4\n"
	  WRITE("08 00 10 04") "> 03 02x4 *\n< 79\n= 08001004 02x4\n"
	  "> 43 BC\n< 79\n> 01 00 04 05\n< 79\n"
	  "= 08000000 01x4\n= 08001000 FFx4\nstat pages 1\n"
	  "> 43 BC\n< 79\n> FF 00\n< 79\n= 08000000 01x4\nstat mass 0\n" },
	{ "the last protection bit covers the rest",
	  "sim:0x414,wrp=31,synced=1",
	  WRITE("08 07 00 00") "> 03 02x4 *\n< 79\n= 08070000 FFx4\n"
	  WRITE("08 01 E8 00") "> 03 02x4 *\n< 79\n= 0801E800 02x4\n" },
	{ "H72x: write, read, write", "sim:0x483,synced=1",
	  WRITE("08 00 00 00") "> 1F 01x32 *\n< 79\n"
	  READ("08 00 00 00") "> 1F E0\n< 79 01x32\n"
	  WRITE("08 00 00 20") "> 3F 02x64 *\n< 79\n"
	  "= 08000020 FFx32 02x32\n"
	  READ("08 00 00 00") "> 1F E0\n< 79 01x32\n"
	  WRITE("20 01 00 00") "> 03 00x4 *\n< 79\n"	/* another way */
	  WRITE("08 00 00 60") "> 1F 03x32 *\n< 79\n= 08000060 03x32\n" },
	{ "two banks", "sim:0x467,synced=1",
	  "poke 08000000 00\npoke 08040000 00\n"
	  "> 44 BB\n< 79\n> FF FD 02\n< 79\n= 08000000 00\n= 08040000 FF\n"
	  "> 44 BB\n< 79\n> FF FE 01\n< 79\n= 08000000 FF\n" },
	{ "bank erase refused by this ROM", "sim:0x461,blid=0x93,synced=1",
	  "> 44 BB\n< 79\n> FF FD 02\n< 1F\nstat mass 0\n"
	  "> 44 BB\n< 79\n> FF FF 00\n< 79\nstat mass 1\n" },
	{ "one page of a list only", "sim:0x460,blid=0xB3,synced=1",
	  "poke 08000000 00x4096\n> 44 BB\n< 79\n> 00 01 00 00 00 01 00\n< 79\n"
	  "= 08000000 FFx2048 00x2\nstat pages 1\n"
	  READ("1F FF 6F FE") "> 00 FF\n< 79 B3\n" },
	{ "in bank 2 only", "sim:0x467,blid=0xD0,synced=1",
	  "poke 08000000 00x4096\npoke 08040000 00x4096\n> 44 BB\n< 79\n"
	  "> 00 03 00 00 00 01 00 80 00 81 *\n< 79\n= 08000000 FFx4096\n"
	  "= 08040000 FFx2048 00x2048\nstat pages 3\n" },
	{ "an ACK before the erase is done", "sim:0x450,blid=0x91,synced=1",
	  "> 44 BB\n< 79\n> 00 00 00 08 08\n< 79\ntook 0\n"
	  WRITE("08 10 00 00") "> 1F 01x32 *\n< 79\n= 08100000 FFx32\n"
	  "wait 2200\n"
	  WRITE("08 10 00 00") "> 1F 01x32 *\n< 79\n= 08100000 01x32\n" },
	{ "reading past the end", "sim:0x410,rom=strict,synced=1",
	  READ("08 01 FF FC") "> 07 F8\n< 79 FFx4 00x4\n" },
	{ "reading past the end kills it", "sim:0x460,synced=1",
	  READ("08 01 FF FC") "> 07 F8\n<\nstate hung\n> 7F 7F\n<\n" },
	{ "the same on order", "sim:0x410,readend=hang,synced=1",
	  READ("08 01 FF FC") "> 07 F8\n<\nstate hung\n" },
	{ "past the end of anything", "sim:0x410,readend=any,synced=1",
	  READ("20 00 4F FC") "> 03 FC\n< 79 00x4\n"
	  READ("20 00 4F FC") "> 04 FB\n<\nstate hung\n" },
	{ "short reads refused outside flash and RAM",
	  "sim:0x413,shortread=nack,synced=1",
	  READ("1F FF 7A 22") "> 01 FE\n< 1F\n"
	  READ("1F FF 7A 00") "> FF 00\n< 79 FFx16 31 32 33 34 35 36 37 38 39 "
	  "3A 3B 3C 3D 3E 3F 40 41 42 00 04 45 46 47 48 FFx216\n"
	  READ("08 00 00 00") "> 00 FF\n< 79 FF\n" },
};

static const struct row protection[] = {
	{ "write protect, then nothing until 7F",
	  "sim:0x410,rom=strict,synced=1",
	  "> 63 9C\n< 79\n> 01 00 01 00\n< 79\nstate unsynced\n> 00 FF\n<\n"
	  SYNC "= 1FFFF808 FC 03\n"
	  WRITE("08 00 10 00") "> 03 02x4 *\n< 79\n= 08001000 FFx4\n"
	  "> 63 9C\n< 79\n> 00 03 03\n< 79\n" SYNC	/* replaces the set */
	  WRITE("08 00 10 00") "> 03 02x4 *\n< 79\n= 08001000 02x4\n"
	  "> 73 8C\n< 79 79\nstate unsynced\n" SYNC "= 1FFFF808 FF 00\n"
	  WRITE("08 00 30 00") "> 03 02x4 *\n< 79\n= 08003000 02x4\n"
	  "stat resets 3\n" },
	{ "readout protection", "sim:0x410,rom=strict,synced=1",
	  "poke 08000000 01x4\npoke 20000200 55\n"
	  "> 82 7D\n< 79 79\nstate unsynced\n" SYNC
	  "> 00 FF\n< " GET_F1
	  "> 01 FE\n< 79 22 00 00 79\n> 02 FD\n< 79 01 04 10 79\n"
	  "> 11 EE\n< 1F\n> 21 DE\n< 1F\n> 31 CE\n< 1F\n> 43 BC\n< 1F\n"
	  "> 63 9C\n< 1F\n> 73 8C\n< 1F\n> 82 7D\n< 1F\n"
	  "= 08000000 01x4\n"
	  "> 92 6D\n< 79 79\ntook 80000\nstate unsynced\n"
	  "= 08000000 FFx4\n= 20000200 00\n= 1FFFF800 A5 5A\n"
	  SYNC READ("08 00 00 00") "> 03 FC\n< 79 FFx4\nstat resets 2\n" },
	{ "on a part without classic option bytes", "sim:0x460,rdp=1,synced=1",
	  "poke 08000000 01x4\n> 11 EE\n< 1F 1F\n> 92 6D\n< 79 79\n"
	  "= 08000000 FFx4\n" SYNC
	  "poke 08000000 01x4\n> 92 6D\n< 79 79\n" SYNC	/* all clear */
	  "= 08000000 01x4\nstat mass 1\n> 11 EE\n< 79\n> 08\n" },
	/* areas: first and last page of each, unnamed ones protect nothing */
	{ "write protection by areas", "sim:0x460,synced=1",
	  "= 1FFF7818 FF FF 80 FF 00 00 7F 00 FF FF 80 FF\n"
	  "> 63 9C\n< 79\n> 01 02 04 *\n< 79\n" SYNC
	  "= 1FFF7818 82 FF 84 FF 7D 00 7B 00 FF FF 80 FF\n"
	  "poke 08000800 00\npoke 08001000 00\n"	/* pages 1 to 4 */
	  "poke 08001800 00\npoke 08002000 00\n"
	  "> 44 BB\n< 79\n> 00 03 00 01 00 02 00 03 00 04 *\n< 79\n"
	  "= 08000800 FF\n= 08001000 00\n= 08001800 00\n= 08002000 00\n"
	  "stat pages 1\n"
	  "> 63 9C\n< 79\n> 03 7F 00 03 03 *\n< 79\n" SYNC
	  "= 1FFF7818 FF FF 80 FF 00 00 7F 00 83 FF 83 FF\n"
	  "> 44 BB\n< 79\n> 00 01 00 02 00 03 *\n< 79\nstat pages 2\n"
	  "> 73 8C\n< 79 79\n" SYNC
	  "= 1FFF7818 FF FF 80 FF 00 00 7F 00 FF FF 80 FF\n"
	  "> 44 BB\n< 79\n> 00 00 00 03 *\n< 79\nstat pages 3\n" },
	{ "the areas of two banks", "sim:0x415,synced=1",
	  "> 63 9C\n< 79\n> 07 FF 00 FF 00 00 01 FF 00 *\n< 79\n" SYNC
	  "= 1FFFF818 00 FF 01 FF FF 00 FE 00\n"
	  "poke 08000000 00\npoke 08080000 00\n"	/* pages 0 and 256 */
	  "> 44 BB\n< 79\n> 00 01 00 00 01 00 *\n< 79\n"
	  "= 08000000 FF\n= 08080000 00\nstat pages 1\n" },
	{ "areas at the start", "sim:0x415,wrp=3+4+300,synced=1",
	  "= 1FFF7818 03 FF 04 FF\n= 1FFFF818 2C FF 2C FF\n" },
	/* on L0 and L1 a set bit means protected, 16 units per word */
	{ "write protection of an L1", "sim:0x416,synced=1",
	  "= 1FF80000 AA FF 55 00\n"
	  "= 1FF80008 00 00 FF FF 00 00 FF FF\n"
	  "> 63 9C\n< 79\n> 01 00 11 *\n< 79\n" SYNC
	  "= 1FF80008 01 00 FE FF 02 00 FD FF\n"
	  "poke 08001000 01\npoke 08011000 01\n"	/* units 1 and 17 */
	  "> 44 BB\n< 79\n> 00 01 00 10 01 10 *\n< 79\n"
	  "= 08001000 00\n= 08011000 01\nstat pages 1\n"
	  "> 73 8C\n< 79 79\n" SYNC
	  "= 1FF80008 00 00 FF FF 00 00 FF FF\n" },
	/* as an L1 was found after it */
	{ "Readout Unprotect of an L1", "sim:0x416,rdp=1,wrp=0,synced=1",
	  "> 92 6D\n< 79 79\n" SYNC
	  "= 1FF80000 AA FF 55 00 00 00 FF FF 00 00 FF FF 00 00 FF FF\n" },
	{ "write protection of an F4", "sim:0x413,synced=1",
	  "> 63 9C\n< 79\n> 00 03 03\n< 79\n" SYNC
	  "= 1FFFC008 F7 FF FF FF\n"
	  "poke 08008000 00\npoke 0800C000 00\n"	/* sectors 2 and 3 */
	  "> 44 BB\n< 79\n> 00 01 00 02 00 03 *\n< 79\n"
	  "= 08008000 FF\n= 0800C000 00\n"
	  "> 82 7D\n< 79 79\n> 7F\n< 79\n= 1FFFC008 F7 FF\n"
	  "> 92 6D\n< 79 79\n> 7F\n< 79\n= 1FFFC008 F7 FF\n" },
	{ "write protection in registers", "sim:0x484,synced=1",
	  "> 63 9C\n< 79\n> 00 21 21\n< 79\n" SYNC
	  "= 400220E8 FFx4\n= 400221E8 FD FF FF FF FD FF FF FF\n"
	  "poke 08108000 00\npoke 08100000 00\n"
	  "> 44 BB\n< 79\n> 00 01 00 80 00 84 *\n< 79\n"
	  "= 08100000 FF\n= 08108000 00\n" },
	/* 0 means protected, after a reset has loaded the registers */
	{ "Write Memory to a protection register", "sim:0x482,synced=1",
	  WRITE("40 02 20 58") "> 03 00 FF 01 FF *\n< 79\n"
	  "= 40022058 00 FF 01 FF\n"
	  "> 73 8C\n< 79 79\n" SYNC "= 40022058 7F FF 00 FF\n" },
	/* UNLOCK_1A is 0: neither Write Unprotect nor Write Protect changes
	 * it */
	{ "a protection that is locked", "sim:0x482,synced=1",
	  WRITE("40 02 20 58") "> 03 00 00 01 00 *\n< 79\n"
	  "> 73 8C\n< 79 79\n" SYNC "= 40022058 00 00 01 00\n"
	  "> 63 9C\n< 79\n> 01 05 06 *\n< 79\n" SYNC
	  "= 40022058 00 00 01 00\n" },
	{ "PCROP stays", "sim:0x460,rdp=1,synced=1",
	  "poke 1FFF7808 03\npoke 1FFF7810 05 00 00 00\n"
	  "> 92 6D\n< 79 79\n> 7F\n< 79\n= 1FFF7808 03\n= 1FFF7810 05\n" },
	{ "PCROP goes with PCROP_RDP", "sim:0x460,rdp=1,synced=1",
	  "poke 1FFF7808 03\npoke 1FFF7810 05 00 00 80\n"
	  "> 92 6D\n< 79 79\n> 7F\n< 79\n= 1FFF7808 FF\n"
	  "= 1FFF7810 00 00 00 80\n" },
	{ "level 2 closes the ROM", "sim:0x440,rdp=2",
	  "> 7F\n<\nstate hung\n" },
	{ "the F1 knows two levels", "sim:0x410,rdp=2,synced=1",
	  "> 11 EE\n< 1F\n" },
	{ "each has its key", "sim:0x440,synced=1",
	  WRITE("1F FF F8 00") "> 01 A5 5A *\n< 79\n" SYNC
	  "> 11 EE\n< 1F 1F\n= 1FFFF800 A5 5A\n" },
	{ "four write protection bytes, where there are so many", "sim:0x442",
	  SYNC "> 63 9C\n< 79\n> 00 1F *\n< 79\n= 1FFFF808 FFx6 7F 80\n"
	  SYNC "> 82 7D\n< 79 79\n= 1FFFF800 00 FF FF 00 FF 00 FF 00 FF 00 "
	  "FFx6\n" },
	{ "option bytes: all erased, reset", "sim:0x410,synced=1",
	  WRITE("1F FF F8 00") "> 03 A5 5A 00 FF *\n< 79\nstate unsynced\n"
	  "= 1FFFF800 A5 5A 00 FF FFx12\nstat resets 1\n" SYNC
	  READ("08 00 00 00") "> 00 FF\n< 79 FF\n" },
	{ "option bytes from their start only, elsewhere too",
	  "sim:0x460,synced=1",
	  WRITE("1F FF 78 08") "> 07 01x8 *\n< 79\nstate ready\n"
	  "= 1FFF7808 FFx4 00x4\n" WRITE("1F FF 78 00") "> 03 01x4 *\n< 79\n"
	  "state unsynced\n= 1FFF7800 01x4\n" },
	{ "option bytes without the key protect", "sim:0x410,synced=1",
	  WRITE("1F FF F8 00") "> 03 FF FF 00 FF *\n< 79\n"
	  SYNC "> 11 EE\n< 1F\n" },
	{ "option registers are memory", "sim:0x450,synced=1",
	  WRITE("52 00 20 20") "> 03 01 02 03 04 *\n< 79\nstate ready\n"
	  "= 5200201C 01 02 03 04 01 02 03 04\nstat resets 0\n" },
};

static const struct row faults[] = {
	{ "NACK of the nth", "sim:0x410,synced=1,nack=write:2",
	  WRITE("08 00 00 00") "> 03 01x4 *\n< 79\n> 31 CE\n< 1F\n"
	  WRITE("08 00 00 04") "> 03 01x4 *\n< 79\nstat faults 1\n" },
	{ "NACK at the data", "sim:0x410,synced=1,nack=write:1:2",
	  WRITE("08 00 00 00") "> 03 01x4 *\n< 1F\n= 08000000 FFx4\n" },
	{ "silence", "sim:0x410,synced=1,silent=read:1",
	  "> 11 EE\n<\n> 08 00 00 00 08\n<\n> 03 FC\n<\n"
	  READ("08 00 00 00") "> 03 FC\n< 79 FFx4\nstat faults 1\n" },
	{ "silence from the address on", "sim:0x410,synced=1,silent=write:1:1",
	  "> 31 CE\n< 79\n> 08 00 00 00 08\n<\n> 03 01x4 *\n<\n"
	  "= 08000000 FFx4\n> 00 FF\n< " GET_F1 },
	{ "silence where there is no packet", "sim:0x410,synced=1,silent=get:1",
	  "> 00 FF\n<\n> 00 FF\n< " GET_F1 },
	{ "garbage", "sim:0x410,synced=1,garble=erase:1,garble=id:1",
	  "> 43 BC\n< 23\n> FF 00\n< 79\n> 02 FD\n< 23 5B 5E 4A 23\n" },
	{ "garbled data", "sim:0x410,synced=1,garble=read:1:2",
	  READ("08 00 00 00") "> 01 FE\n< 23 A5 A5\n> 01 FE\n"
	  "< 79 22 00 00 79\n" },
	{ "a lost ACK, the work is done", "sim:0x410,synced=1,lostack=write:1",
	  WRITE("08 00 00 00") "> 03 01x4 *\n<\n= 08000000 01x4\n"
	  WRITE("08 00 00 04") "> 03 01x4 *\n< 79\n" },
	{ "several at once", "sim:0x410,synced=1,nack=get:1,silent=get:2",
	  "> 00 FF\n< 1F\n> 00 FF\n<\n> 00 FF\n< " GET_F1 },
	{ "the other erase command too", "sim:0x413,synced=1,nack=erase:1",
	  "> 44 BB\n< 1F\n> 44 BB\n< 79\n> FF FF 00\n< 79\n" },
	{ "second ACK", "sim:0x410,ack2=1", "> 7F\n< 79 79\n" },
	{ "second ACK of the L412", "sim:0x464", "> 7F\n< 79 79\n" },
	{ "a stray zero", "sim:0x410,zero=1",
	  "> 7F\n< 00 79\n> FF 00\n< 1F\n" },
	{ "two NACKs", "sim:0x410,nack2=1,synced=1", "> FF 00\n< 1F 1F\n" },
	{ "one NACK by 2.2",
	  "sim:0x440,rom=2.2,rdp=1,synced=1", "> 11 EE\n< 1F\n" },
	{ "two by 3.1", "sim:0x410,rom=3.1,rdp=1,synced=1",
	  "> 11 EE\n< 1F 1F\n" },
	{ "three of two", "sim:0x410,rom=3.1,nack2=1,rdp=1,synced=1",
	  "> 11 EE\n< 1F 1F 1F\n" },
	{ "the version chooses", "sim:0x410,bl=0x31,rdp=1,synced=1",
	  "> 11 EE\n< 1F 1F\n" },
	{ "the worst: two bytes in a row, wherever they lie",
	  "sim:0x410,rom=worst,synced=1",
	  "> 11 EE\n< 79\n> 60 00 00 00 60\n< 79\n"
	  "> 03 73 8C\n< 1F 79 79\nstate unsynced\n" },
	{ "behind an unknown opcode as well", "sim:0x410,rom=worst,synced=1",
	  "> FF 00 FF\n< 1F " GET_F1 "> 00 FF\n< " GET_F1 },
	{ "not before a refusal", "sim:0x410,rom=worst,synced=1",
	  "> 00 FF\n< " GET_F1 "> 11\n> EE\n< 79\n> 08 00 00 00 *\n< 79\n"
	  "> 00 FF\n< 79 FF\n> 55 00\n< 1F\n> FF\n< " GET_F1 },
	{ "readout protected", "sim:0x410,rom=worst,rdp=1,synced=1",
	  "> 11 EE\n< 1F 1F\n> 11\n< 1F\n> 92\n< 1F\n> 6D\n< 79 79\n" },
	{ "mute", "sim:0x410,mute=1", "> 7F 00 FF\n<\n" },
	{ "echo alone", "sim:0x410,mute=1,echo=1", "> 7F 00 FF\n< 7F 00 FF\n" },
	{ "echo", "sim:0x410,echo=1", "> 7F\n< 7F 79\n" },
	{ "no parity bit", "sim:0x410,noparity=1",
	  SYNC "> 00 FF\n<\n> 7F\n<\n> 7F\n< 1F\n" },
	{ "every byte is lost on the way", "sim:0x410,drop.in=1",
	  "> 7F\n<\nstate unsynced\nstat faults 1\n" },
	{ "on the way back", "sim:0x410,drop.out=1",
	  "> 7F\n<\nstate ready\nstat faults 1\n" },
	{ "an interruption", "sim:0x410,gap.in=0.02,seed=68",
	  "> 7F\n<\n> 7F\n<\nstate unsynced\nstat faults 2\n"
	  "wait 1024\n> 7F\n< 79\nstat faults 2\n" },
	{ "one of the way back", "sim:0x410,gap.out=0.02,seed=68",
	  "> 7F\n<\nwait 1024\n> 00 FF\n< 79 0B 22 00 01 02 11 21 31 43 63 73 "
	  "82 92 79\n" },
	{ "a first byte that is no 7F", "sim:0x410,rom=strict",
	  "> 00\n<\n" SYNC },
	{ "measured all the same", "sim:0x410",
	  "> 00\n<\nstate hung\n> 7F\n<\n" },
	{ "by 3.1 again", "sim:0x440",
	  "> 00\nwait 10\n> 80\nwait 10\n> FE\nwait 10\n" SYNC },
	{ "but not in the middle of it", "sim:0x440",
	  "> 00\nwait 8\n> 7F\n<\nstate hung\n" },
	{ "before it listens no harm is done", "sim:0x410,startup=100",
	  "> 00\n<\nwait 100\n" SYNC "> 73 8C\n< 79 79\n> 00\n<\n"
	  "wait 100\n" SYNC },
	{ "deaf at the start", "sim:0x410,startup=100",
	  "> 7F\n<\nwait 100\n" SYNC "> 73 8C\n< 79 79\n> 7F\n<\nwait 100\n"
	  SYNC },
};

/* 20 bytes: loads the address of AIRCR and its key, and stores the key; the
 * branch to itself is not reached. */
#define RESET_CODE "02 48 03 49 BF F3 4F 8F 01 60 FE E7 " \
	"0C ED 00 E0 04 00 FA 05"
#define RESET_STUB "1B 00 50 00 20 09 02 00 20 " RESET_CODE " *"
/* Loads the address of the data register, stores 'H', 'i', LF, then loops. */
#define HELLO_CODE "03 48 48 21 01 60 69 21 01 60 0A 21 01 60 FE E7"
#define FLASH_VECTORS " 00 08 00 20 09 00 00 08 "
#define GO(address) "> 21 DE\n< 79\n> " address " *\n"

static const struct row code[] = {
	{ "the reset stub leads back into the ROM", "sim:0x410",
	  SYNC WRITE("20 00 02 00") "> " RESET_STUB "\n< 79\n"
	  GO("20 00 02 00") "< 79\nstate unsynced\nstat stores 1\n"
	  "stat resets 1\n" SYNC },
	{ "or into the application", "sim:0x410,boot0=0",
	  "poke 08000000 " FLASH_VECTORS "FE E7\n"
	  SYNC WRITE("20 00 02 00") "> " RESET_STUB "\n< 79\n"
	  GO("20 00 02 00") "< 79\nstate application\n> 7F\n<\n" },
	{ "or into nothing", "sim:0x410,boot0=0",
	  SYNC "> 73 8C\n< 79 79\nstate hung\n" },
	{ "F1 USART", "sim:0x410,synced=1",
	  "poke 08000000" FLASH_VECTORS HELLO_CODE " 04 38 01 40\n"
	  GO("08 00 00 00") "< 79 48 69 0A\nstate application\n" },
	{ "F0 USART", "sim:0x440,synced=1",
	  "poke 08000000" FLASH_VECTORS HELLO_CODE " 28 38 01 40\n"
	  GO("08 00 00 00") "< 79 48 69 0A\n" },
	{ "F4 USART", "sim:0x413,synced=1",
	  "poke 08000000" FLASH_VECTORS HELLO_CODE " 04 10 01 40\n"
	  GO("08 00 00 00") "< 79 48 69 0A\n" },
	{ "USART2", "sim:0x440,synced=1",
	  "poke 08000000" FLASH_VECTORS HELLO_CODE " 28 44 00 40\n"
	  GO("08 00 00 00") "< 79 48 69 0A\n" },
	{ "one that waits for TXE and echoes", "sim:0x410,synced=1",
	  /* ldr r0, =40013800; wait: ldr r1, [r0]; lsrs r1, #6; bcc wait
	   * (RXNE is bit 5); ldr r2, [r0, #4]; str r2, [r0, #4]; b wait */
	  "poke 08000000" FLASH_VECTORS
	  "03 48 01 68 89 09 FC D3 42 68 42 60 F9 E7 00 BF 00 38 01 40\n"
	  GO("08 00 00 00") "< 79\n> 41\n< 41\n> 42 43\n< 42 43\n" },
	{ "a fault", "sim:0x410,synced=1",
	  "poke 08000000" FLASH_VECTORS "00 DE\n"	/* udf */
	  GO("08 00 00 00") "< 79\nstate hung\n> 7F\n<\n" },
	{ "empty check: the ROM, whatever BOOT0", "sim:0x460,boot0=0",
	  SYNC WRITE("08 00 00 00")
	  "> 0F 00 30 00 20 09 00 00 08 FE E7 FFx6 *\n< 79\n"
	  /* a plain reset does not sample it again */
	  "poke 20003000 00 40 00 20 09 30 00 20 " RESET_CODE "\n"
	  GO("20 00 30 00") "< 79\nstate unsynced\n" SYNC
	  "> 73 8C\n< 79 79\nstate application\n" },	/* option load */
	{ "empty check: erasing is not seen", "sim:0x460,boot0=0",
	  "state unsynced\n" SYNC },
	{ "EMPTY of the G0 is cleared", "sim:0x460,boot0=0,synced=1",
	  /* ldr r0, =40022000; movs r1, #0; str r1, [r0]; then as above */
	  "poke 08000000 00 30 00 20 09 00 00 08 FE E7\n"
	  "poke 20003000 00 40 00 20 09 30 00 20 03 48 00 21 01 60 03 48 03 49 "
	  "01 60 FE E7 C0 46 00 20 02 40 0C ED 00 E0 04 00 FA 05\n"
	  GO("20 00 30 00") "< 79\nstate application\nstat stores 1\n" },
	{ "PEMPTY of the L4 is toggled", "sim:0x462,boot0=0,synced=1",
	  /* ldr r0, =40022010; movs r1, #1; lsls r1, #17; str r1, [r0] ... */
	  "poke 08000000 00 40 00 20 09 00 00 08 FE E7\n"
	  "poke 20004000 00 50 00 20 09 40 00 20 03 48 01 21 49 04 01 60 02 48 "
	  "03 49 01 60 FE E7 10 20 02 40 0C ED 00 E0 04 00 FA 05\n"
	  GO("20 00 40 00") "< 79\nstate application\n" },
	{ "option byte launch of the F0", "sim:0x442,boot0=0,synced=1",
	  /* ldr r0, =40022010; movs r1, #1; lsls r1, #13; str r1, [r0]; b . */
	  "poke 08000000 00 40 00 20 09 00 00 08 FE E7\n"
	  "poke 20002000 00 50 00 20 09 20 00 20 02 48 01 21 49 03 01 60 FE E7 "
	  "C0 46 10 20 02 40\n"
	  GO("20 00 20 00") "< 79\nstate application\nstat resets 1\n" },
};

/* Where code is uploaded: the start of an F103's free RAM. */
#define RAM_VECTORS "20000200 00 50 00 20 09 02 00 20 "
#define UPLOAD(code) SYNC "poke " RAM_VECTORS code "\n" \
	GO("20 00 02 00") "< 79\n"
/* Time passes for the device when something happens: changes a line that is
 * not connected. */
#define TICK "line rts 1\n"
/* ldr r0, =IWDG_KR; ldr r1, =KEY; str r1, [r0]; b to itself */
#define STORE_KEY(key) "01 48 02 49 01 60 FE E7 00 30 00 40 " key " 00 00"
/* The same, with a branch back to the store. */
#define STORE_KEYS(key) "01 48 02 49 01 60 FD E7 00 30 00 40 " key " 00 00"
/* ldr r0, =ADDRESS; ldr r0, [r0]; b to itself */
#define LOAD_FROM(address) "01 48 00 68 FE E7 C0 46 " address

static const struct row watchdog[] = {
	{ "resets what does not feed it", "sim:0x410,iwdg=30",
	  UPLOAD("FE E7") "wait 25\n" TICK "state application\nwait 10\n" TICK
	  "state unsynced\nstat resets 1\n" SYNC },
	{ "when it would have", "sim:0x410,iwdg=30,startup=100",
	  "wait 100\n" UPLOAD("FE E7") "wait 120\n> 7F\n<\nwait 12\n" SYNC },
	{ "lets what feeds it run", "sim:0x410,iwdg=30",
	  UPLOAD(STORE_KEYS("AA AA")) "wait 500\n" TICK
	  "state application\nstat resets 0\n" },
	{ "is fed by its key alone", "sim:0x410,iwdg=30",
	  UPLOAD(STORE_KEYS("AB AA")) "wait 500\n" TICK
	  "state unsynced\nstat resets 1\n" },
	{ "for as long as it lasts", "sim:0x410,iwdg=30",
	  UPLOAD(STORE_KEY("AA AA")) "wait 25\n" TICK "state application\n"
	  "wait 10\n" TICK "state unsynced\nstat resets 1\n" },
	{ "does not run", "sim:0x410",
	  UPLOAD("FE E7") "wait 100000\n" TICK "state application\n" },
	{ "unless its option bit says so", "sim:0x410,reset=dtr",
	  "poke 1FFFF802 FE 01\nline dtr 1\nline dtr 0\n"
	  UPLOAD("FE E7") "wait 17000\n" TICK "state application\n"
	  "wait 1000\n" TICK "state unsynced\nstat resets 2\n" },
	{ "of a G4", "sim:0x468,reset=dtr",
	  /* IWDG_SW is bit 16 of the word; its complement is 4 bytes later */
	  "poke 1FFF7802 EE\nline dtr 1\nline dtr 0\n" SYNC
	  "poke 20004000 00 58 00 20 09 40 00 20 FE E7\n"
	  GO("20 00 40 00") "< 79\nwait 18000\n" TICK
	  "state unsynced\nstat resets 2\n" },
	{ "or code starts it", "sim:0x410",
	  UPLOAD(STORE_KEY("CC CC")) "wait 17000\n" TICK "state application\n"
	  "wait 1000\n" TICK "state unsynced\nstat resets 1\n" },
	{ "is fed by the ROM", "sim:0x410,iwdg=30",
	  SYNC "wait 1000\n> 00 FF\n< " GET_F1 "stat resets 0\n" },
	{ "stops at a reset", "sim:0x410,iwdg=30,reset=dtr",
	  "line dtr 1\nline dtr 0\n" UPLOAD("FE E7") "wait 1000\n" TICK
	  "state application\nstat resets 1\n" },
	{ "ends in the application", "sim:0x410,iwdg=30,boot0=0",
	  "poke 08000000" FLASH_VECTORS "FE E7\n" UPLOAD("FE E7")
	  "wait 40\n" TICK "state application\nstat resets 1\n> 7F\n<\n" },
};

static const struct row ram[] = {
	{ "a reset keeps what the ROM of the F103 does not use",
	  "sim:0x410,reset=dtr",
	  "poke 200000B0 01x8\npoke 200001FC 02x8\npoke 20004FFF 03\n"
	  "line dtr 1\nline dtr 0\n"
	  "= 200000B0 01x4 00x4\n= 200001FC 00x4 02x4\n= 20004FFF 03\n" },
	{ "nor that of the F051", "sim:0x440,reset=dtr",
	  "poke 20000000 01\npoke 20000674 02x8\npoke 20000800 03\n"
	  "line dtr 1\nline dtr 0\n"
	  "= 20000000 00\n= 20000674 00x4 02x4\n= 20000800 03\n" },
	{ "never more than the row says", "sim:0x416,reset=dtr,rom=worst",
	  "poke 200007FF 01 02\nline dtr 1\nline dtr 0\n"
	  "= 200007FF 00 02\n" },
	{ "where the sources differ, all of it", "sim:0x460,reset=dtr,rom=worst",
	  "poke 20002700 01\npoke 20002FFF 02 03\nline dtr 1\nline dtr 0\n"
	  "= 20002700 00\n= 20002FFF 00 03\n" },
	{ "so does a reset by code", "sim:0x410",
	  "poke 200001FC 01x4\npoke 20000300 02x4\n" UPLOAD(RESET_CODE)
	  "state unsynced\n= 200001FC 00x4\n= 20000300 02x4\n" },
	{ "the reset of Readout Unprotect clears all", "sim:0x410,synced=1",
	  "poke 20000300 02x4\n> 92 6D\n< 79 79\n= 20000300 00x4\n" },
};

static const struct row code_faults[] = {
	{ "behind the flash: the ROM resets", "sim:0x410,size=64K",
	  "poke 20000300 02x4\n" UPLOAD(LOAD_FROM("00 00 01 08"))
	  "state unsynced\nstat resets 1\n= 20000300 02x4\n" SYNC },
	{ "the last word is there", "sim:0x410,size=64K",
	  UPLOAD(LOAD_FROM("FC FF 00 08")) "state application\n" },
	{ "into the application, by BOOT0", "sim:0x410,size=64K,boot0=0",
	  "poke 08000000" FLASH_VECTORS "FE E7\n"
	  UPLOAD(LOAD_FROM("00 00 01 08"))
	  "state application\nstat resets 1\n> 7F\n<\n" },
	{ "a ROM that has no handler", "sim:0x410,size=64K,rom=strict",
	  UPLOAD(LOAD_FROM("00 00 01 08")) "state hung\n> 7F\n<\n" },
};

static const struct row lines[] = {
	{ "DTR resets, RTS is BOOT0", "sim:0x410,reset=dtr,boot0=rts",
	  "<\nstate hung\n"		/* no application, no ROM */
	  "line rts 1\nline dtr 1\n> 7F\n<\nline dtr 0\n" SYNC
	  "line dtr 1\n> 00 FF\n<\nline dtr 0\nstate unsynced\n" SYNC
	  "poke 08000000" FLASH_VECTORS "FE E7\n"
	  "line rts 0\nline dtr 1\nline dtr 0\nstate application\n"
	  "stat resets 3\n" },
	{ "inverted", "sim:0x410,reset=-dtr,boot0=-rts",
	  "state hung\n> 7F\n<\nline dtr 1\n" SYNC "line rts 1\n"
	  "poke 08000000" FLASH_VECTORS "FE E7\nline dtr 0\nline dtr 1\n"
	  "state application\n" },
	{ "a capacitor: the edge resets, BOOT0 counts 2 ms later",
	  "sim:0x410,reset=dtr,boot0=rts,capacitor=1,synced=1",
	  "line dtr 1\nline rts 1\nstate hung\n> 00\nstate hung\n" SYNC
	  "line dtr 0\nstate ready\nstat resets 1\n" },
	{ "and an edge is all that it passes on",
	  "sim:0x410,reset=dtr,capacitor=1,asserted=1",
	  SYNC "line dtr 1\nline rts 1\nline dtr 0\nstate ready\n"
	  "stat resets 0\nline dtr 1\n> 00\n" SYNC "stat resets 1\n" },
	{ "two transistors: the lines cancel each other",
	  "sim:0x410,reset=rts,boot0=dtr,crossed=1,asserted=1",
	  "poke 08000000" FLASH_VECTORS "FE E7\n"
	  "line dtr 0\nstate hung\n"		/* RTS alone: reset */
	  "line dtr 1\n> 00\nstate hung\n"	/* NRST rises for 2 ms */
	  "line rts 0\n" SYNC			/* DTR alone: BOOT0 */
	  "line rts 1\nstate ready\nline dtr 0\nstate hung\n"
	  "line rts 0\n> 00 00\nstate application\nstat resets 2\n" },
	{ "inverted", "sim:0x410,reset=-rts,boot0=-dtr,crossed=1",
	  "poke 08000000" FLASH_VECTORS "FE E7\nline dtr 1\nstate hung\n"
	  "line dtr 0\nline rts 1\n> 00\n" SYNC },
	{ "a break resets", "sim:0x410,reset=brk,synced=1",
	  "state ready\nline brk 1\nstate hung\nline brk 0\n" SYNC },
	{ "a line that is asserted from the start holds",
	  "sim:0x410,reset=dtr,asserted=1",
	  "state hung\nline dtr 0\n" SYNC },
	{ "a knock", "sim:0x410,knock=boot!@57600",
	  "state application\n> 62 6F 62 6F 6F 74\nstate application\n"
	  "> 21\nstate unsynced\n" SYNC },
	{ "and one that begins within another", "sim:0x410,knock=ab@9600",
	  "> 61 61 62\nstate unsynced\n" },
	{ "a reset ends a hang", "sim:0x410,readend=hang,reset=rts,synced=1",
	  READ("08 01 FF FC") "> 07 F8\n<\nstate hung\nline rts 1\nline rts 0\n"
	  SYNC },
};

/* Sends a 7F that began this many half bits before the ROM listened. */
static void test_cut_frame(const char *spec, unsigned halves,
			   enum sim_state state)
{
	const int64_t awake_us = 100000, byte_ns = 95486;
	struct script s;
	char about[80];

	snprintf(about, sizeof(about), "%s: %u half bits are missed", spec,
		 halves);
	if (!script_open(&s, about, spec))
		return;
	sim_byte_time(s.sim, byte_ns);
	s.now_us = awake_us + byte_ns * (22 - (int)halves) / 22000 - 1000;
	script_lines(&s, about, "> 7F\n");
	EQUAL(sim_state(s.sim), state);
	s.now_us += 200000;
	script_continue(&s, about, state == SIM_HUNG ? "> 7F\n<\n" :
				   state == SIM_BUSY ? "< 79\n" : SYNC);
	script_close(&s);
}

static void test_cut_frames(void)
{
	unsigned halves;

	for (halves = 1; halves <= 23; halves += 2) {
		test_cut_frame("sim:0x410,startup=100", halves,
			       halves < 16 ? SIM_HUNG : SIM_UNSYNCED);
		test_cut_frame("sim:0x440,startup=100", halves, SIM_UNSYNCED);
		test_cut_frame("sim:0x440,rom=strict,startup=100", halves,
			       halves < 22 ? SIM_BUSY : SIM_UNSYNCED);
	}
}

/* Endless text: compares only its beginning. */
static void test_chatter(void)
{
	struct script s;
	char heard[15];
	size_t i;
	int64_t due_us = 0;

	if (!script_open(&s, "chatter", "sim:0x410,chatter=hello"))
		return;
	for (i = 0; i < sizeof(heard) - 1; i++) {
		CHECK(sim_peek(s.sim, (uint8_t *)&heard[i], &due_us));
		sim_sent(s.sim);
	}
	heard[i] = '\0';
	TEXT(heard, "hello\r\nhello\r\n");
	EQUAL(due_us, 100000);
	script_close(&s);
}

/* An application that sends endlessly waits until its output is read. */
static void test_endless(void)
{
	struct script s;
	int64_t due_us;
	uint8_t byte;
	int i;

	if (!script_open(&s, "endless", "sim:0x410,synced=1"))
		return;
	/* ldr r0, =40013804; movs r1, #85; again: str r1, [r0]; b again */
	script_lines(&s, "endless", "poke 08000000" FLASH_VECTORS
		     "01 48 55 21 01 60 FD E7 04 38 01 40\n"
		     GO("08 00 00 00"));
	EQUAL(sim_stats(s.sim)->bytes_out, 1 + 64);	/* and the ACK */
	for (i = 0; i < 1000; i++) {
		CHECK(sim_peek(s.sim, &byte, &due_us));
		sim_sent(s.sim);
	}
	CHECK(sim_stats(s.sim)->bytes_out < 1100);
	script_close(&s);
}

/* Noise with the same seed is the same, and about as frequent as requested. */
static uint64_t noise_of(const char *spec)
{
	struct script s;
	uint64_t struck, sum = 0;
	int64_t due_us;
	uint8_t byte;
	int i;

	if (!script_open(&s, spec, spec))
		return 0;
	for (i = 0; i < 20000; i++) {
		sim_receive(s.sim, 0x55, true, i);
		while (sim_peek(s.sim, &byte, &due_us)) {
			sum = sum * 31 + byte;
			sim_sent(s.sim);
		}
	}
	struck = sim_stats(s.sim)->faults;
	CHECK(struck > 150 && struck < 250);
	script_close(&s);
	return sum;
}

static void test_noise(void)
{
	uint64_t one = noise_of("sim:0x410,echo=1,flip.in=0.01");

	CHECK(one == noise_of("sim:0x410,echo=1,flip.in=1e-2,seed=1"));
	CHECK(one != noise_of("sim:0x410,echo=1,flip.in=0.01,seed=2"));
	(void)noise_of("sim:0x410,echo=1,insert.in=0.01");
	(void)noise_of("sim:0x410,echo=1,drop.in=0.01");
}

/* Every row of the table can be simulated, or gives the reason. */
static void test_every_row(void)
{
	struct dev dev;
	size_t i, simulated = 0;

	for (i = 0; dev_at(i, &dev); i++) {
		struct sim_config config;
		struct problem why = { "" };
		struct script s = { .sim = NULL };

		t_about(dev.name);
		if (!CHECK(sim_parse("sim:0x410", &config, &why)))
			return;
		config.dev = dev;
		s.sim = sim_new(&config, &why);
		if (s.sim == NULL) {
			CHECK(strstr(why.text, "has no flash") != NULL);
			continue;
		}
		simulated++;
		sim_receive(s.sim, 0x7F, true, 1);
		CHECK(sim_stats(s.sim)->bytes_out >= 1);
		sim_receive(s.sim, 0x00, true, 2);
		sim_receive(s.sim, 0xFF, true, 3);
		CHECK(sim_stats(s.sim)->bytes_out > 1);
		script_close(&s);
	}
	t_about("");
	CHECK(simulated > 100);
}

int main(void)
{
	RUN(commands);
	RUN(flash_rules);
	RUN(protection);
	RUN(faults);
	RUN(code);
	RUN(watchdog);
	RUN(ram);
	RUN(code_faults);
	RUN(lines);
	test_cut_frames();
	test_chatter();
	test_endless();
	test_noise();
	test_every_row();
	return t_done();
}
