@ SPDX-License-Identifier: GPL-2.0-or-later
@
@ Computes checksums of memory on the chip. flash/routine.c writes it to RAM,
@ and Go starts it. ARMv6-M, no stack, position independent; it stores only to
@ its table, the results, the watchdog, and the addresses of the way back.
@
@	arm-none-eabi-as -o routine.o flash/routine.s
@	arm-none-eabi-objcopy -O binary -j .text routine.o routine.bin
@
@ With --defsym BITWISE=1 it computes the CRC bit by bit: eight times slower,
@ for RAM without room for the table of 1 KiB. tests/routine.sh compares the
@ bytes in routine.c with both variants.
@
@ After the code, at params:
@
@	key, nonce, results, polynomial, watchdog, table
@	{ start, length, count } ... with count 0 in the last
@	{ address, value } ...	with address 0 in the last
@
@ Each run has `count` adjacent pieces of `length` bytes from `start` on. The
@ result of a piece is a CRC, by words, most significant bit first, that begins
@ with the nonce, and the sum of its words. The trailer is the start of the last
@ run and the nonce. Then each value is stored at its address; the last value
@ is a vector table to jump to, or 0 to stay.

	.syntax unified
	.cpu	cortex-m0
	.thumb
	.text

	adr	r7, params
	ldmia	r7!, {r0, r2, r3, r4, r5, r6}
	mov	r12, r0			@ key
	mov	r8, r3			@ next result
	mov	r11, r5			@ watchdog

.ifdef BITWISE
	mov	r6, r4			@ polynomial
.else
	movs	r0, #255		@ the table: CRC of each byte
1:	lsls	r3, r0, #24
	movs	r1, #8
2:	lsls	r3, r3, #1
	bcc	3f
	eors	r3, r4
3:	subs	r1, #1
	bne	2b
	lsls	r5, r0, #2
	str	r3, [r6, r5]
	subs	r0, #1
	bpl	1b
.endif

run:	ldmia	r7!, {r0, r1, r3}
	mov	r9, r1			@ length of a piece
	cmp	r3, #0
	beq	done
piece:	mov	r10, r3			@ pieces left
	mov	r3, r12
	mov	r5, r11
	str	r3, [r5]
	mov	r1, r9
	adds	r1, r1, r0		@ end of the piece
	mov	r4, r2			@ CRC
	movs	r5, #0			@ sum
word:	ldmia	r0!, {r3}
	adds	r5, r5, r3
	eors	r4, r3
.ifdef BITWISE
	movs	r3, #32
1:	lsls	r4, r4, #1
	bcc	2f
	eors	r4, r6
2:	subs	r3, #1
	bne	1b
.else
	.rept	4
	lsrs	r3, r4, #24
	lsls	r3, r3, #2
	lsls	r4, r4, #8
	ldr	r3, [r6, r3]
	eors	r4, r3
	.endr
.endif
	cmp	r0, r1
	bne	word
	mov	r3, r8
	stmia	r3!, {r4, r5}
	mov	r8, r3
	mov	r3, r10
	subs	r3, #1
	bne	piece
	b	run

done:	mov	r3, r8
	mov	r1, r2
	stmia	r3!, {r0, r1}		@ the trailer, twice, as RAM
	stmia	r3!, {r0, r1}		@ with an ECC may lose the last store
	dsb
back:	ldmia	r7!, {r0, r1}
	cmp	r0, #0
	beq	leave
	str	r1, [r0]
	b	back
leave:	cmp	r1, #0
	bne	jump
stay:	b	stay
jump:	ldr	r0, [r1]
	msr	msp, r0
	ldr	r0, [r1, #4]
	bx	r0

	.balign	4
params:
