/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After the ARMv6-M Architecture Reference Manual (DDI 0419), chapters A5
 * (encodings) and A6 (operations). Its UNPREDICTABLE cases are faults here:
 * code that needs them would not be portable to the real part.
 */
#include "sim/thumb.h"

#include <stddef.h>

#include "utils.h"

#define SP 13
#define LR 14
#define PC 15

#define CONTROL_SPSEL 2u	/* r[13] is the process stack pointer */

/* Returned by a handler if the next instruction may run. */
#define RUNNING THUMB_BUDGET

/* A row of the table below. op is the halfword; for a 32-bit instruction the
 * first halfword is the upper half. */
struct instruction {
	uint32_t mask, value;
	enum thumb_stop (*run)(struct thumb *cpu, uint32_t op);
};

/* Fields of an instruction: len bits from bit low. */
static unsigned field(uint32_t op, unsigned low, unsigned len)
{
	return (unsigned)(op >> low) & ((1u << len) - 1);
}

/* A low register, 3 bits of op. */
static uint32_t low_reg(const struct thumb *cpu, uint32_t op, unsigned low)
{
	return cpu->r[field(op, low, 3)];
}

static uint32_t sign_extend(uint32_t value, unsigned bits)
{
	uint32_t sign = (uint32_t)1 << (bits - 1);

	value &= sign | (sign - 1);
	return (value ^ sign) - sign;
}

/* The program counter as a 16-bit instruction reads it. */
static uint32_t pc_value(const struct thumb *cpu)
{
	return cpu->r[PC] + 2;
}

/* Any register as an operand. */
static uint32_t reg_value(const struct thumb *cpu, unsigned reg)
{
	return reg == PC ? pc_value(cpu) : cpu->r[reg];
}

/* A branch that ignores the Thumb bit. */
static enum thumb_stop branch(struct thumb *cpu, uint32_t target)
{
	cpu->r[PC] = target & ~(uint32_t)1;
	return RUNNING;
}

/* A branch to a pointer: without the Thumb bit it means ARM state. */
static enum thumb_stop branch_exchange(struct thumb *cpu, uint32_t target)
{
	return target & 1 ? branch(cpu, target) : THUMB_FAULT;
}

/* Writes a result to any register without changing the flags. */
static enum thumb_stop set_reg(struct thumb *cpu, unsigned reg, uint32_t value)
{
	if (reg == PC)
		return branch(cpu, value);
	/* The two low bits of a stack pointer are always 0. */
	cpu->r[reg] = reg == SP ? round_down(value, 4) : value;
	return RUNNING;
}

static void set_nz(struct thumb *cpu, uint32_t value)
{
	cpu->n = value >> 31;
	cpu->z = value == 0;
}

/* Writes a result and sets N and Z; the bits from low on name the register. */
static enum thumb_stop set_low(struct thumb *cpu, uint32_t op, unsigned low,
			       uint32_t value)
{
	cpu->r[field(op, low, 3)] = value;
	set_nz(cpu, value);
	return RUNNING;
}

static uint32_t add_with_carry(struct thumb *cpu, uint32_t a, uint32_t b,
			       bool carry)
{
	uint64_t wide = (uint64_t)a + b + carry;
	uint32_t sum = (uint32_t)wide;

	set_nz(cpu, sum);
	cpu->c = wide >> 32;
	cpu->v = (~(a ^ b) & (a ^ sum)) >> 31;
	return sum;
}

/* a - b sets the carry when there is no borrow. */
static uint32_t subtract(struct thumb *cpu, uint32_t a, uint32_t b)
{
	return add_with_carry(cpu, a, ~b, true);
}

/*
 * Shifts by 0 to 255. By 0 the carry does not change; the manual's immediate 0
 * of LSR and ASR is passed as 32.
 */
static uint32_t shift_left(struct thumb *cpu, uint32_t value, unsigned by)
{
	if (by == 0)
		return value;
	cpu->c = by <= 32 && (value >> (32 - by)) & 1;
	return by < 32 ? value << by : 0;
}

static uint32_t shift_right(struct thumb *cpu, uint32_t value, unsigned by)
{
	if (by == 0)
		return value;
	cpu->c = by <= 32 && (value >> (by - 1)) & 1;
	return by < 32 ? value >> by : 0;
}

static uint32_t shift_arithmetic(struct thumb *cpu, uint32_t value, unsigned by)
{
	uint32_t sign = value >> 31 ? 0xffffffff : 0;

	if (by == 0)
		return value;
	cpu->c = (by < 32 ? value >> (by - 1) : sign) & 1;
	return by < 32 ? value >> by | sign << (31 - by) << 1 : sign;
}

static uint32_t rotate(struct thumb *cpu, uint32_t value, unsigned by)
{
	uint32_t turned = value;

	if (by == 0)
		return value;
	by %= 32;
	if (by != 0)
		turned = value >> by | value << (32 - by);
	cpu->c = turned >> 31;
	return turned;
}

/* Memory. */

static bool load(struct thumb *cpu, uint32_t address, unsigned size,
		 uint32_t *value)
{
	*value = 0;
	return address % size == 0 &&
	       cpu->bus.load(cpu->bus.ctx, address, size, value);
}

static bool store(struct thumb *cpu, uint32_t address, unsigned size,
		  uint32_t value)
{
	if (size < 4)
		value = field(value, 0, 8 * size);
	return address % size == 0 &&
	       cpu->bus.store(cpu->bus.ctx, address, size, value);
}

static enum thumb_stop load_low(struct thumb *cpu, uint32_t op, unsigned low,
				uint32_t address, unsigned size)
{
	uint32_t value;

	if (!load(cpu, address, size, &value))
		return THUMB_FAULT;
	cpu->r[field(op, low, 3)] = value;
	return RUNNING;
}

static enum thumb_stop load_signed(struct thumb *cpu, uint32_t op,
				   uint32_t address, unsigned size)
{
	uint32_t value;

	if (!load(cpu, address, size, &value))
		return THUMB_FAULT;
	cpu->r[field(op, 0, 3)] = sign_extend(value, 8 * size);
	return RUNNING;
}

static enum thumb_stop store_low(struct thumb *cpu, uint32_t op, unsigned low,
				 uint32_t address, unsigned size)
{
	return store(cpu, address, size, low_reg(cpu, op, low)) ? RUNNING :
								  THUMB_FAULT;
}

/* The three addressing modes: [rn, rm], [rn, #imm5 * size], [sp, #imm8 * 4]. */
static uint32_t at_reg(const struct thumb *cpu, uint32_t op)
{
	return low_reg(cpu, op, 3) + low_reg(cpu, op, 6);
}

static uint32_t at_imm(const struct thumb *cpu, uint32_t op, unsigned size)
{
	return low_reg(cpu, op, 3) + field(op, 6, 5) * size;
}

static uint32_t at_sp(const struct thumb *cpu, uint32_t op)
{
	return cpu->r[SP] + field(op, 0, 8) * 4;
}

/* The literal pool and ADR: relative to the word that holds the PC. */
static uint32_t at_pc(const struct thumb *cpu, uint32_t op)
{
	return round_down(pc_value(cpu), 4) + field(op, 0, 8) * 4;
}

/* Shift by an immediate, add, subtract, move, compare: A5.2.1. */

static enum thumb_stop lsl_imm(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_left(cpu, low_reg(cpu, op, 3),
					      field(op, 6, 5)));
}

static unsigned right_shift_amount(uint32_t op)
{
	return field(op, 6, 5) != 0 ? field(op, 6, 5) : 32;
}

static enum thumb_stop lsr_imm(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_right(cpu, low_reg(cpu, op, 3),
					       right_shift_amount(op)));
}

static enum thumb_stop asr_imm(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_arithmetic(cpu, low_reg(cpu, op, 3),
						    right_shift_amount(op)));
}

static enum thumb_stop add_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, add_with_carry(cpu, low_reg(cpu, op, 3),
						  low_reg(cpu, op, 6), false));
}

static enum thumb_stop sub_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, subtract(cpu, low_reg(cpu, op, 3),
					    low_reg(cpu, op, 6)));
}

