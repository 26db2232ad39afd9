/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the interpreter with the architecture manual, one claim per row.
 * The opcodes are the GNU assembler's for the text next to them; code starts
 * at CODE and ends in a branch to itself.
 */
#include "sim/thumb.h"

#include "tests/unit/machine.h"
#include "tests/unit/t.h"
#include "utils.h"

#define RAM  0x20000000u
#define CODE (RAM + 0x100)
#define DATA (RAM + 0x200)
#define STACK (RAM + 0x300)
#define VOID 0x60000000u	/* no memory there */

#define SELF_BRANCH 0xe7feu	/* b . */
#define LINK 0xfffffffe		/* a value that these programs never compute */

struct fixture {
	struct machine machine;
	uint8_t ram[0x800];
};

static void put_code(struct fixture *fix, const uint16_t *code, size_t count)
{
	uint8_t *at = fix->ram + (CODE - RAM);
	size_t i;

	for (i = 0; i < count; i++) {
		at[2 * i] = (uint8_t)code[i];
		at[2 * i + 1] = (uint8_t)(code[i] >> 8);
	}
	put_le32(at + 2 * count, SELF_BRANCH);
}

/* Code at CODE, r0 to r2 as given, every other register recognisable. */
static void setup(struct fixture *fix, const uint16_t *code, size_t count,
		  const uint32_t *in)
{
	struct thumb *cpu = &fix->machine.cpu;
	unsigned reg;

	*fix = (struct fixture){ .machine.ram = { RAM, sizeof(fix->ram),
						  NULL } };
	fix->machine.ram.bytes = fix->ram;
	machine_wire(&fix->machine);
	put_code(fix, code, count);
	put_le32(fix->ram + (DATA - RAM), 0x44332211);
	put_le32(fix->ram + (DATA - RAM) + 4, 0xb8a79685);
	for (reg = 0; reg < 13; reg++)
		cpu->r[reg] = reg < 3 ? in[reg] : 0x01010101 * reg;
	cpu->r[13] = STACK;
	cpu->r[14] = LINK;
	cpu->r[15] = CODE;
}

/* Rows have room for the longest code; the rest is zero. */
static size_t code_len(const uint16_t *code, size_t room)
{
	while (room > 0 && code[room - 1] == 0)
		room--;
	return room;
}

static void set_flags(struct thumb *cpu, const char *nzcv)
{
	cpu->n = nzcv[0] == 'N';
	cpu->z = nzcv[1] == 'Z';
	cpu->c = nzcv[2] == 'C';
	cpu->v = nzcv[3] == 'V';
}

static void check_flags(const struct thumb *cpu, const char *want)
{
	const char got[] = { cpu->n ? 'N' : 'n', cpu->z ? 'Z' : 'z',
			     cpu->c ? 'C' : 'c', cpu->v ? 'V' : 'v', '\0' };

	TEXT(got, want);
}

