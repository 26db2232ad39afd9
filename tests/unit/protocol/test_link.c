/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resynchronisation after lost bytes, with a model of a device that parses
 * frames as a ROM does: fillers must never complete a broken frame to a valid
 * one.
 */
#include "protocol/link.h"

#include "tests/unit/fake_port.h"
#include "tests/unit/t.h"

/* --- the device --------------------------------------------------------------- */

/* What the device waits for. */
enum waits {
	FOR_OPCODE,
	FOR_COMPLEMENT,
	FOR_WORD,	/* 4 bytes, XOR */
	FOR_COUNT,	/* N, complement */
	FOR_DATA,	/* N, N + 1 bytes, XOR */
	FOR_PAGES8,	/* the same; FF 00 for a mass erase */
	FOR_PAGES16	/* N and N + 1 numbers of 2 bytes, XOR; FFFx, XOR */
};

struct device {
	struct fake_port fake;
	enum waits waits;
	uint8_t first[2];	/* of the frame */
	size_t received;
	uint8_t sum;
	unsigned acted;		/* valid frames */
	unsigned fillers;	/* writes since device_reset() */
	unsigned deaf;		/* number of them to ignore */
	unsigned deaf_bytes;	/* the same in bytes, */
	unsigned heard_first;	/* after these */
	bool mute;
	bool fresh;		/* it has reset: the next byte has to be 7F */
	uint8_t measured;	/* or it was this one */
};

static size_t frame_len(const struct device *d)
{
	switch (d->waits) {
	case FOR_OPCODE:
	case FOR_COMPLEMENT:
		return 2;
	case FOR_WORD:
		return 5;
	case FOR_COUNT:
		return 2;
	case FOR_PAGES8:
		if (d->received > 0 && d->first[0] == 0xFF)
			return 2;
		/* fall through */
	case FOR_DATA:
		return d->received == 0 ? 1 : (size_t)d->first[0] + 3;
	case FOR_PAGES16:
		if (d->received < 2)
			return 2;
		if (d->first[0] == 0xFF && d->first[1] >= 0xF0)
			return 3;
		return 2 + 2 * (((size_t)d->first[0] << 8 | d->first[1]) + 1) +
		       1;
	}
	return 0;
}

static bool frame_good(const struct device *d)
{
	if (d->waits == FOR_COUNT || d->waits == FOR_OPCODE ||
	    d->waits == FOR_COMPLEMENT ||
	    (d->waits == FOR_PAGES8 && d->first[0] == 0xFF))
		return d->sum == 0xFF;
	return d->sum == 0;
}

static void wait_for(struct device *d, enum waits waits)
{
	d->waits = waits;
	d->received = 0;
	d->sum = 0;
}

static void take_byte(struct device *d, uint8_t byte)
{
	if (d->fresh) {
		d->fresh = false;
		d->measured = byte;
		if (byte == SYNC)
			fake_answer_byte(&d->fake, ACK);
		return;
	}
	if (d->received < 2)
		d->first[d->received] = byte;
	d->received++;
	d->sum ^= byte;
	if (d->waits == FOR_OPCODE)
		d->waits = FOR_COMPLEMENT;
	if (d->received < frame_len(d))
		return;
	if (frame_good(d))
		d->acted++;
	if (!d->mute)
		fake_answer_byte(&d->fake, frame_good(d) ? ACK : NACK);
	wait_for(d, FOR_OPCODE);
}

static void device_hears(struct fake_port *fake, const uint8_t *bytes,
			 size_t len)
{
	struct device *d = fake->ctx;
	size_t i;

	d->fillers++;
	if (d->fillers <= d->deaf)
		return;
	for (i = 0; i < len; i++) {
		if (d->deaf_bytes == 0 || d->heard_first > 0)
			take_byte(d, bytes[i]);
		else
			d->deaf_bytes--;
		d->heard_first -= d->heard_first > 0;
	}
}

static void device_init(struct device *d, enum waits waits)
{
	memset(d, 0, sizeof(*d));
	fake_init(&d->fake, device_hears, d);
	wait_for(d, waits);
}

/* --- resynchronisation ---------------------------------------------------------- */

struct scene {
	struct device device;
	struct link link;
};

/* The host believes that it sent frame; the device has received only part of
 * it. */
static void begin(struct scene *s, enum waits waits, const uint8_t *frame,
		  size_t len)
{
	device_init(&s->device, waits);
	memset(&s->link, 0, sizeof(s->link));
	s->link.port = &s->device.fake.base;
	s->link.swallows = waits == FOR_PAGES16 ? LINK_LONGEST_LIST
						: STM32_MAX_FRAME;
	memcpy(s->link.frame, frame, len);
	s->link.frame_len = len;
}

static void hear(struct scene *s, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		take_byte(&s->device, bytes[i]);
}

/* False if the frame already ended before any filler. */
static bool still_inside(const struct scene *s)
{
	return s->device.received != 0 && s->device.waits != FOR_OPCODE &&
	       s->device.waits != FOR_COMPLEMENT;
}

/* The device must not execute fillers, and must then wait for an opcode. */
static bool resync_fails(struct scene *s)
{
	unsigned acted = s->device.acted;
	enum stm32_err err = link_resync(&s->link);

	if (s->device.acted != acted)
		return true;
	return err != STM32_OK || s->device.waits != FOR_OPCODE ||
	       fake_pending(&s->device.fake);
}

/* Frames of one kind, with right checksums. */
static uint32_t random_below(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

enum content { RANDOM, ZEROS, FFS, CODE, COUNTING, CONTENTS };

static uint8_t content_byte(enum content content, uint32_t *seed, size_t i)
{
	switch (content) {
	case ZEROS:
		return 0x00;
	case FFS:
		return 0xFF;
	case CODE:	/* few values, as in code and tables */
		return (uint8_t)(random_below(seed, 24) * 5);
	case COUNTING:
		return (uint8_t)i;
	case RANDOM:
	case CONTENTS:
		break;
	}
	return (uint8_t)random_below(seed, 256);
}

static size_t data_frame(uint8_t *frame, size_t count, enum content content,
			 uint32_t seed)
{
	size_t i;

	frame[0] = (uint8_t)(count - 1);
	for (i = 0; i < count; i++)
		frame[1 + i] = content_byte(content, &seed, i);
	frame[1 + count] = xor_sum(frame, 1 + count);
	return count + 2;
}

static size_t word_frame(uint8_t *frame, uint32_t word)
{
	put_be32(frame, word);
	frame[4] = xor_sum(frame, 4);
	return 5;
}

static size_t pages16_frame(uint8_t *frame, size_t count, uint16_t first)
{
	size_t i;

	put_be16(frame, (uint16_t)(count - 1));
	for (i = 0; i < count; i++)
		put_be16(frame + 2 + 2 * i, (uint16_t)(first + i));
	frame[2 + 2 * count] = xor_sum(frame, 2 + 2 * count);
	return 2 * count + 3;
}

static size_t pages8_frame(uint8_t *frame, size_t count, uint8_t first)
{
	size_t i;

	frame[0] = (uint8_t)(count - 1);
	for (i = 0; i < count; i++)
		frame[1 + i] = (uint8_t)(first + i);
	frame[1 + count] = xor_sum(frame, 1 + count);
	return count + 2;
}

/* A filler with the value of a lost byte replaces it. A value that is not in
 * the frame is safe; if the frame has every value, none is. */
static bool has_every_value(const uint8_t *frame, size_t len)
{
	unsigned value;

	for (value = 0; value < 256; value++)
		if (memchr(frame, (int)value, len) == NULL)
			return false;
	return true;
}

/* A longer frame may leave no three values that are not in it, each being the
 * XOR of the others. */
#define LONG 130
/* Nor two values that no tail of it has; then the fillers are not all equal. */
#define MANY_TAILS 100

/* Returns how many ways to lose one byte, and perhaps the first filler,
 * fail. */
static unsigned lose_one(enum waits waits, const uint8_t *frame, size_t len)
{
	static struct scene s;
	unsigned bad = 0;
	size_t lost;

	for (lost = 0; lost < 2 * len; lost++) {
		size_t at = lost / 2;

		begin(&s, waits, frame, len);
		s.device.deaf = len < LONG ? lost % 2 : 0;
		hear(&s, frame, at);
		hear(&s, frame + at + 1, len - at - 1);
		bad += still_inside(&s) && resync_fails(&s);
	}
	return bad;
}

/* The last bytes, 1 to all, never arrive, nor perhaps the first filler. */
static unsigned lose_tail(enum waits waits, const uint8_t *frame, size_t len)
{
	static struct scene s;
	unsigned bad = 0;
	size_t heard;

	for (heard = 0; heard < 2 * len; heard++) {
		begin(&s, waits, frame, len);
		s.device.deaf = heard % 2;
		hear(&s, frame, heard / 2);
		bad += resync_fails(&s);
	}
	return bad;
}

/* Nothing of the frame arrives, nor the first fillers, up to all for one frame:
 * a contact that was lost for some time. */
static unsigned lose_all(enum waits waits, const uint8_t *frame, size_t len)
{
	static struct scene s;
	unsigned bad = 0, deaf;

	for (deaf = 0; deaf <= STM32_MAX_FRAME; deaf += deaf < 8 ? 1 : 5) {
		begin(&s, waits, frame, len);
		s.device.deaf_bytes = deaf;
		bad += resync_fails(&s);
	}
	return bad;
}

/* The beginning is lost, and the rest taken for one. */
static unsigned lose_beginning(enum waits waits, const uint8_t *frame,
			       size_t len)
{
	static struct scene s;
	unsigned bad = 0;
	size_t lost;

	for (lost = 1; lost < len; lost += len < LONG ? 1 : 7) {
		begin(&s, waits, frame, len);
		hear(&s, frame + lost, len - lost);
		bad += still_inside(&s) && resync_fails(&s);
	}
	return bad;
}

#define ALL_FILLERS 400	/* more than the first round */

/* A byte is lost, and the contact after some fillers, until the second round. */
static unsigned lose_twice(enum waits waits, const uint8_t *frame, size_t len)
{
	static struct scene s;
	unsigned bad = 0, heard;
	size_t lost;

	for (lost = 0; lost < len; lost++)
		for (heard = 1; heard < 20; heard += heard < 4 ? 1 : 5) {
			begin(&s, waits, frame, len);
			link_note_delay(&s.link, 1);
			hear(&s, frame, lost);
			hear(&s, frame + lost + 1, len - lost - 1);
			s.device.heard_first = heard;
			s.device.deaf_bytes = ALL_FILLERS;
			bad += still_inside(&s) && resync_fails(&s);
		}
	return bad;
}

/* The count arrived with one bit changed, so the device waits for more. */
static unsigned flip_count(enum waits waits, const uint8_t *frame, size_t len)
{
	static struct scene s;
	uint8_t flipped[STM32_MAX_FRAME];
	unsigned bad = 0, bit;

	for (bit = 0; bit < 8; bit++) {
		memcpy(flipped, frame, len);
		flipped[0] ^= (uint8_t)(1u << bit);
		if (flipped[0] < frame[0])
			continue;
		begin(&s, waits, frame, len);
		hear(&s, flipped, len);
		bad += still_inside(&s) && resync_fails(&s);
	}
	return bad;
}

/* How many ways fail, over many frames of one kind. */
struct harm {
	unsigned one, tail, beginning, all, twice, count;
};

static void spoil(struct harm *harm, enum waits waits, const uint8_t *frame,
		  size_t len)
{
	if (!has_every_value(frame, len))
		harm->one += lose_one(waits, frame, len);
	harm->tail += lose_tail(waits, frame, len);
	harm->beginning += lose_beginning(waits, frame, len);
	if (len < MANY_TAILS) {
		harm->all += lose_all(waits, frame, len);
		harm->twice += lose_twice(waits, frame, len);
	}
	if (waits == FOR_DATA || waits == FOR_PAGES8)
		harm->count += flip_count(waits, frame, len);
}

static void check_harm(const struct harm *harm)
{
	EQUAL(harm->one, 0);
	EQUAL(harm->tail, 0);
	EQUAL(harm->beginning, 0);
	EQUAL(harm->all, 0);
	EQUAL(harm->twice, 0);
	EQUAL(harm->count, 0);
}

static void test_data_frames(void)
{
	static const size_t counts[] = { 1, 2, 4, 8, 16, 32, 60, 64, 100, 128,
					 200, 252, 256 };
	static const char *const names[] = { "random data", "zeros", "FF",
					     "code", "counting" };
	uint8_t frame[STM32_MAX_FRAME];
	enum content content;
	uint32_t seed;
	size_t i, len;

	for (content = RANDOM; content < CONTENTS; content++) {
		bool random = content == RANDOM || content == CODE;
		struct harm harm = { 0 };

		t_about(names[content]);
		for (i = 0; i < ARRAY_LEN(counts); i++)
			for (seed = 1; seed <= (random ? 4 : 1); seed++) {
				if (t_left_out(3))
					continue;
				len = data_frame(frame, counts[i], content,
						 seed);
				spoil(&harm, FOR_DATA, frame, len);
			}
		check_harm(&harm);
	}
}

static void spoil_one(const char *name, enum waits waits, const uint8_t *frame,
		      size_t len)
{
	struct harm harm = { 0 };

	t_about(name);
	spoil(&harm, waits, frame, len);
	check_harm(&harm);
}

static void test_other_frames(void)
{
	static const uint32_t words[] = { 0x08000000, 0x08000100, 0x0801FFF0,
					  0x1FFFF7E0, 0x20001000, 0, 0xFFFFFFFF,
					  0x03000000, 0x04C11DB7 };
	static const size_t counts[] = { 1, 2, 3, 4, 16, 50, 100 };
	uint8_t frame[STM32_MAX_FRAME];
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		spoil_one("address", FOR_WORD, frame, word_frame(frame, words[i]));
	for (i = 0; i < ARRAY_LEN(counts); i++) {
		spoil_one("pages of one byte", FOR_PAGES8, frame,
		      pages8_frame(frame, counts[i], 0));
		spoil_one("pages of one byte", FOR_PAGES8, frame,
		      pages8_frame(frame, counts[i], 100));
		spoil_one("pages of two bytes", FOR_PAGES16, frame,
		      pages16_frame(frame, counts[i], 0));
		spoil_one("pages of two bytes", FOR_PAGES16, frame,
		      pages16_frame(frame, counts[i], 200));
	}
	spoil_one("erase all", FOR_PAGES8, (const uint8_t *)"\xFF\x00", 2);
	spoil_one("erase all", FOR_PAGES16, (const uint8_t *)"\xFF\xFF\x00", 3);
	spoil_one("read count", FOR_COUNT, (const uint8_t *)"\xFF\x00", 2);
	spoil_one("read count", FOR_COUNT, (const uint8_t *)"\x00\xFF", 2);
	spoil_one("read count", FOR_COUNT, (const uint8_t *)"\x03\xFC", 2);
	spoil_one("command", FOR_OPCODE, (const uint8_t *)"\x31\xCE", 2);
	spoil_one("Get", FOR_OPCODE, (const uint8_t *)"\x00\xFF", 2);
	spoil_one("sync", FOR_OPCODE, (const uint8_t *)"\x7F", 1);
}

/* --- a device that may have reset itself ----------------------------------------- */

/* Words and their complements, most bits as the factory has them. */
static size_t options_frame(uint8_t *frame, size_t count, uint32_t seed)
{
	size_t i;

	for (i = 0; i + 8 <= count; i += 8) {
		put_le32(frame + 1 + i, i == 0 ? 0xFFFFFEAA :
			 0xFF00FFFF ^ (random_below(&seed, 8) << 16));
		put_le32(frame + 5 + i, ~get_le32(frame + 1 + i));
	}
	frame[0] = (uint8_t)(count - 1);
	frame[1 + count] = xor_sum(frame, 1 + count);
	return count + 2;
}

/* Two are lost, or one twice; only the right frame may become whole. */
static unsigned lose_two(const uint8_t *frame, size_t len)
{
	static struct scene s;
	unsigned bad = 0;
	size_t one, two;
	bool reset;

	for (one = 0; one < len; one++)
		for (two = one; two < len; two++) {
			begin(&s, FOR_DATA, frame, len);
			hear(&s, frame, one);
			if (two > one)
				hear(&s, frame + one + 1, two - one - 1);
			hear(&s, frame + two + 1, len - two - 1);
			if (!still_inside(&s))
				continue;
			bad += link_resync_reset(&s.link, &reset) != STM32_OK ||
			       s.device.waits != FOR_OPCODE;
			bad += s.device.acted > 0 && (one < len - 1 ||
						      frame[len - 1] != SYNC);
		}
	return bad;
}

static void test_option_frames(void)
{
	static const size_t counts[] = { 16, 32, 40, 48, 128 };
	uint8_t frame[STM32_MAX_FRAME];
	uint32_t seed;
	size_t i;

	t_about("option bytes");
	for (i = 0; i < ARRAY_LEN(counts); i++)
		for (seed = 1; seed <= 3; seed++)
			EQUAL(lose_two(frame, options_frame(frame, counts[i],
							    seed)), 0);
}

/* It has: that is seen by its ACK to the first filler, a 7F. */
static void test_reset(void)
{
	uint8_t frame[STM32_MAX_FRAME];
	size_t len = options_frame(frame, 16, 1);
	struct scene s;
	bool reset;

	t_about("a device that has reset");
	begin(&s, FOR_OPCODE, frame, len);
	s.device.fresh = true;
	EQUAL(link_resync_reset(&s.link, &reset), STM32_OK);
	CHECK(reset);
	EQUAL(s.device.fillers, 1);
	EQUAL(s.device.measured, SYNC);
	t_about("a 7F is among the data");
	frame[3] = SYNC;
	begin(&s, FOR_OPCODE, frame, len);
	s.device.fresh = true;
	EQUAL(link_resync_reset(&s.link, &reset), STM32_OK);
	CHECK(!reset && s.device.measured != SYNC);
}

/*
 * The frame arrived, but its ACK was lost: the device waits for the next
 * frame, of which only the kind is known.
 */
static void test_lost_ack(void)
{
	static const struct {
		const char *name;
		const char *frame;
		size_t len;
		enum waits waits;
	} cases[] = {
		{ "Read Memory", "\x11\xEE", 2, FOR_WORD },
		{ "Write Memory", "\x31\xCE", 2, FOR_WORD },
		{ "Erase", "\x43\xBC", 2, FOR_PAGES8 },
		{ "Extended Erase", "\x44\xBB", 2, FOR_PAGES16 },
		{ "address of a read", "\x08\x00\x00\x00\x08", 5, FOR_COUNT },
		{ "address of a write", "\x08\x00\x00\x00\x08", 5, FOR_DATA },
		{ "address with a 3", "\x08\x00\x03\x00\x0B", 5, FOR_DATA },
		{ "size of a checksum", "\x00\x00\x01\x00\x01", 5, FOR_WORD },
		{ "nothing, -c into a write", "", 0, FOR_DATA },
		{ "nothing, -c", "", 0, FOR_OPCODE },
	};
	static struct scene s;
	size_t i;

	for (i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		const bool deaf = i >= ARRAY_LEN(cases);
		const size_t n = i % ARRAY_LEN(cases);

		t_about(cases[n].name);
		begin(&s, cases[n].waits, (const uint8_t *)cases[n].frame,
		      cases[n].len);
		s.device.deaf = deaf;
		EQUAL(link_resync(&s.link), STM32_OK);
		EQUAL(s.device.acted, 0);
		EQUAL(s.device.waits, FOR_OPCODE);
		EQUAL(s.link.resyncs, 1);
	}
}

/* A port that does not accept bytes for a while, as with a full driver buffer:
 * the bytes are sent again. */
static void test_stuck_port(void)
{
	static struct scene s;

	t_about("a port that is stuck");
	begin(&s, FOR_DATA, (const uint8_t *)"\x08\x00\x00\x00\x08", 5);
	s.device.fake.stuck = 1;
	EQUAL(link_resync(&s.link), STM32_OK);
	EQUAL(s.device.acted, 0);
	EQUAL(s.device.waits, FOR_OPCODE);
	begin(&s, FOR_DATA, (const uint8_t *)"\x08\x00\x00\x00\x08", 5);
	s.device.fake.stuck = 1000;
	EQUAL(link_resync(&s.link), STM32_TIMEOUT);
	EQUAL(s.device.fake.stuck, 1000 - 9);
}

/* The resynchronisation takes no longer than necessary: it waits after single
 * bytes. */
static void test_how_many(void)
{
	static struct scene s;

	t_about("how many");
	begin(&s, FOR_OPCODE, (const uint8_t *)"\x11\xEE", 2);
	EQUAL(link_resync(&s.link), STM32_OK);
	EQUAL(s.device.fillers, 2);
	begin(&s, FOR_COMPLEMENT, (const uint8_t *)"\x11\xEE", 2);
	s.device.received = 1;
	s.device.sum = s.device.first[0] = 0x11;
	EQUAL(link_resync(&s.link), STM32_OK);
	EQUAL(s.device.fillers, 1);
}

/* Any state after any number of bytes of a burst. */
static void test_after_burst(void)
{
	static struct scene s;
	uint8_t frame[STM32_MAX_FRAME];
	size_t len = data_frame(frame, 256, FFS, 1), heard;

	t_about("after a burst");
	for (heard = 1; heard < len; heard += 7) {
		begin(&s, FOR_DATA, frame, len);
		hear(&s, frame, heard);
		EQUAL(link_resync(&s.link), STM32_OK);
		EQUAL(s.device.waits, FOR_OPCODE);
	}
}

static void test_nobody(void)
{
	static struct scene s;

	t_about("no device there");
	begin(&s, FOR_DATA, (const uint8_t *)"\x31\xCE", 2);
	s.device.mute = true;
	EQUAL(link_resync(&s.link), STM32_TIMEOUT);
	/* gives up, and within seconds */
	CHECK(s.device.fake.now_us < 10 * 1000000);
	CHECK(s.device.fillers < 60);
	begin(&s, FOR_OPCODE, (const uint8_t *)"\x31\xCE", 2);
	s.device.fake.fail_write = PORT_CLOSED;
	EQUAL(link_resync(&s.link), STM32_PORT);
	EQUAL(s.link.port_err, PORT_CLOSED);
	begin(&s, FOR_OPCODE, (const uint8_t *)"\x31\xCE", 2);
	s.device.fake.fail_read = PORT_IO;
	EQUAL(link_resync(&s.link), STM32_PORT);
	EQUAL(s.link.port_err, PORT_IO);
}

/* All fillers are lost once, and the device is silent for a second. */
static void test_interrupted(void)
{
	static struct scene s;

	t_about("an interrupted line");
	begin(&s, FOR_DATA, (const uint8_t *)"\x01\x55\xAA\xFE", 4);
	s.device.deaf_bytes = ALL_FILLERS;
	link_note_delay(&s.link, 1);
	EQUAL(link_resync(&s.link), STM32_OK);
	EQUAL(s.device.acted, 0);
	EQUAL(s.device.waits, FOR_OPCODE);
	/* a device that is off costs seconds more, not minutes */
	CHECK(s.device.fake.now_us < 5 * 1000000);
}

/* --- acknowledges ---------------------------------------------------------------- */

static void silent(struct fake_port *fake, const uint8_t *bytes, size_t len)
{
	(void)fake, (void)bytes, (void)len;
}

static void test_ack(void)
{
	static const struct {
		uint8_t answer;
		unsigned in_ms, work_ms;
		enum stm32_err err;
	} cases[] = {
		{ ACK, 0, 0, STM32_OK },
		{ NACK, 0, 0, STM32_NACK },
		{ BUSY, 0, 0, STM32_GARBLED },	/* never sent on a UART */
		{ SYNC, 0, 0, STM32_GARBLED },
		{ 0x00, 0, 0, STM32_GARBLED },
		{ ACK, 100, 0, STM32_OK },
		{ ACK, 5000, 0, STM32_TIMEOUT },
		{ ACK, 5000, 5000, STM32_OK },
		{ NACK, 5000, 5000, STM32_NACK },
	};
	struct fake_port fake;
	struct link link = { .port = &fake.base };
	size_t i;

	t_about("ack");
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		fake_init(&fake, silent, NULL);
		fake_answer(&fake, &cases[i].answer, 1, cases[i].in_ms);
		EQUAL(link_ack(&link, cases[i].work_ms), cases[i].err);
	}
}