static enum thumb_stop add_imm3(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, add_with_carry(cpu, low_reg(cpu, op, 3),
						  field(op, 6, 3), false));
}

static enum thumb_stop sub_imm3(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, subtract(cpu, low_reg(cpu, op, 3),
					    field(op, 6, 3)));
}

static enum thumb_stop mov_imm(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 8, field(op, 0, 8));
}

static enum thumb_stop cmp_imm(struct thumb *cpu, uint32_t op)
{
	subtract(cpu, low_reg(cpu, op, 8), field(op, 0, 8));
	return RUNNING;
}

static enum thumb_stop add_imm8(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 8, add_with_carry(cpu, low_reg(cpu, op, 8),
						  field(op, 0, 8), false));
}

static enum thumb_stop sub_imm8(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 8, subtract(cpu, low_reg(cpu, op, 8),
					    field(op, 0, 8)));
}

/* Data processing, two low registers: A5.2.2. d is also the first operand. */

static enum thumb_stop and_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, low_reg(cpu, op, 0) & low_reg(cpu, op, 3));
}

static enum thumb_stop eor_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, low_reg(cpu, op, 0) ^ low_reg(cpu, op, 3));
}

static enum thumb_stop orr_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, low_reg(cpu, op, 0) | low_reg(cpu, op, 3));
}

static enum thumb_stop bic_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, low_reg(cpu, op, 0) & ~low_reg(cpu, op, 3));
}

static enum thumb_stop mvn_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, ~low_reg(cpu, op, 3));
}

static enum thumb_stop mul_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, low_reg(cpu, op, 0) * low_reg(cpu, op, 3));
}

/* Only the low byte of the register counts. */
static unsigned shift_amount(const struct thumb *cpu, uint32_t op)
{
	return low_reg(cpu, op, 3) & 0xff;
}

static enum thumb_stop lsl_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_left(cpu, low_reg(cpu, op, 0),
					      shift_amount(cpu, op)));
}

static enum thumb_stop lsr_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_right(cpu, low_reg(cpu, op, 0),
					       shift_amount(cpu, op)));
}

static enum thumb_stop asr_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, shift_arithmetic(cpu, low_reg(cpu, op, 0),
						    shift_amount(cpu, op)));
}

static enum thumb_stop ror_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, rotate(cpu, low_reg(cpu, op, 0),
					  shift_amount(cpu, op)));
}

static enum thumb_stop adc_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, add_with_carry(cpu, low_reg(cpu, op, 0),
						  low_reg(cpu, op, 3),
						  cpu->c));
}

static enum thumb_stop sbc_reg(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, add_with_carry(cpu, low_reg(cpu, op, 0),
						  ~low_reg(cpu, op, 3),
						  cpu->c));
}

static enum thumb_stop rsb_zero(struct thumb *cpu, uint32_t op)
{
	return set_low(cpu, op, 0, subtract(cpu, 0, low_reg(cpu, op, 3)));
}

static enum thumb_stop tst_reg(struct thumb *cpu, uint32_t op)
{
	set_nz(cpu, low_reg(cpu, op, 0) & low_reg(cpu, op, 3));
	return RUNNING;
}

static enum thumb_stop cmp_reg(struct thumb *cpu, uint32_t op)
{
	subtract(cpu, low_reg(cpu, op, 0), low_reg(cpu, op, 3));
	return RUNNING;
}

static enum thumb_stop cmn_reg(struct thumb *cpu, uint32_t op)
{
	add_with_carry(cpu, low_reg(cpu, op, 0), low_reg(cpu, op, 3), false);
	return RUNNING;
}

/* Any registers, and branches to one: A5.2.3. */

static unsigned high_d(uint32_t op)
{
	return field(op, 7, 1) << 3 | field(op, 0, 3);
}

static unsigned high_m(uint32_t op)
{
	return field(op, 3, 4);
}

static enum thumb_stop add_high(struct thumb *cpu, uint32_t op)
{
	unsigned d = high_d(op), m = high_m(op);

	if (d == PC && m == PC)
		return THUMB_FAULT;
	return set_reg(cpu, d, reg_value(cpu, d) + reg_value(cpu, m));
}