/* An upper-case letter is a set flag; in is r0, r1, r2; want is r0. */
static const struct {
	const char *text;
	uint16_t code[8];
	uint32_t in[3];
	const char *flags;
	uint32_t want;
	const char *want_flags;
} programs[] = {
	{ "lsls r0, r1, #0", { 0x0008 }, { 0, 0x80000000, 0 }, "nzCv",
	  0x80000000, "NzCv" }, /* a move: C stays */
	{ "lsls r0, r1, #1", { 0x0048 }, { 0, 0x80000001, 0 }, "nzcv", 2,
	  "nzCv" },
	{ "lsls r0, r1, #1", { 0x0048 }, { 0, 1, 0 }, "nzCv", 2, "nzcv" },
	{ "lsls r0, r1, #31", { 0x07c8 }, { 0, 3, 0 }, "nzcV", 0x80000000,
	  "NzCV" }, /* the last bit out is 1 */
	{ "lsrs r0, r1, #1", { 0x0848 }, { 0, 1, 0 }, "Nzcv", 0, "nZCv" },
	{ "lsrs r0, r1, #31", { 0x0fc8 }, { 0, 0xc0000000, 0 }, "nzcv", 1,
	  "nzCv" },
	{ "lsrs r0, r1, #32", { 0x0808 }, { 0, 0x80000000, 0 }, "nzcv", 0,
	  "nZCv" }, /* stored as 0 */
	{ "lsrs r0, r1, #32", { 0x0808 }, { 0, 0x7fffffff, 0 }, "nzCV", 0,
	  "nZcV" },
	{ "asrs r0, r1, #4", { 0x1108 }, { 0, 0x800000f7, 0 }, "nzCv",
	  0xf800000f, "Nzcv" },
	{ "asrs r0, r1, #4", { 0x1108 }, { 0, 0x18, 0 }, "nzcv", 1, "nzCv" },
	{ "asrs r0, r1, #32", { 0x1008 }, { 0, 0x80000000, 0 }, "nzcv",
	  0xffffffff, "NzCv" }, /* stored as 0 */
	{ "asrs r0, r1, #32", { 0x1008 }, { 0, 0x7fffffff, 0 }, "nzCv", 0,
	  "nZcv" },
	{ "adds r0, r1, r2", { 0x1888 }, { 0, 0x7fffffff, 1 }, "nzcv",
	  0x80000000, "NzcV" },
	{ "adds r0, r1, r2", { 0x1888 }, { 0, 0xffffffff, 1 }, "nzcv", 0,
	  "nZCv" },
	{ "adds r0, r1, r2", { 0x1888 }, { 0, 0x80000000, 0x80000000 },
	  "nzcv", 0, "nZCV" },
	/* C is not added */
	{ "adds r0, r1, r2", { 0x1888 }, { 0, 2, 3 }, "NZCV", 5, "nzcv" },
	{ "subs r0, r1, r2", { 0x1a88 }, { 0, 0, 1 }, "nzcv", 0xffffffff,
	  "Nzcv" }, /* borrow clears C */
	{ "subs r0, r1, r2", { 0x1a88 }, { 0, 0x80000000, 1 }, "nzcv",
	  0x7fffffff, "nzCV" },
	{ "subs r0, r1, r2", { 0x1a88 }, { 0, 5, 5 }, "nzcv", 0, "nZCv" },
	{ "subs r0, r1, r2", { 0x1a88 }, { 0, 0x7fffffff, 0xffffffff },
	  "nzcv", 0x80000000, "NzcV" },
	{ "adds r0, r1, #7", { 0x1dc8 }, { 0, 0xfffffff9, 0 }, "nzcv", 0,
	  "nZCv" },
	{ "subs r0, r1, #7", { 0x1fc8 }, { 0, 6, 0 }, "nzcv", 0xffffffff,
	  "Nzcv" },
	{ "movs r0, #255", { 0x20ff }, { 0, 0, 0 }, "NZCV", 0xff, "nzCV" },
	{ "movs r0, #0", { 0x2000 }, { 1, 0, 0 }, "Nzcv", 0, "nZcv" },
	{ "cmp r0, #200", { 0x28c8 }, { 0xc8, 0, 0 }, "nzcv", 0xc8, "nZCv" },
	{ "cmp r0, #1", { 0x2801 }, { 0x80000000, 0, 0 }, "nzcv", 0x80000000,
	  "nzCV" },
	{ "adds r0, #255", { 0x30ff }, { 0xffffff01, 0, 0 }, "nzcv", 0,
	  "nZCv" },
	{ "subs r0, #255", { 0x38ff }, { 0, 0, 0 }, "nzcv", 0xffffff01,
	  "Nzcv" },
	{ "ands r0, r1", { 0x4008 }, { 0xf0f0, 0xff00, 0 }, "nzCV", 0xf000,
	  "nzCV" },
	{ "ands r0, r1", { 0x4008 }, { 0xf0f0, 0xf0f, 0 }, "Nzcv", 0, "nZcv" },
	{ "eors r0, r1", { 0x4048 }, { 0xffff0000, 0x7fffffff, 0 }, "nzcV",
	  0x8000ffff, "NzcV" },
	{ "eors r0, r0", { 0x4040 }, { 0x1234, 0, 0 }, "nzCv", 0, "nZCv" },
	{ "orrs r0, r1", { 0x4308 }, { 0x80000000, 1, 0 }, "nZCv", 0x80000001,
	  "NzCv" },
	{ "bics r0, r1", { 0x4388 }, { 0xffffffff, 0xffff, 0 }, "nzcv",
	  0xffff0000, "Nzcv" },
	{ "mvns r0, r1", { 0x43c8 }, { 0, 0xffffffff, 0 }, "nzCV", 0, "nZCV" },
	{ "tst r0, r1", { 0x4208 }, { 0xf0, 0x80, 0 }, "nZCV", 0xf0, "nzCV" },
	{ "tst r0, r1", { 0x4208 }, { 0xf0, 0xf, 0 }, "Nzcv", 0xf0, "nZcv" },
	{ "muls r0, r1, r0", { 0x4348 }, { 0x10001, 0x10001, 0 }, "nzCV",
	  0x20001, "nzCV" }, /* low word; C, V stay */
	{ "muls r0, r1, r0", { 0x4348 }, { 0xffffffff, 1, 0 }, "nzcv",
	  0xffffffff, "Nzcv" },
	{ "adcs r0, r1", { 0x4148 }, { 0xffffffff, 0, 0 }, "nzCv", 0, "nZCv" },
	{ "adcs r0, r1", { 0x4148 }, { 0x7fffffff, 0, 0 }, "nzCv", 0x80000000,
	  "NzcV" },
	{ "adcs r0, r1", { 0x4148 }, { 0xffffffff, 0xffffffff, 0 }, "nzCv",
	  0xffffffff, "NzCv" }, /* a carry in and out */
	{ "adcs r0, r1", { 0x4148 }, { 1, 1, 0 }, "nzcv", 2, "nzcv" },
	{ "sbcs r0, r1", { 0x4188 }, { 5, 3, 0 }, "nzCv", 2, "nzCv" },
	{ "sbcs r0, r1", { 0x4188 }, { 5, 3, 0 }, "nzcv", 1, "nzCv" },
	{ "sbcs r0, r1", { 0x4188 }, { 0, 0, 0 }, "nzcv", 0xffffffff, "Nzcv" },
	{ "sbcs r0, r1", { 0x4188 }, { 0x80000000, 0, 0 }, "nzcv", 0x7fffffff,
	  "nzCV" },
	/* b + 1 wraps */
	{ "sbcs r0, r1", { 0x4188 }, { 0, 0xffffffff, 0 }, "nzcv", 0, "nZcv" },
	{ "rsbs r0, r1, #0", { 0x4248 }, { 9, 0, 0 }, "nzcv", 0, "nZCv" },
	{ "rsbs r0, r1, #0", { 0x4248 }, { 9, 1, 0 }, "nzCv", 0xffffffff,
	  "Nzcv" },
	{ "rsbs r0, r1, #0", { 0x4248 }, { 9, 0x80000000, 0 }, "nzcv",
	  0x80000000, "NzcV" }, /* has no negative */
	{ "cmp r0, r1", { 0x4288 }, { 1, 2, 0 }, "nzCv", 1, "Nzcv" },
	{ "cmn r0, r1", { 0x42c8 }, { 0xffffffff, 1, 0 }, "nzcv", 0xffffffff,
	  "nZCv" },
	{ "lsls r0, r1", { 0x4088 }, { 0x80000001, 0, 0 }, "nzCv", 0x80000001,
	  "NzCv" }, /* by 0: C stays */
	{ "lsls r0, r1", { 0x4088 }, { 0x80000001, 1, 0 }, "nzcv", 2, "nzCv" },
	/* by 32: C is bit 0 */
	{ "lsls r0, r1", { 0x4088 }, { 1, 0x20, 0 }, "nzcv", 0, "nZCv" },
	{ "lsls r0, r1", { 0x4088 }, { 0xffffffff, 0x21, 0 }, "nzCv", 0,
	  "nZcv" }, /* by 33 */
	{ "lsls r0, r1", { 0x4088 }, { 0xffffffff, 0xff, 0 }, "nzCv", 0,
	  "nZcv" },
	/* only the low byte */
	{ "lsls r0, r1", { 0x4088 }, { 5, 0x100, 0 }, "nzCv", 5, "nzCv" },
	{ "lsrs r0, r1", { 0x40c8 }, { 0x80000000, 0x1f, 0 }, "nzCv", 1,
	  "nzcv" },
	{ "lsrs r0, r1", { 0x40c8 }, { 0x80000000, 0x20, 0 }, "nzcv", 0,
	  "nZCv" }, /* by 32: C is bit 31 */
	{ "lsrs r0, r1", { 0x40c8 }, { 0xffffffff, 0x21, 0 }, "nzCv", 0,
	  "nZcv" },
	{ "lsrs r0, r1", { 0x40c8 }, { 0x80000000, 0xffffff00, 0 }, "nzcv",
	  0x80000000, "Nzcv" },
	{ "asrs r0, r1", { 0x4108 }, { 0x80000000, 0x1f, 0 }, "nzCv",
	  0xffffffff, "Nzcv" },
	{ "asrs r0, r1", { 0x4108 }, { 0x80000000, 0x20, 0 }, "nzcv",
	  0xffffffff, "NzCv" },
	{ "asrs r0, r1", { 0x4108 }, { 0x7fffffff, 0xff, 0 }, "nzCv", 0,
	  "nZcv" },
	{ "asrs r0, r1", { 0x4108 }, { 0x80000000, 0xff, 0 }, "nzcv",
	  0xffffffff, "NzCv" },
	{ "rors r0, r1", { 0x41c8 }, { 0x12345678, 4, 0 }, "nzcv", 0x81234567,
	  "NzCv" },
	/* by 32: only C */
	{ "rors r0, r1", { 0x41c8 }, { 1, 0x20, 0 }, "nzCv", 1, "nzcv" },
	{ "rors r0, r1", { 0x41c8 }, { 0x80000000, 0x40, 0 }, "nzcv",
	  0x80000000, "NzCv" },
	{ "rors r0, r1", { 0x41c8 }, { 1, 0x21, 0 }, "nzcv", 0x80000000,
	  "NzCv" },
	{ "rors r0, r1", { 0x41c8 }, { 1, 0x100, 0 }, "nzCv", 1, "nzCv" },
	{ "mov r8, r1; add r0, r8", { 0x4688, 0x4440 }, { 0x7fffffff, 1, 0 },
	  "nzcv", 0x80000000, "nzcv" }, /* flags do not change */
	{ "mov r8, r1; cmp r0, r8", { 0x4688, 0x4540 }, { 1, 1, 0 }, "nzcv",
	  1, "nZCv" },
	{ "mov r8, r1; cmp r8, r0", { 0x4688, 0x4580 }, { 1, 0, 0 }, "nzCv",
	  1, "Nzcv" },
	{ "mov r8, r1; mov r0, r8", { 0x4688, 0x4640 }, { 0, 0x80000000, 0 },
	  "nZcv", 0x80000000, "nZcv" }, /* flags do not change */
	{ "mov r0, r1", { 0x4608 }, { 0, 0, 0 }, "nzcv", 0, "nzcv" },
	/* CODE + 4 */
	{ "mov r0, pc", { 0x4678 }, { 0, 0, 0 }, "nzcv", 0x20000104, "nzcv" },
	{ "nop; mov r0, pc", { 0x46c0, 0x4678 }, { 0, 0, 0 }, "nzcv",
	  0x20000106, "nzcv" }, /* not aligned here */
	{ "add r0, pc", { 0x4478 }, { 0x10, 0, 0 }, "nzcv", 0x20000114,
	  "nzcv" },
	{ "mov r0, sp", { 0x4668 }, { 0, 0, 0 }, "nzcv", 0x20000300, "nzcv" },
	{ "mov sp, r1; mov r0, sp", { 0x468d, 0x4668 }, { 0, 0x20000307, 0 },
	  "nzcv", 0x20000304, "nzcv" }, /* low bits are always 0 */
	{ "add sp, r1; mov r0, sp", { 0x448d, 0x4668 }, { 0, 0xfffffff8, 0 },
	  "nzcv", 0x200002f8, "nzcv" },
	{ "add r0, sp, #1020", { 0xa8ff }, { 0, 0, 0 }, "nzcv", 0x200006fc,
	  "nzcv" },
	{ "add r0, sp, r0", { 0x4468 }, { 4, 0, 0 }, "nzcv", 0x20000304,
	  "nzcv" },
	{ "add sp, #508; mov r0, sp", { 0xb07f, 0x4668 }, { 0, 0, 0 }, "nzcv",
	  0x200004fc, "nzcv" },
	{ "sub sp, #508; mov r0, sp", { 0xb0ff, 0x4668 }, { 0, 0, 0 }, "nzcv",
	  0x20000104, "nzcv" },
	{ "sxth r0, r1", { 0xb208 }, { 0, 0x12348001, 0 }, "nzcv", 0xffff8001,
	  "nzcv" },
	{ "sxth r0, r1", { 0xb208 }, { 0, 0xffff7fff, 0 }, "NZCV", 0x7fff,
	  "NZCV" },
	{ "sxtb r0, r2", { 0xb250 }, { 0, 0, 0x12345680 }, "nzcv", 0xffffff80,
	  "nzcv" },
	{ "uxth r0, r1", { 0xb288 }, { 0, 0x12348001, 0 }, "nzcv", 0x8001,
	  "nzcv" },
	{ "uxtb r0, r1", { 0xb2c8 }, { 0, 0x12345680, 0 }, "nzcv", 0x80,
	  "nzcv" },
	{ "rev r0, r1", { 0xba08 }, { 0, 0x12345678, 0 }, "nzcv", 0x78563412,
	  "nzcv" },
	{ "rev16 r0, r2", { 0xba50 }, { 0, 0, 0x12345678 }, "nzcv",
	  0x34127856, "nzcv" },
	{ "revsh r0, r1", { 0xbac8 }, { 0, 0x12347f80, 0 }, "nzcv",
	  0xffff807f, "nzcv" },
	{ "msr apsr_nzcvq, r1; mrs r0, apsr",
	  { 0xf381, 0x8800, 0xf3ef, 0x8000 }, { 0, 0xffffffff, 0 }, "nzcv",
	  0xf0000000, "NZCV" },
	{ "msr apsr_nzcvq, r1; mrs r0, apsr",
	  { 0xf381, 0x8800, 0xf3ef, 0x8000 }, { 0, 0x80000000, 0 }, "nZCV",
	  0x80000000, "Nzcv" },
	{ "msr apsr_nzcvq, r1; mrs r0, xpsr",
	  { 0xf381, 0x8800, 0xf3ef, 0x8003 }, { 0, 0x50000000, 0 }, "NzCv",
	  0x50000000, "nZcV" },
	/* thread mode */
	{ "mrs r0, ipsr", { 0xf3ef, 0x8005 }, { 5, 0, 0 }, "nzcv", 0, "nzcv" },
	{ "msr ipsr, r1; mrs r0, ipsr", { 0xf381, 0x8805, 0xf3ef, 0x8005 },
	  { 5, 0xffffffff, 0 }, "nzcv", 0, "nzcv" },
	{ "msr epsr, r1; mrs r0, epsr", { 0xf381, 0x8806, 0xf3ef, 0x8006 },
	  { 5, 0xffffffff, 0 }, "nzcv", 0, "nzcv" },
	{ "msr primask, r1; mrs r0, primask",
	  { 0xf381, 0x8810, 0xf3ef, 0x8010 }, { 0, 0xffffffff, 0 }, "nzcv", 1,
	  "nzcv" },
	{ "cpsid i; mrs r0, primask", { 0xb672, 0xf3ef, 0x8010 }, { 0, 0, 0 },
	  "nzcv", 1, "nzcv" },
	{ "cpsid i; cpsie i; mrs r0, primask",
	  { 0xb672, 0xb662, 0xf3ef, 0x8010 }, { 9, 0, 0 }, "nzcv", 0, "nzcv" },
	{ "mrs r0, msp", { 0xf3ef, 0x8008 }, { 0, 0, 0 }, "nzcv", 0x20000300,
	  "nzcv" },
	{ "msr msp, r1; mov r0, sp", { 0xf381, 0x8808, 0x4668 },
	  { 0, 0x20000203, 0 }, "nzcv", 0x20000200, "nzcv" },
	{ "msr psp, r1; mrs r0, psp", { 0xf381, 0x8809, 0xf3ef, 0x8009 },
	  { 0, 0x20000207, 0 }, "nzcv", 0x20000204, "nzcv" },
	/* not selected yet */
	{ "msr psp, r1; mov r0, sp", { 0xf381, 0x8809, 0x4668 },
	  { 0, 0x20000204, 0 }, "nzcv", 0x20000300, "nzcv" },
	{ "msr psp, r1; msr control, r2; isb; mov r0, sp",
	  { 0xf381, 0x8809, 0xf382, 0x8814, 0xf3bf, 0x8f6f, 0x4668 },
	  { 0, 0x20000204, 2 }, "nzcv", 0x20000204, "nzcv" },
	{ "msr control, r2; mrs r0, msp", { 0xf382, 0x8814, 0xf3ef, 0x8008 },
	  { 0, 0, 2 }, "nzcv", 0x20000300, "nzcv" },
	{ "msr control, r2; msr control, r1; mov r0, sp",
	  { 0xf382, 0x8814, 0xf381, 0x8814, 0x4668 }, { 0, 0, 2 }, "nzcv",
	  0x20000300, "nzcv" },
	{ "msr control, r2; mrs r0, control",
	  { 0xf382, 0x8814, 0xf3ef, 0x8014 }, { 0, 0, 0xffffffff }, "nzcv", 2,
	  "nzcv" },
	{ "dmb; dsb; isb; sev; yield",
	  { 0xf3bf, 0x8f5f, 0xf3bf, 0x8f4f, 0xf3bf, 0x8f6f, 0xbf40, 0xbf10 },
	  { 7, 0, 0 }, "NzCv", 7, "NzCv" },
	{ "ldr r0, 1f; b .; nop; nop; 1: .word 0xcafe0123",
	  { 0x4801, 0xe7fe, 0x46c0, 0x46c0, 0x0123, 0xcafe }, { 0, 0, 0 },
	  "nzcv", 0xcafe0123, "nzcv" },
	{ "nop; ldr r0, 1f; b .; nop; 1: .word 0xcafe0123",
	  { 0x46c0, 0x4801, 0xe7fe, 0x46c0, 0x0123, 0xcafe }, { 0, 0, 0 },
	  "nzcv", 0xcafe0123, "nzcv" }, /* PC aligned down */
	{ "b 1f; movs r0, #9; 1: nop", { 0xe000, 0x2009, 0x46c0 },
	  { 1, 0, 0 }, "nzcv", 1, "nzcv" },
	/* backwards */
	{ "b 2f; 1: movs r0, #3; b .; 2: b 1b",
	  { 0xe001, 0x2003, 0xe7fe, 0xe7fc }, { 1, 0, 0 }, "nzcv", 3, "nzcv" },
	{ "bl 1f; b .; 1: mov r0, lr", { 0xf000, 0xf801, 0xe7fe, 0x4670 },
	  { 0, 0, 0 }, "nzcv", 0x20000105, "nzcv" },
	{ "b 2f; 1: mov r0, lr; b .; nop; 2: bl 1b",
	  { 0xe002, 0x4670, 0xe7fe, 0x46c0, 0xf7ff, 0xfffb }, { 0, 0, 0 },
	  "nzcv", 0x2000010d, "nzcv" },
	{ "adr r0, 1f; b .; 1: nop", { 0xa000, 0xe7fe, 0x46c0 }, { 0, 0, 0 },
	  "nzcv", 0x20000104, "nzcv" },
	{ "nop; adr r0, 1f; b .; nop; 1: nop",
	  { 0x46c0, 0xa001, 0xe7fe, 0x46c0 }, { 0, 0, 0 }, "nzcv", 0x20000108,
	  "nzcv" }, /* PC aligned down */
	{ "bx r1; movs r0, #9; nop", { 0x4708, 0x2009, 0x46c0 },
	  { 1, 0x20000105, 0 }, "nzcv", 1, "nzcv" },
	{ "blx r1; b .; mov r0, lr", { 0x4788, 0xe7fe, 0x4670 },
	  { 1, 0x20000105, 0 }, "nzcv", 0x20000103, "nzcv" },
	{ "mov lr, r1; blx lr; b .; mov r0, lr",
	  { 0x468e, 0x47f0, 0xe7fe, 0x4670 }, { 1, 0x20000107, 0 }, "nzcv",
	  0x20000105, "nzcv" }, /* target and link */
	{ "mov pc, r1; movs r0, #9; nop", { 0x468f, 0x2009, 0x46c0 },
	  { 1, 0x20000104, 0 }, "nzcv", 1, "nzcv" }, /* no Thumb bit needed */
	{ "add pc, r1; movs r0, #9; nop", { 0x448f, 0x2009, 0x46c0 },
	  { 1, 1, 0 }, "nzcv", 1, "nzcv" }, /* bit 0 is dropped */
	{ "push {r1}; pop {pc}; movs r0, #9; nop",
	  { 0xb402, 0xbd00, 0x2009, 0x46c0 }, { 1, 0x20000107, 0 }, "nzcv", 1,
	  "nzcv" },
	{ "bl 1f; b .; 1: push {lr}; pop {r0}",
	  { 0xf000, 0xf801, 0xe7fe, 0xb500, 0xbc01 }, { 0, 0, 0 }, "nzcv",
	  0x20000105, "nzcv" },
	{ "add r0, pc, #1020", { 0xa0ff }, { 0, 0, 0 }, "nzcv", 0x20000500,
	  "nzcv" },
};