/* Sends an ACK after the last byte of a frame, however it was split. */
static void hears_all(struct fake_port *fake, const uint8_t *bytes, size_t len)
{
	size_t *left = fake->ctx;

	(void)bytes;
	*left -= len;
	if (*left == 0)
		fake_answer_byte(fake, ACK);
}

/* Data that contains commands is sent with pauses; they do not count as the
 * device's working time. */
static void test_pauses(void)
{
	static const uint8_t frame[] = { 7, 0x82, 0x7D, 0x92, 0x6D, 0x82, 0x7D,
					 0x92, 0x6D, 7 };
	struct fake_port fake;
	size_t left = sizeof(frame);
	struct link link = { .port = &fake.base };

	t_about("pauses");
	fake_init(&fake, hears_all, &left);
	fake.base.caps |= PORT_REMOTE;
	EQUAL(link_send_data(&link, frame, sizeof(frame)), STM32_OK);
	CHECK(fake.now_us >= 4 * 18000);
	EQUAL(link_ack(&link, 0), STM32_OK);
	EQUAL(fake.base.round_trip_ms, 0);
	EQUAL(link_patience_ms(&link), LINK_STEP_MS);
}

/* AN4221: BUSY until the work is done. */
static void test_busy(void)
{
	static const uint8_t busy[] = { BUSY, BUSY, BUSY };
	struct fake_port fake;
	struct link link = { .port = &fake.base };
	size_t i;

	t_about("busy");
	fake_init(&fake, silent, NULL);
	fake.base.caps = PORT_FRAMED;
	fake_answer(&fake, busy, sizeof(busy), 0);
	fake_answer_byte(&fake, ACK);
	EQUAL(link_ack(&link, 1000), STM32_OK);
	fake_answer(&fake, busy, sizeof(busy), 0);
	fake_answer_byte(&fake, NACK);
	EQUAL(link_ack(&link, 1000), STM32_NACK);
	/* but not without limit */
	fake_init(&fake, silent, NULL);
	fake.base.caps = PORT_FRAMED;
	for (i = 0; i < FAKE_QUEUE; i++)
		fake_answer_byte(&fake, BUSY);
	EQUAL(link_ack(&link, 1000), STM32_TIMEOUT);
	CHECK(fake.now_us >= 1000 * 1000);
	CHECK(fake.now_us < 3000 * 1000);
	/* a device that sends no ACK to its address is busy too; the bus still
	 * works */
	fake_init(&fake, silent, NULL);
	fake.base.caps = PORT_FRAMED;
	fake.fail_read = PORT_NO_ANSWER;
	EQUAL(link_ack(&link, 1000), STM32_TIMEOUT);
	EQUAL(link.port_err, PORT_NO_ANSWER);
	CHECK(fake.now_us >= 1000 * 1000);
	fake.fail_read = PORT_CLOSED;
	fake.now_us = 0;
	EQUAL(link_ack(&link, 1000), STM32_PORT);
	CHECK(fake.now_us < 100 * 1000);
}