static enum thumb_stop cmp_high(struct thumb *cpu, uint32_t op)
{
	unsigned n = high_d(op), m = high_m(op);

	if (n == PC || m == PC || (n < 8 && m < 8))
		return THUMB_FAULT;
	subtract(cpu, cpu->r[n], cpu->r[m]);
	return RUNNING;
}

static enum thumb_stop mov_high(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, high_d(op), reg_value(cpu, high_m(op)));
}

static enum thumb_stop bx_reg(struct thumb *cpu, uint32_t op)
{
	if (high_m(op) == PC)
		return THUMB_FAULT;
	return branch_exchange(cpu, cpu->r[high_m(op)]);
}

static enum thumb_stop blx_reg(struct thumb *cpu, uint32_t op)
{
	uint32_t back = cpu->r[PC] | 1;
	enum thumb_stop stop = bx_reg(cpu, op);

	if (stop == RUNNING)
		cpu->r[LR] = back;
	return stop;
}

/* Loads and stores of one register: A5.2.4 and the literal pool. */

static enum thumb_stop ldr_literal(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 8, at_pc(cpu, op), 4);
}

static enum thumb_stop str_reg(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_reg(cpu, op), 4);
}

static enum thumb_stop strh_reg(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_reg(cpu, op), 2);
}

static enum thumb_stop strb_reg(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_reg(cpu, op), 1);
}

static enum thumb_stop ldrsb_reg(struct thumb *cpu, uint32_t op)
{
	return load_signed(cpu, op, at_reg(cpu, op), 1);
}

static enum thumb_stop ldr_reg(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_reg(cpu, op), 4);
}

static enum thumb_stop ldrh_reg(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_reg(cpu, op), 2);
}

static enum thumb_stop ldrb_reg(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_reg(cpu, op), 1);
}

static enum thumb_stop ldrsh_reg(struct thumb *cpu, uint32_t op)
{
	return load_signed(cpu, op, at_reg(cpu, op), 2);
}

static enum thumb_stop str_imm(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_imm(cpu, op, 4), 4);
}

static enum thumb_stop ldr_imm(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_imm(cpu, op, 4), 4);
}

static enum thumb_stop strb_imm(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_imm(cpu, op, 1), 1);
}

static enum thumb_stop ldrb_imm(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_imm(cpu, op, 1), 1);
}

static enum thumb_stop strh_imm(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 0, at_imm(cpu, op, 2), 2);
}

static enum thumb_stop ldrh_imm(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 0, at_imm(cpu, op, 2), 2);
}

static enum thumb_stop str_sp(struct thumb *cpu, uint32_t op)
{
	return store_low(cpu, op, 8, at_sp(cpu, op), 4);
}

static enum thumb_stop ldr_sp(struct thumb *cpu, uint32_t op)
{
	return load_low(cpu, op, 8, at_sp(cpu, op), 4);
}

/* Addresses, and the miscellaneous ones of A5.2.5. */

static enum thumb_stop adr(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 8, 3), at_pc(cpu, op));
}

static enum thumb_stop add_reg_sp(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 8, 3), at_sp(cpu, op));
}

static enum thumb_stop add_sp(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, SP, cpu->r[SP] + field(op, 0, 7) * 4);
}

static enum thumb_stop sub_sp(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, SP, cpu->r[SP] - field(op, 0, 7) * 4);
}

static enum thumb_stop sxth(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3),
		       sign_extend(low_reg(cpu, op, 3), 16));
}

static enum thumb_stop sxtb(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3),
		       sign_extend(low_reg(cpu, op, 3), 8));
}

static enum thumb_stop uxth(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3), low_reg(cpu, op, 3) & 0xffff);
}

static enum thumb_stop uxtb(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3), low_reg(cpu, op, 3) & 0xff);
}

/* Swaps the bytes of each halfword. */
static uint32_t swap_bytes(uint32_t value)
{
	return (value & 0x00ff00ff) << 8 | (value >> 8 & 0x00ff00ff);
}

static enum thumb_stop rev(struct thumb *cpu, uint32_t op)
{
	uint32_t swapped = swap_bytes(low_reg(cpu, op, 3));