static void test_programs(void)
{
	size_t i;
	unsigned reg;

	for (i = 0; i < ARRAY_LEN(programs); i++) {
		struct fixture fix;
		struct thumb *cpu = &fix.machine.cpu;

		t_about(programs[i].text);
		setup(&fix, programs[i].code,
		      code_len(programs[i].code, ARRAY_LEN(programs[i].code)),
		      programs[i].in);
		set_flags(cpu, programs[i].flags);
		EQUAL(thumb_run(cpu, 20), THUMB_IDLE);
		EQUAL(cpu->r[0], programs[i].want);
		check_flags(cpu, programs[i].want_flags);
		EQUAL(cpu->r[1], programs[i].in[1]);
		EQUAL(cpu->r[2], programs[i].in[2]);
		for (reg = 3; reg < 13; reg++) {
			if (reg != 8)	/* the one high register in use */
				EQUAL(cpu->r[reg], 0x01010101 * reg);
		}
	}
}

/* in is r0, r1, r2; want is r0; words are the two at DATA afterwards. */
static const struct {
	const char *text;
	uint16_t code[4];
	uint32_t in[3];
	uint32_t want;
	uint32_t words[2];
} memory_programs[] = {
	{ "ldr r0, [r1]", { 0x6808 }, { 0, 0x20000200, 0 }, 0x44332211,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldr r0, [r1, #124]", { 0x6fc8 }, { 0, 0x20000188, 0 }, 0xb8a79685,
	  { 0x44332211, 0xb8a79685 } }, /* the longest offset, from DATA + 4 */
	{ "ldr r0, [r1, r2]", { 0x5888 }, { 0, 0x20000300, 0xffffff04 },
	  0xb8a79685, { 0x44332211, 0xb8a79685 } }, /* a negative index */
	{ "ldrh r0, [r1, #2]", { 0x8848 }, { 0, 0x20000200, 0 }, 0x4433,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrh r0, [r1, #62]", { 0x8fc8 }, { 0, 0x200001c6, 0 }, 0x9685,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrh r0, [r1, r2]", { 0x5a88 }, { 0, 0x20000200, 6 }, 0xb8a7,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrb r0, [r1, #4]", { 0x7908 }, { 0, 0x20000200, 0 }, 0x85,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrb r0, [r1, #31]", { 0x7fc8 }, { 0, 0x200001e8, 0 }, 0xb8,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrb r0, [r1, r2]", { 0x5c88 }, { 0, 0x20000200, 3 }, 0x44,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrsh r0, [r1, r2]", { 0x5e88 }, { 0, 0x20000200, 2 }, 0x4433,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrsh r0, [r1, r2]", { 0x5e88 }, { 0, 0x20000200, 4 }, 0xffff9685,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrsb r0, [r1, r2]", { 0x5688 }, { 0, 0x20000200, 0 }, 0x11,
	  { 0x44332211, 0xb8a79685 } },
	{ "ldrsb r0, [r1, r2]", { 0x5688 }, { 0, 0x20000200, 7 }, 0xffffffb8,
	  { 0x44332211, 0xb8a79685 } },
	{ "mov sp, r1; ldr r0, [sp, #1020]", { 0x468d, 0x98ff },
	  { 0, 0x1ffffe08, 0 }, 0xb8a79685, { 0x44332211, 0xb8a79685 } },
	{ "str r0, [r1, #4]", { 0x6048 }, { 0xcafe0123, 0x20000200, 0 },
	  0xcafe0123, { 0x44332211, 0xcafe0123 } },
	{ "str r0, [r1, r2]", { 0x5088 }, { 0xcafe0123, 0x20000200, 0 },
	  0xcafe0123, { 0xcafe0123, 0xb8a79685 } },
	{ "strh r0, [r1, #6]", { 0x80c8 }, { 0xcafe0123, 0x20000200, 0 },
	  0xcafe0123, { 0x44332211, 0x01239685 } },
	{ "strh r0, [r1, r2]", { 0x5288 }, { 0xcafe0123, 0x20000200, 2 },
	  0xcafe0123, { 0x01232211, 0xb8a79685 } },
	{ "strb r0, [r1, #1]", { 0x7048 }, { 0xcafe0123, 0x20000200, 0 },
	  0xcafe0123, { 0x44332311, 0xb8a79685 } },
	{ "strb r0, [r1, r2]", { 0x5488 }, { 0xcafe0123, 0x20000200, 7 },
	  0xcafe0123, { 0x44332211, 0x23a79685 } },
	{ "mov sp, r1; str r0, [sp, #4]", { 0x468d, 0x9001 },
	  { 0xcafe0123, 0x20000200, 0 }, 0xcafe0123,
	  { 0x44332211, 0xcafe0123 } },
	{ "mov r7, r1; ldm r7!, {r0, r3}; mov r0, r7",
	  { 0x460f, 0xcf09, 0x4638 }, { 0, 0x20000200, 0 }, 0x20000208,
	  { 0x44332211, 0xb8a79685 } }, /* past both */
	{ "mov r7, r1; ldm r7!, {r0, r3}; mov r0, r3",
	  { 0x460f, 0xcf09, 0x4618 }, { 0, 0x20000200, 0 }, 0xb8a79685,
	  { 0x44332211, 0xb8a79685 } }, /* the lowest first */
	/* a loaded base keeps its value */
	{ "mov r0, r1; ldm r0, {r0, r3}", { 0x4608, 0xc809 },
	  { 0, 0x20000200, 0 }, 0x44332211, { 0x44332211, 0xb8a79685 } },
	{ "mov r7, r1; stm r7!, {r0, r1}; mov r0, r7",
	  { 0x460f, 0xc703, 0x4638 }, { 0xcafe0123, 0x20000200, 0 },
	  0x20000208, { 0xcafe0123, 0x20000200 } },
	{ "mov sp, r1; push {r0, r2}; mov r0, sp", { 0x468d, 0xb405, 0x4668 },
	  { 0xcafe0123, 0x20000208, 0x77 }, 0x20000200,
	  { 0xcafe0123, 0x00000077 } },
	{ "mov sp, r1; mov lr, r0; push {r2, lr}", { 0x468d, 0x4686, 0xb504 },
	  { 0xcafe0123, 0x20000208, 0x77 }, 0xcafe0123,
	  { 0x00000077, 0xcafe0123 } },
	{ "mov sp, r1; pop {r0, r3}; mov r0, sp", { 0x468d, 0xbc09, 0x4668 },
	  { 0, 0x20000200, 0 }, 0x20000208, { 0x44332211, 0xb8a79685 } },
	{ "mov sp, r1; pop {r3, r4}; mov r0, r4", { 0x468d, 0xbc18, 0x4620 },
	  { 0, 0x20000200, 0 }, 0xb8a79685, { 0x44332211, 0xb8a79685 } },
	/* LR does not change */
	{ "mov sp, r1; push {r7}; mov r0, sp", { 0x468d, 0xb480, 0x4668 },
	  { 0, 0x20000204, 0 }, 0x20000200, { 0x07070707, 0xb8a79685 } },
	/* PC does not change */
	{ "mov sp, r1; pop {r7}; mov r0, r7", { 0x468d, 0xbc80, 0x4638 },
	  { 0, 0x20000200, 0 }, 0x44332211, { 0x44332211, 0xb8a79685 } },
	{ "mov r0, r1; stm r0!, {r3, r7}", { 0x4608, 0xc088 },
	  { 0, 0x20000200, 0 }, 0x20000208, { 0x03030303, 0x07070707 } },
	{ "mov r0, r1; ldm r0!, {r3, r7}; mov r0, r7",
	  { 0x4608, 0xc888, 0x4638 }, { 0, 0x20000200, 0 }, 0xb8a79685,
	  { 0x44332211, 0xb8a79685 } },
	{ "mov r3, r1; ldm r3, {r0, r3}; mov r0, r3",
	  { 0x460b, 0xcb09, 0x4618 }, { 0, 0x20000200, 0 }, 0xb8a79685,
	  { 0x44332211, 0xb8a79685 } }, /* a loaded base keeps its value */
};

static void test_memory(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(memory_programs); i++) {
		const uint16_t *code = memory_programs[i].code;
		struct fixture fix;
		struct thumb *cpu = &fix.machine.cpu;

		t_about(memory_programs[i].text);
		setup(&fix, code, code_len(code, 4), memory_programs[i].in);
		set_flags(cpu, "NzCv");
		EQUAL(thumb_run(cpu, 20), THUMB_IDLE);
		EQUAL(cpu->r[0], memory_programs[i].want);
		EQUAL(get_le32(fix.ram + (DATA - RAM)),
		      memory_programs[i].words[0]);
		EQUAL(get_le32(fix.ram + (DATA - RAM) + 4),
		      memory_programs[i].words[1]);
		check_flags(cpu, "NzCv");
	}
}

/* Bit nzcv of taken is set when the branch is taken with these flags. */
static const struct { const char *text; uint16_t code, taken; } conditions[] = {
	{ "beq", 0xd001, 0xf0f0 }, { "bne", 0xd101, 0x0f0f },
	{ "bcs", 0xd201, 0xcccc }, { "bcc", 0xd301, 0x3333 },
	{ "bmi", 0xd401, 0xff00 }, { "bpl", 0xd501, 0x00ff },
	{ "bvs", 0xd601, 0xaaaa }, { "bvc", 0xd701, 0x5555 },
	{ "bhi", 0xd801, 0x0c0c }, { "bls", 0xd901, 0xf3f3 },
	{ "bge", 0xda01, 0xaa55 }, { "blt", 0xdb01, 0x55aa },
	{ "bgt", 0xdc01, 0x0a05 }, { "ble", 0xdd01, 0xf5fa },
};

static void test_conditions(void)
{
	const uint32_t in[3] = { 0 };
	size_t i;
	unsigned flags;

	for (i = 0; i < ARRAY_LEN(conditions); i++) {
		t_about(conditions[i].text);
		for (flags = 0; flags < 16; flags++) {
			/* b<c> 1f; b .; nop; 1: b . */
			const uint16_t code[] = { conditions[i].code,
						  SELF_BRANCH, 0x46c0 };
			bool taken = conditions[i].taken >> flags & 1;
			struct fixture fix;
			struct thumb *cpu = &fix.machine.cpu;

			setup(&fix, code, ARRAY_LEN(code), in);
			cpu->n = flags & 8;
			cpu->z = flags & 4;
			cpu->c = flags & 2;
			cpu->v = flags & 1;
			EQUAL(thumb_run(cpu, 5), THUMB_IDLE);
			EQUAL(cpu->r[15], CODE + (taken ? 6 : 2));
		}
	}
}

/* Targets of the longest branches: the offset is from CODE. */
static const struct {
	const char *text;
	uint16_t code[2];
	int32_t offset;
} branches[] = {
	{ "b, farthest forwards", { 0xe3ff, 0 }, 4 + 2046 },
	{ "b, farthest backwards", { 0xe400, 0 }, 4 - 2048 },
	{ "beq, farthest forwards", { 0xd07f, 0 }, 4 + 254 },
	{ "beq, farthest backwards", { 0xd080, 0 }, 4 - 256 },
	{ "bl, farthest forwards", { 0xf3ff, 0xd7ff }, 4 + 16777214 },
	{ "bl, farthest backwards", { 0xf400, 0xd000 }, 4 - 16777216 },
	{ "bl, J1 clear: bit 23", { 0xf000, 0xd800 }, 4 + 0x800000 },
	{ "bl, J2 clear: bit 22", { 0xf000, 0xf000 }, 4 + 0x400000 },
};

static void test_branch_range(void)
{
	const uint32_t in[3] = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(branches); i++) {
		struct fixture fix;
		struct thumb *cpu = &fix.machine.cpu;

		t_about(branches[i].text);
		setup(&fix, branches[i].code, 2, in);
		cpu->z = true;
		EQUAL(thumb_run(cpu, 1), THUMB_BUDGET);
		EQUAL(cpu->r[15], CODE + (uint32_t)branches[i].offset);
	}
}