/* All bytes or an error; a device that never stops sending is ignored. */
static void test_receive(void)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	struct fake_port fake;
	struct link link = { .port = &fake.base };
	uint8_t got[4] = { 0 };
	size_t i;

	t_about("receive");
	fake_init(&fake, silent, NULL);
	fake_answer(&fake, bytes, 3, 100);
	EQUAL(link_receive(&link, got, 3, 0), STM32_OK);
	BYTES(got, bytes, 3);
	fake_answer(&fake, bytes, 3, 100);
	EQUAL(link_receive(&link, got, 4, 0), STM32_TIMEOUT);
	fake_answer(&fake, bytes, 3, 20);
	EQUAL(link_drain(&link, 50), STM32_OK);
	CHECK(!fake_pending(&fake));
	fake_init(&fake, silent, NULL);
	for (i = 0; i < FAKE_QUEUE; i++)
		fake_answer(&fake, bytes, 1, (unsigned)i * 10);
	EQUAL(link_drain(&link, 50), STM32_OK);
	CHECK(fake.now_us < 10 * 1000 * 1000);
}

/* A damaged byte is noise at any position. */
static void test_damaged(void)
{
	struct fake_port fake;
	struct link link = { .port = &fake.base };
	uint8_t got[3];
	unsigned i;

	t_about("damaged bytes");
	for (i = 0; i < 2; i++) {
		fake_init(&fake, silent, NULL);
		fake_answer_damaged(&fake);
		EQUAL(link_ack(&link, i * 5000), STM32_GARBLED);
		EQUAL(link.port_err, PORT_PARITY);
	}
	fake_init(&fake, silent, NULL);
	fake_answer_byte(&fake, 1);
	fake_answer_damaged(&fake);
	fake_answer_byte(&fake, 3);
	EQUAL(link_receive(&link, got, 3, 0), STM32_GARBLED);
	CHECK(!fake_pending(&fake));
	fake_answer_damaged(&fake);
	EQUAL(link_listen(&link, got, 0), PORT_OK);
	EQUAL(got[0], 0);
	/* bytes after it are dropped too */
	for (i = 0; i < 3; i++) {
		fake_answer_damaged(&fake);
		fake_answer_byte(&fake, ACK);
	}
	EQUAL(link_drain(&link, 50), STM32_OK);
	CHECK(!fake_pending(&fake));
}

static void damage_then_nack(struct fake_port *fake, const uint8_t *bytes,
			     size_t len)
{
	(void)bytes, (void)len;
	fake_answer_damaged(fake);
	fake_answer_byte(fake, NACK);
}

static void test_damaged_resync(void)
{
	struct fake_port fake;
	struct link link = { .port = &fake.base };

	t_about("a NACK behind a damaged byte");
	fake_init(&fake, damage_then_nack, NULL);
	fake_answer_damaged(&fake);
	EQUAL(link_resync(&link), STM32_OK);
	CHECK(!fake_pending(&fake));
}

int main(void)
{
	test_data_frames();
	test_other_frames();
	test_option_frames();
	test_reset();
	test_lost_ack();
	test_stuck_port();
	test_how_many();
	test_after_burst();
	test_nobody();
	test_interrupted();
	test_ack();
	test_pauses();
	test_busy();
	test_receive();
	test_damaged();
	test_damaged_resync();
	return t_done();
}