	return set_reg(cpu, field(op, 0, 3), swapped << 16 | swapped >> 16);
}

static enum thumb_stop rev16(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3), swap_bytes(low_reg(cpu, op, 3)));
}

static enum thumb_stop revsh(struct thumb *cpu, uint32_t op)
{
	return set_reg(cpu, field(op, 0, 3),
		       sign_extend(swap_bytes(low_reg(cpu, op, 3)), 16));
}

static enum thumb_stop cps(struct thumb *cpu, uint32_t op)
{
	cpu->primask = field(op, 4, 1);
	return RUNNING;
}

static enum thumb_stop no_operation(struct thumb *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return RUNNING;
}

static enum thumb_stop idle(struct thumb *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return THUMB_IDLE;
}

static enum thumb_stop fault(struct thumb *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return THUMB_FAULT;
}

/* Several registers at once, the lowest at the lowest address. */

static bool move_many(struct thumb *cpu, uint32_t list, uint32_t *address,
		      bool to_memory)
{
	unsigned reg;

	for (reg = 0; reg < 8; reg++) {
		if (!(list >> reg & 1))
			continue;
		if (to_memory ? !store(cpu, *address, 4, cpu->r[reg]) :
				!load(cpu, *address, 4, &cpu->r[reg]))
			return false;
		*address += 4;
	}
	return true;
}