/* before is the number of halfwords that run before the failing one. */
static const struct {
	const char *text;
	uint16_t code[2];
	unsigned before;
} faults[] = {
	{ "bkpt 0", { 0xbe00 }, 0 },
	{ "svc 0", { 0xdf00 }, 0 },
	{ "udf #0", { 0xde00 }, 0 },
	{ "udf.w", { 0xf7f0, 0xa000 }, 0 },
	{ "cbz r1, of ARMv7-M", { 0xb101 }, 0 },
	{ "it eq, of ARMv7-M", { 0xbf08 }, 0 },
	{ "hlt", { 0xba80 }, 0 },
	{ "push of nothing", { 0xb400 }, 0 },
	{ "pop of nothing", { 0xbc00 }, 0 },
	{ "stm of nothing", { 0xc100 }, 0 },
	{ "ldm of nothing", { 0xc900 }, 0 },
	{ "bx pc", { 0x4778 }, 0 },
	{ "blx pc", { 0x47f8 }, 0 },
	{ "bx with a bit that must be 0", { 0x4701 }, 0 },
	{ "add pc, pc", { 0x44ff }, 0 },
	{ "cmp of two low registers, long form", { 0x4508 }, 0 },
	{ "cmp r7, r0, long form", { 0x4507 }, 0 },
	{ "cmp r0, r7, long form", { 0x4538 }, 0 },
	{ "cmp r8, pc", { 0x45f8 }, 0 },
	{ "cps without a flag", { 0xb660 }, 0 },
	{ "movw, of ARMv7-M", { 0xf240, 0x0001 }, 0 },
	{ "push.w, of ARMv7-M", { 0xe92d, 0x0003 }, 0 },
	{ "ldr.w, of ARMv7-M", { 0xf85d, 0x0b04 }, 0 },
	{ "mrs r0, basepri, of ARMv7-M", { 0xf3ef, 0x8011 }, 0 },
	{ "msr basepri, r0, of ARMv7-M", { 0xf380, 0x8811 }, 0 },
	{ "mrs r0, msp_ns, of ARMv8-M", { 0xf3ef, 0x8088 }, 0 },
	{ "mrs sp, apsr", { 0xf3ef, 0x8d00 }, 0 },
	{ "msr msp_ns, r0, of ARMv8-M", { 0xf380, 0x8888 }, 0 },
	{ "msr apsr, sp", { 0xf38d, 0x8800 }, 0 },
	{ "clrex, of ARMv7-M", { 0xf3bf, 0x8f2f }, 0 },
	{ "beq.w, of ARMv7-M", { 0xf000, 0x8000 }, 0 },
	{ "bx r0", { 0x4700 }, 0 }, /* no Thumb bit: ARM state */
	{ "blx r0", { 0x4780 }, 0 }, /* the same */
	{ "ldr r0, [r1, #4]", { 0x6848 }, 0 }, /* unaligned word */
	{ "ldrh r0, [r1]", { 0x8808 }, 0 }, /* unaligned halfword */
	{ "str r0, [r1]", { 0x6008 }, 0 }, /* unaligned store */
	{ "strh r0, [r1]", { 0x8008 }, 0 }, /* unaligned store */
	{ "pop {pc}", { 0xbd00 }, 0 }, /* to a word without Thumb bit */
	{ "ldr r0, [r2]", { 0x6810 }, 0 }, /* no memory */
	{ "str r0, [r2]", { 0x6010 }, 0 }, /* no memory */
	{ "ldrsh r0, [r2, r2]", { 0x5e90 }, 0 }, /* no memory */
	{ "ldrsb r0, [r2, r2]", { 0x5690 }, 0 }, /* no memory */
	{ "stm r2!, {r0}", { 0xc201 }, 0 }, /* no memory */
	{ "mov sp, r2; push {r0}", { 0x4695, 0xb401 }, 1 }, /* no memory */
	{ "mov sp, r2; push {lr}", { 0x4695, 0xb500 }, 1 }, /* no memory */
	{ "mov sp, r2; pop {r0}", { 0x4695, 0xbc01 }, 1 }, /* no memory */
	{ "mov sp, r2; pop {pc}", { 0x4695, 0xbd00 }, 1 }, /* no memory */
	{ "ldm r2!, {r0, r1}", { 0xca03 }, 0 }, /* no memory */
	{ "bx r3", { 0x4718 }, 0 }, /* no memory at the target */
};

static void test_faults(void)
{
	const uint32_t in[3] = { CODE + 8, DATA + 1, VOID };
	size_t i;

	for (i = 0; i < ARRAY_LEN(faults); i++) {
		struct fixture fix;
		struct thumb *cpu = &fix.machine.cpu;
		uint32_t at = CODE + 2 * faults[i].before;

		t_about(faults[i].text);
		setup(&fix, faults[i].code, 2, in);
		cpu->r[3] = VOID + 1;
		if (i + 1 == ARRAY_LEN(faults))
			at = VOID;	/* bx r3: the fetch fails */
		EQUAL(thumb_run(cpu, 10), THUMB_FAULT);
		EQUAL(cpu->r[15], at);
		EQUAL(cpu->r[14], LINK);
		EQUAL(cpu->steps, at == VOID ? 1 : faults[i].before);
	}
}

static void test_fetch_of_half_an_instruction(void)
{
	const uint32_t in[3] = { 0 };
	const uint16_t first_of_bl = 0xf000;
	struct fixture fix;

	t_about("the second halfword is not there");
	setup(&fix, &first_of_bl, 1, in);
	put_code(&fix, &first_of_bl, 1);
	fix.machine.ram.len = CODE - RAM + 2;
	EQUAL(thumb_run(&fix.machine.cpu, 1), THUMB_FAULT);
	EQUAL(fix.machine.cpu.r[15], CODE);
}

static void test_stops(void)
{
	const uint16_t sleeps[] = { 0xbf30, 0xbf20, 0x2001 };
	const uint32_t in[3] = { 0 };
	struct fixture fix;
	struct thumb *cpu = &fix.machine.cpu;

	t_about("wfi; wfe; movs r0, #1");
	setup(&fix, sleeps, ARRAY_LEN(sleeps), in);
	EQUAL(thumb_run(cpu, 0), THUMB_BUDGET);
	EQUAL(cpu->steps, 0);
	EQUAL(thumb_run(cpu, 10), THUMB_IDLE);
	EQUAL(cpu->r[15], CODE + 2);
	EQUAL(thumb_run(cpu, 10), THUMB_IDLE);
	EQUAL(cpu->r[15], CODE + 4);
	EQUAL(thumb_run(cpu, 1), THUMB_BUDGET);
	EQUAL(cpu->r[0], 1);
	EQUAL(thumb_run(cpu, 10), THUMB_IDLE);
	EQUAL(cpu->r[15], CODE + 6);
	EQUAL(cpu->steps, 4);
}

static const struct {
	const char *text;
	uint32_t stack, entry, table;
	bool ok;
	uint32_t sp;
} resets[] = {
	{ "plain", RAM + 0x400, CODE + 1, DATA, true, RAM + 0x400 },
	{ "a crooked stack", RAM + 0x403, CODE + 1, DATA, true, RAM + 0x400 },
	{ "no Thumb bit", RAM + 0x400, CODE, DATA, false, 0 },
	{ "a table in the void", 0, 0, VOID, false, 0 },
	{ "half a table", 0, CODE + 1, RAM + 0x7fc, false, 0 },
	{ "a crooked table", RAM + 0x400, CODE + 1, DATA + 2, false, 0 },
};