static unsigned count_bits(unsigned bits)
{
	unsigned count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

static enum thumb_stop push(struct thumb *cpu, uint32_t op)
{
	unsigned list = field(op, 0, 9);	/* bit 8: LR */
	uint32_t bottom = cpu->r[SP] - 4 * count_bits(list);
	uint32_t address = bottom;

	if (list == 0 || !move_many(cpu, list, &address, true))
		return THUMB_FAULT;
	if (list >> 8 && !store(cpu, address, 4, cpu->r[LR]))
		return THUMB_FAULT;
	cpu->r[SP] = bottom;
	return RUNNING;
}

static enum thumb_stop pop(struct thumb *cpu, uint32_t op)
{
	unsigned list = field(op, 0, 9);	/* bit 8: PC */
	uint32_t address = cpu->r[SP];
	uint32_t target = cpu->r[PC] | 1;

	if (list == 0 || !move_many(cpu, list, &address, false))
		return THUMB_FAULT;
	if (list >> 8) {
		if (!load(cpu, address, 4, &target))
			return THUMB_FAULT;
		address += 4;
	}
	cpu->r[SP] = address;
	return branch_exchange(cpu, target);
}

static enum thumb_stop stm(struct thumb *cpu, uint32_t op)
{
	unsigned list = field(op, 0, 8);
	uint32_t address = low_reg(cpu, op, 8);

	if (list == 0 || !move_many(cpu, list, &address, true))
		return THUMB_FAULT;
	cpu->r[field(op, 8, 3)] = address;
	return RUNNING;
}

static enum thumb_stop ldm(struct thumb *cpu, uint32_t op)
{
	unsigned list = field(op, 0, 8), base = field(op, 8, 3);
	uint32_t address = cpu->r[base];

	if (list == 0 || !move_many(cpu, list, &address, false))
		return THUMB_FAULT;
	/* A loaded base register keeps the loaded value. */
	if (!(list >> base & 1))
		cpu->r[base] = address;
	return RUNNING;
}

/* Branches. */

static bool condition(const struct thumb *cpu, unsigned cond)
{
	const bool holds[] = {
		cpu->z,					/* EQ */
		cpu->c,					/* CS */
		cpu->n,					/* MI */
		cpu->v,					/* VS */
		cpu->c && !cpu->z,			/* HI */
		cpu->n == cpu->v,			/* GE */
		cpu->n == cpu->v && !cpu->z		/* GT */
	};

	/* Odd conditions are the opposites of even ones. */
	return holds[cond / 2] != (cond & 1);
}

static enum thumb_stop branch_by(struct thumb *cpu, uint32_t offset)
{
	uint32_t target = pc_value(cpu) + offset;

	/* To itself: no register or flag can change any more. */
	if (target == cpu->r[PC] - 2) {
		branch(cpu, target);
		return THUMB_IDLE;
	}
	return branch(cpu, target);
}

static enum thumb_stop b_cond(struct thumb *cpu, uint32_t op)
{
	if (!condition(cpu, field(op, 8, 4)))
		return RUNNING;
	return branch_by(cpu, sign_extend(op, 8) << 1);
}

static enum thumb_stop b_always(struct thumb *cpu, uint32_t op)
{
	return branch_by(cpu, sign_extend(op, 11) << 1);
}

static enum thumb_stop bl(struct thumb *cpu, uint32_t op)
{
	uint32_t s = field(op, 26, 1);
	/* I1 and I2 of the manual: J1 and J2 are stored relative to S. */
	uint32_t i1 = field(op, 13, 1) ^ s ^ 1, i2 = field(op, 11, 1) ^ s ^ 1;
	uint32_t offset = s << 23 | i1 << 22 | i2 << 21 |
			  field(op, 16, 10) << 11 | field(op, 0, 11);
	uint32_t back = cpu->r[PC];

	cpu->r[LR] = back | 1;
	return branch(cpu, back + (sign_extend(offset, 24) << 1));
}

/* Special registers: B5.1.1. Thread mode only, so IPSR and EPSR read as 0. */

enum special {
	SPECIAL_APSR_MAX = 3,	/* 0 to 3: APSR alone and with others */
	SPECIAL_IPSR = 5,
	SPECIAL_EPSR = 6,
	SPECIAL_IEPSR = 7,
	SPECIAL_MSP = 8,
	SPECIAL_PSP = 9,
	SPECIAL_PRIMASK = 16,
	SPECIAL_CONTROL = 20
};

/* Returns where the stack pointer named by special is stored now. */
static uint32_t *stack_pointer(struct thumb *cpu, unsigned special)
{
	bool process = cpu->control & CONTROL_SPSEL;

	return process == (special == SPECIAL_PSP) ? &cpu->r[SP] :
						     &cpu->other_sp;
}

static void set_control(struct thumb *cpu, uint32_t value)
{
	uint32_t sp = cpu->r[SP];

	value &= CONTROL_SPSEL;
	if (value == cpu->control)
		return;
	cpu->control = value;
	cpu->r[SP] = cpu->other_sp;
	cpu->other_sp = sp;
}

static void set_apsr(struct thumb *cpu, uint32_t value)
{
	cpu->n = value >> 31 & 1;
	cpu->z = value >> 30 & 1;
	cpu->c = value >> 29 & 1;
	cpu->v = value >> 28 & 1;
}

static uint32_t get_apsr(const struct thumb *cpu)
{
	return (uint32_t)cpu->n << 31 | (uint32_t)cpu->z << 30 |
	       (uint32_t)cpu->c << 29 | (uint32_t)cpu->v << 28;
}

static enum thumb_stop mrs(struct thumb *cpu, uint32_t op)
{
	unsigned special = field(op, 0, 8), d = field(op, 8, 4);
	uint32_t value = 0;

	if (special <= SPECIAL_APSR_MAX)
		value = get_apsr(cpu);
	else if (special == SPECIAL_MSP || special == SPECIAL_PSP)
		value = *stack_pointer(cpu, special);
	else if (special == SPECIAL_PRIMASK)
		value = cpu->primask;
	else if (special == SPECIAL_CONTROL)
		value = cpu->control;
	else if (special < SPECIAL_IPSR || special > SPECIAL_IEPSR)
		return THUMB_FAULT;
	return d == SP || d == PC ? THUMB_FAULT : set_reg(cpu, d, value);
}

static enum thumb_stop msr(struct thumb *cpu, uint32_t op)
{
	unsigned special = field(op, 0, 8), n = field(op, 16, 4);
	uint32_t value = cpu->r[n];

	if (n == SP || n == PC)
		return THUMB_FAULT;
	if (special <= SPECIAL_APSR_MAX)
		set_apsr(cpu, value);
	else if (special == SPECIAL_MSP || special == SPECIAL_PSP)
		*stack_pointer(cpu, special) = round_down(value, 4);
	else if (special == SPECIAL_PRIMASK)
		cpu->primask = value & 1;
	else if (special == SPECIAL_CONTROL)
		set_control(cpu, value);
	else if (special < SPECIAL_IPSR || special > SPECIAL_IEPSR)
		return THUMB_FAULT;
	return RUNNING;
}

/* The first matching row counts; anything else is undefined. */
static const struct instruction instructions[] = {
	{ 0xfffff800, 0x00000000, lsl_imm },	/* by 0: MOVS */
	{ 0xfffff800, 0x00000800, lsr_imm },
	{ 0xfffff800, 0x00001000, asr_imm },
	{ 0xfffffe00, 0x00001800, add_reg },
	{ 0xfffffe00, 0x00001a00, sub_reg },
	{ 0xfffffe00, 0x00001c00, add_imm3 },
	{ 0xfffffe00, 0x00001e00, sub_imm3 },
	{ 0xfffff800, 0x00002000, mov_imm },
	{ 0xfffff800, 0x00002800, cmp_imm },
	{ 0xfffff800, 0x00003000, add_imm8 },
	{ 0xfffff800, 0x00003800, sub_imm8 },
	{ 0xffffffc0, 0x00004000, and_reg },
	{ 0xffffffc0, 0x00004040, eor_reg },
	{ 0xffffffc0, 0x00004080, lsl_reg },
	{ 0xffffffc0, 0x000040c0, lsr_reg },
	{ 0xffffffc0, 0x00004100, asr_reg },
	{ 0xffffffc0, 0x00004140, adc_reg },
	{ 0xffffffc0, 0x00004180, sbc_reg },
	{ 0xffffffc0, 0x000041c0, ror_reg },
	{ 0xffffffc0, 0x00004200, tst_reg },
	{ 0xffffffc0, 0x00004240, rsb_zero },	/* NEG */
	{ 0xffffffc0, 0x00004280, cmp_reg },
	{ 0xffffffc0, 0x000042c0, cmn_reg },
	{ 0xffffffc0, 0x00004300, orr_reg },
	{ 0xffffffc0, 0x00004340, mul_reg },
	{ 0xffffffc0, 0x00004380, bic_reg },
	{ 0xffffffc0, 0x000043c0, mvn_reg },
	{ 0xffffff00, 0x00004400, add_high },
	{ 0xffffff00, 0x00004500, cmp_high },
	{ 0xffffff00, 0x00004600, mov_high },
	{ 0xffffff87, 0x00004700, bx_reg },
	{ 0xffffff87, 0x00004780, blx_reg },
	{ 0xfffff800, 0x00004800, ldr_literal },
	{ 0xfffffe00, 0x00005000, str_reg },
	{ 0xfffffe00, 0x00005200, strh_reg },
	{ 0xfffffe00, 0x00005400, strb_reg },
	{ 0xfffffe00, 0x00005600, ldrsb_reg },
	{ 0xfffffe00, 0x00005800, ldr_reg },
	{ 0xfffffe00, 0x00005a00, ldrh_reg },
	{ 0xfffffe00, 0x00005c00, ldrb_reg },
	{ 0xfffffe00, 0x00005e00, ldrsh_reg },
	{ 0xfffff800, 0x00006000, str_imm },
	{ 0xfffff800, 0x00006800, ldr_imm },
	{ 0xfffff800, 0x00007000, strb_imm },
	{ 0xfffff800, 0x00007800, ldrb_imm },
	{ 0xfffff800, 0x00008000, strh_imm },
	{ 0xfffff800, 0x00008800, ldrh_imm },
	{ 0xfffff800, 0x00009000, str_sp },
	{ 0xfffff800, 0x00009800, ldr_sp },
	{ 0xfffff800, 0x0000a000, adr },
	{ 0xfffff800, 0x0000a800, add_reg_sp },
	{ 0xffffff80, 0x0000b000, add_sp },
	{ 0xffffff80, 0x0000b080, sub_sp },
	{ 0xffffffc0, 0x0000b200, sxth },
	{ 0xffffffc0, 0x0000b240, sxtb },
	{ 0xffffffc0, 0x0000b280, uxth },
	{ 0xffffffc0, 0x0000b2c0, uxtb },
	{ 0xfffffe00, 0x0000b400, push },
	{ 0xffffffef, 0x0000b662, cps },
	{ 0xffffffc0, 0x0000ba00, rev },
	{ 0xffffffc0, 0x0000ba40, rev16 },
	{ 0xffffffc0, 0x0000bac0, revsh },
	{ 0xfffffe00, 0x0000bc00, pop },
	{ 0xffffffff, 0x0000bf20, idle },	/* WFE */
	{ 0xffffffff, 0x0000bf30, idle },	/* WFI */
	{ 0xffffff0f, 0x0000bf00, no_operation }, /* NOP, YIELD, SEV, ... */
	{ 0xfffff800, 0x0000c000, stm },
	{ 0xfffff800, 0x0000c800, ldm },
	{ 0xfffffe00, 0x0000de00, fault },	/* UDF, SVC */
	{ 0xfffff000, 0x0000d000, b_cond },
	{ 0xfffff800, 0x0000e000, b_always },
	{ 0xf800d000, 0xf000d000, bl },
	{ 0xfff0ff00, 0xf3808800, msr },
	{ 0xfffffff0, 0xf3bf8f40, no_operation }, /* DSB */
	{ 0xfffffff0, 0xf3bf8f50, no_operation }, /* DMB */
	{ 0xfffffff0, 0xf3bf8f60, no_operation }, /* ISB */
	{ 0xfffff000, 0xf3ef8000, mrs },
};

_Static_assert(ARRAY_LEN(instructions) < UINT8_MAX, "row + 1 in a byte");

/* The row of op, or the one behind the last. Loops find theirs decoded. */
static size_t decode(struct thumb *cpu, uint32_t op)
{
	struct thumb_decoded *seen =
		&cpu->decoded[(op ^ op >> 8) % ARRAY_LEN(cpu->decoded)];
	size_t row = 0;

	if (seen->row_after != 0 && seen->op == op)
		return seen->row_after - 1u;
	while (row < ARRAY_LEN(instructions) &&
	       (op & instructions[row].mask) != instructions[row].value)
		row++;
	*seen = (struct thumb_decoded){ op, (uint8_t)(row + 1) };
	return row;
}

static enum thumb_stop execute(struct thumb *cpu, uint32_t op)
{
	size_t row = decode(cpu, op);

	return row < ARRAY_LEN(instructions) ? instructions[row].run(cpu, op)
					     : THUMB_FAULT;
}

/* Reads one instruction and advances the program counter. */
static bool fetch(struct thumb *cpu, uint32_t *op)
{
	uint32_t second;

	if (!load(cpu, cpu->r[PC], 2, op))
		return false;
	cpu->r[PC] += 2;
	if (*op < 0xe800)
		return true;
	if (!load(cpu, cpu->r[PC], 2, &second))
		return false;
	cpu->r[PC] += 2;
	*op = *op << 16 | second;
	return true;
}

static enum thumb_stop step(struct thumb *cpu)
{
	uint32_t at = cpu->r[PC], op;
	enum thumb_stop stop = THUMB_FAULT;

	if (fetch(cpu, &op))
		stop = execute(cpu, op);
	if (stop == THUMB_FAULT)
		cpu->r[PC] = at;	/* the address of the failed
					 * instruction */
	else
		cpu->steps++;
	return stop;
}

bool thumb_reset(struct thumb *cpu, uint32_t vector_table)
{
	const struct thumb_bus bus = cpu->bus;
	uint32_t stack, entry;

	*cpu = (struct thumb){ .bus = bus };
	if (!load(cpu, vector_table, 4, &stack) ||
	    !load(cpu, vector_table + 4, 4, &entry))
		return false;
	cpu->r[SP] = round_down(stack, 4);
	cpu->r[LR] = 0xffffffff;
	return branch_exchange(cpu, entry) == RUNNING;
}

enum thumb_stop thumb_run(struct thumb *cpu, uint64_t budget)
{
	enum thumb_stop stop = RUNNING;

	while (!cpu->halt && stop == RUNNING && budget-- > 0)
		stop = step(cpu);
	return cpu->halt ? THUMB_HALTED : stop;
}