static void test_reset(void)
{
	const uint32_t in[3] = { 1, 2, 3 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(resets); i++) {
		struct fixture fix;
		struct thumb *cpu = &fix.machine.cpu;

		t_about(resets[i].text);
		setup(&fix, NULL, 0, in);
		put_le32(fix.ram + (DATA - RAM), resets[i].stack);
		put_le32(fix.ram + (DATA - RAM) + 4, resets[i].entry);
		cpu->primask = cpu->control = 3;
		cpu->n = cpu->halt = true;
		EQUAL(thumb_reset(cpu, resets[i].table), resets[i].ok);
		if (!resets[i].ok)
			continue;
		EQUAL(cpu->r[13], resets[i].sp);
		EQUAL(cpu->r[15], CODE);
		EQUAL(cpu->primask | cpu->control | cpu->n | cpu->halt, 0);
		EQUAL(thumb_run(cpu, 1), THUMB_IDLE);
	}
}

/* The stub that requests a system reset: its address, and the store that it
 * must make. */
struct reset_watch {
	struct machine machine;
	uint8_t ram[64];
	uint32_t address, value;
	unsigned stores;
	bool stop;
};

static bool watch_store(struct machine *machine, uint32_t address,
			uint32_t value)
{
	struct reset_watch *watch = (struct reset_watch *)machine;

	watch->address = address;
	watch->value = value;
	watch->stores++;
	machine->cpu.halt = watch->stop;
	return true;
}

static void run_reset_stub(struct reset_watch *watch, bool stop)
{
	static const uint8_t stub[28] = {
		0x00, 0x50, 0x00, 0x20, 0x09, 0x02, 0x00, 0x20,
		0x02, 0x48, 0x03, 0x49, 0xbf, 0xf3, 0x4f, 0x8f,
		0x01, 0x60, 0xfe, 0xe7, 0x0c, 0xed, 0x00, 0xe0,
		0x04, 0x00, 0xfa, 0x05
	};

	*watch = (struct reset_watch){ .machine.store = watch_store };
	watch->stop = stop;
	watch->machine.ram = (struct machine_memory){
		RAM + 0x200, sizeof(watch->ram), watch->ram
	};
	memcpy(watch->ram, stub, sizeof(stub));
	machine_wire(&watch->machine);
	CHECK(thumb_reset(&watch->machine.cpu, RAM + 0x200));
}

static void test_reset_stub(void)
{
	struct reset_watch watch;

	t_about("reset stub");
	run_reset_stub(&watch, false);
	EQUAL(watch.machine.cpu.r[13], RAM + 0x5000);
	EQUAL(thumb_run(&watch.machine.cpu, 100), THUMB_IDLE);
	EQUAL(watch.stores, 1);
	EQUAL(watch.address, 0xe000ed0c);
	EQUAL(watch.value, 0x05fa0004);

	t_about("the bus stops the processor");
	run_reset_stub(&watch, true);
	EQUAL(thumb_run(&watch.machine.cpu, 100), THUMB_HALTED);
	EQUAL(watch.machine.cpu.r[15], RAM + 0x200 + 8 + 10);
	EQUAL(thumb_run(&watch.machine.cpu, 100), THUMB_HALTED);
	EQUAL(watch.machine.cpu.steps, 4);
}

/*
 * The compiler's output for the C code next to it: arm-none-eabi-gcc 12.2.1
 * -mcpu=cortex-m0 -mthumb -Os -ffreestanding.
 *
 *	uint32_t crc32(const uint8_t *p, uint32_t n)
 *	{
 *		uint32_t crc = 0xffffffff;
 *
 *		while (n-- > 0) {
 *			crc ^= *p++;
 *			for (int bit = 0; bit < 8; bit++)
 *				crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
 *		}
 *		return ~crc;
 *	}
 */
static const uint16_t crc32_code[] = {
	0x2301, 0xb570, 0x2401, 0x1841, 0x425b, 0x4288, 0xd101, 0x43d8,
	0xbd70, 0x7802, 0x4053, 0x2208, 0x001d, 0x085e, 0x4025, 0x4223,
	0xd000, 0x4d04, 0x0033, 0x3a01, 0x406b, 0x2a00, 0xd1f4, 0x3001,
	0xe7eb, 0x46c0, 0x8320, 0xedb8
};

/*
 *	void sort(int16_t *v, int n)
 *	{
 *		for (int i = 1; i < n; i++) {
 *			int16_t x = v[i];
 *			int j = i;
 *
 *			for (; j > 0 && v[j - 1] > x; j--)
 *				v[j] = v[j - 1];
 *			v[j] = x;
 *		}
 *	}
 */
static const uint16_t sort_code[] = {
	0x468c, 0x2201, 0xb5f0, 0x1e87, 0x4562, 0xdb00, 0xbdf0, 0x0053,
	0x5ec4, 0x0013, 0x005e, 0x5fbd, 0x42a5, 0xdd03, 0x3b01, 0x5385,
	0x2b00, 0xd1f7, 0x005b, 0x521c, 0x3201, 0xe7ed
};

/*
 *	uint64_t divide(uint64_t a, uint64_t b)
 *	{
 *		uint64_t quotient = 0, rest = 0;
 *
 *		for (int bit = 63; bit >= 0; bit--) {
 *			rest = rest << 1 | a >> 63;
 *			a <<= 1;
 *			quotient <<= 1;
 *			if (rest >= b) {
 *				rest -= b;
 *				quotient |= 1;
 *			}
 *		}
 *		return quotient;
 *	}
 */
static const uint16_t divide_code[] = {
	0xb5f0, 0xb087, 0x9303, 0x2340, 0x2401, 0x9202, 0x9305, 0x2200,
	0x2300, 0x9000, 0x9101, 0x0010, 0x0019, 0x46a4, 0x0014, 0x001d,
	0x18a4, 0x415d, 0x9e01, 0x002b, 0x0ff6, 0x4326, 0x0032, 0x9c00,
	0x9d01, 0x0026, 0x002f, 0x1800, 0x4149, 0x19a4, 0x417d, 0x9e03,
	0x9400, 0x9501, 0x0004, 0x000d, 0x429e, 0xd80b, 0xd102, 0x9e02,
	0x4296, 0xd807, 0x9802, 0x9903, 0x4666, 0x4326, 0x1a12, 0x418b,
	0x0030, 0x0029, 0x9c05, 0x3c01, 0x9405, 0x2c00, 0xd1d6, 0xb007,
	0xbdf0
};

/*
 *	struct move { char from, to; };
 *	struct move *hanoi(struct move *out, int n, int from, int to)
 *	{
 *		if (n == 0)
 *			return out;
 *		out = hanoi(out, n - 1, from, 6 - from - to);
 *		*out++ = (struct move){ (char)from, (char)to };
 *		return hanoi(out, n - 1, 6 - from - to, to);
 *	}
 */
static const uint16_t hanoi_code[] = {
	0xb5f8, 0x000e, 0x0014, 0x001f, 0x2e00, 0xd00e, 0x2506, 0x1b2d,
	0x1bed, 0x3e01, 0x002b, 0x0022, 0x0031, 0xf7ff, 0xfff1, 0x0003,
	0x3002, 0x701c, 0x705f, 0x002c, 0xe7ee, 0xbdf8
};

/* Calls a function with r0 to r3; it returns to a branch to itself. */
static void call(struct fixture *fix, const uint16_t *code, size_t count,
		 const uint32_t *args)
{
	struct thumb *cpu = &fix->machine.cpu;
	uint32_t end = CODE + 2 * (uint32_t)count;

	setup(fix, code, count, args);
	cpu->r[3] = args[3];
	cpu->r[13] = RAM + sizeof(fix->ram);
	cpu->r[14] = end + 1;
}

static void finish(struct thumb *cpu)
{
	uint32_t end = cpu->r[14] - 1;

	EQUAL(thumb_run(cpu, 100000), THUMB_IDLE);
	EQUAL(cpu->r[15], end);
	EQUAL(cpu->r[13], RAM + 0x800);
	EQUAL(cpu->r[4], 0x04040404);
	EQUAL(cpu->r[7], 0x07070707);
}

static void test_crc32(void)
{
	static const char text[] = "123456789";
	const uint32_t args[4] = { DATA, 9, 0, 0 };
	struct fixture fix;

	t_about("crc32");
	call(&fix, crc32_code, ARRAY_LEN(crc32_code), args);
	memcpy(fix.ram + (DATA - RAM), text, 9);
	finish(&fix.machine.cpu);
	EQUAL(fix.machine.cpu.r[0], 0xcbf43926);
}

static void test_sort(void)
{
	static const uint8_t in[] = { 5, 0, 0, 0x80, 0xff, 0xff, 0, 0,
				      0xff, 0x7f, 5, 0, 0xfe, 0xff };
	static const uint8_t sorted[] = { 0, 0x80, 0xfe, 0xff, 0xff, 0xff, 0,
					  0, 5, 0, 5, 0, 0xff, 0x7f };
	const uint32_t args[4] = { DATA, 7, 0, 0 };
	struct fixture fix;

	t_about("sort");
	call(&fix, sort_code, ARRAY_LEN(sort_code), args);
	memcpy(fix.ram + (DATA - RAM), in, sizeof(in));
	finish(&fix.machine.cpu);
	BYTES(fix.ram + (DATA - RAM), sorted, sizeof(sorted));
}

static void test_divide(void)
{
	static const uint64_t values[] = {
		1, 7, 10, 0xffffffff, 0x100000000, 0x123456789abcdef0,
		0x7fffffffffffffff
	};
	size_t i, j;

	t_about("divide");
	for (i = 0; i < ARRAY_LEN(values); i++) {
		for (j = 0; j < ARRAY_LEN(values); j++) {
			uint64_t a = values[i], b = values[j];
			const uint32_t args[4] = {
				(uint32_t)a, (uint32_t)(a >> 32),
				(uint32_t)b, (uint32_t)(b >> 32)
			};
			struct fixture fix;
			struct thumb *cpu = &fix.machine.cpu;

			call(&fix, divide_code, ARRAY_LEN(divide_code), args);
			finish(cpu);
			EQUAL(cpu->r[0] | (uint64_t)cpu->r[1] << 32, a / b);
		}
	}
}

static void test_recursion(void)
{
	static const uint8_t moves[] = { 1, 3, 1, 2, 3, 2, 1, 3,
					 2, 1, 2, 3, 1, 3 };
	const uint32_t args[4] = { DATA, 3, 1, 3 };
	struct fixture fix;

	t_about("hanoi");
	call(&fix, hanoi_code, ARRAY_LEN(hanoi_code), args);
	finish(&fix.machine.cpu);
	EQUAL(fix.machine.cpu.r[0], DATA + sizeof(moves));
	BYTES(fix.ram + (DATA - RAM), moves, sizeof(moves));
}

int main(void)
{
	test_programs();
	test_memory();
	test_conditions();
	test_branch_range();
	test_faults();
	test_fetch_of_half_an_instruction();
	test_stops();
	test_reset();
	test_reset_stub();
	test_crc32();
	test_sort();
	test_divide();
	test_recursion();
	return t_done();
}
