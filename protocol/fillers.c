/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device holds a part of the last frame and waits for the rest. Every
 * frame XORs to 0. So if bytes were lost, fillers that complete it would have
 * to XOR to the XOR of the lost bytes; if the count was damaged, to its
 * change. The fillers are two bytes and then all STEADY: their XOR is `first`
 * after one, and then `second` or `second` ^ STEADY in turn. If the first or
 * the second filler is lost, their XOR is that of both sums, or `first` ^
 * STEADY. A second time there is one byte before the STEADY, which changes the
 * sums to others.
 *
 * So none of these values may be
 * - a byte of the frame (one byte lost),
 * - a single bit (a bit of the count flipped),
 * - as far as possible, the XOR of two bytes of the frame (two lost),
 * - 0, which would complete equal losses.
 * If the frame contains every value, the least bad are taken: then one place
 * of 258 is at risk, and the caller reads the memory back anyway.
 *
 * If the beginning of the frame is lost, the device takes a later byte for it.
 * Where that frame ends is known, and the filler there makes it invalid.
 *
 * If a line that was interrupted is mended among the STEADY, the device takes
 * them for a whole frame. An equal, even, non-zero value makes no valid one: in
 * each frame the number of bytes before the checksum is even - in one with a
 * count of STEADY, as that is even - so their XOR is 0. (With zeros it would
 * be the erase of page 0.)
 *
 * For a list of pages of two bytes, 7F are sent after the length of a frame;
 * they toggle the second sum. They are for a ROM that has reset itself because
 * the list has overwritten its RAM: it waits for a 7F.
 */
#include "protocol/fillers.h"

#include <string.h>

#include "utils.h"

#define SYNC 0x7F
#define STEADY FILLERS_STEADY	/* small: as a count it is completed soon */
#define LEAST 3			/* small sums are tried first, as counts too */
#define MOST_PAIRS (STM32_MAX_FRAME * STM32_MAX_FRAME)
#define RARER 64	/* assumed odds that the first filler arrives */

struct sums {
	uint8_t first, second;
	uint8_t again;		/* changes the second one */
};

static void rate_sums(const uint8_t *frame, size_t len, unsigned *badness)
{
	unsigned seen[256] = { 0 };
	uint8_t values[256];	/* of the frame, each once */
	size_t count = 0, i, k;
	uint8_t tail = 0;
	unsigned sum;

	for (i = 0; i < len; i++)
		if (seen[frame[i]]++ == 0)
			values[count++] = frame[i];
	for (sum = 0; sum < 256; sum++) {
		badness[sum] = seen[sum] * MOST_PAIRS;
		if ((sum & (sum - 1)) == 0)
			badness[sum] += MOST_PAIRS;
	}
	for (i = len; i > 0; i--) {
		tail ^= frame[i - 1];
		badness[tail] += STM32_MAX_FRAME;
	}
	for (i = 0; i < count; i++)
		for (k = 0; k < count; k++)
			badness[values[i] ^ values[k]] +=
				seen[values[i]] * seen[values[k]];
}

/* Of a sum, and of the one that the next STEADY makes of it. */
static unsigned rate_both(const unsigned *badness, unsigned sum)
{
	return badness[sum] + badness[sum ^ STEADY];
}

/* FF is a command, 7F the sync byte; the two bytes must be no command. */
static uint8_t choose_second(const unsigned *badness, unsigned first)
{
	unsigned least = ~0u, sum, second;
	uint8_t best = 0;

	for (sum = LEAST; sum < 0xFF; sum++) {
		unsigned both = RARER * (rate_both(badness, sum) +
					 rate_both(badness, sum ^ SYNC)) +
				rate_both(badness, first ^ sum);

		second = first ^ sum;
		if (both < least && sum != SYNC && second != SYNC &&
		    second != 0xFF && (second ^ STEADY) != 0xFF) {
			best = (uint8_t)sum;
			least = both;
		}
	}
	return best;
}

static uint8_t choose_again(const unsigned *badness, unsigned first,
			    unsigned second)
{
	unsigned least = ~0u, sum;
	uint8_t best = 0;

	for (sum = LEAST; sum < 0xFF; sum++) {
		unsigned both = rate_both(badness, sum) +
				rate_both(badness, second ^ sum) +
				rate_both(badness, first ^ sum);

		if (both < least && sum != SYNC && (sum ^ STEADY) != 0xFF &&
		    sum != second && (sum ^ STEADY) != second) {
			best = (uint8_t)sum;
			least = both;
		}
	}
	return best;
}

static struct sums choose_sums(const uint8_t *frame, size_t len,
			       bool sync_first)
{
	struct sums best = { .first = LEAST };
	unsigned badness[256], sum;

	rate_sums(frame, len, badness);
	for (sum = LEAST; sum < 0xFF; sum++)
		if (sum != SYNC && rate_both(badness, sum) <
				   rate_both(badness, best.first))
			best.first = (uint8_t)sum;
	if (sync_first)
		best.first = SYNC;
	best.second = choose_second(badness, best.first);
	best.again = choose_again(badness, best.first, best.second);
	return best;
}

/* The frame and the fillers behind it, as the host has sent them. */
struct stream {
	uint8_t bytes[2 * STM32_MAX_FRAME];
	uint8_t sums[2 * STM32_MAX_FRAME + 1];	/* the XOR of those before */
	size_t len;
	size_t mixed;		/* all bytes from there on are STEADY */
};

static void append(struct stream *s, uint8_t byte)
{
	s->bytes[s->len] = byte;
	s->sums[s->len + 1] = s->sums[s->len] ^ byte;
	s->len++;
	if (byte != STEADY)
		s->mixed = s->len;
}

/* True if n bytes are a frame: an address; data, or a list of pages of one byte
 * or of two; a mass erase by Extended Erase. */
static bool is_whole(const uint8_t *bytes, size_t n)
{
	return n == 5 || n == bytes[0] + (size_t)3 ||
	       n == 2 * (size_t)get_be16(bytes) + 5 ||
	       (n == 3 && get_be16(bytes) >= 0xFFF0);
}

/* True if a device that has received only an end of the stream, as the rest was
 * lost, takes it for a valid frame with this byte. */
static bool completes(const struct stream *s, uint8_t byte)
{
	size_t last = s->mixed < s->len - 1 ? s->mixed : s->len - 1;
	const uint8_t *from = s->sums + 1, *end = s->sums + last;
	uint8_t sum = s->sums[s->len] ^ byte;

	for (; from < end; from++) {
		from = memchr(from, sum, (size_t)(end - from));
		if (from == NULL)
			return false;
		if (is_whole(s->bytes + (from - s->sums),
			     s->len + 1 - (size_t)(from - s->sums)))
			return true;
	}
	return false;
}

/* If the end of the frame was lost, the XOR of the missing bytes is known for
 * each length. The XOR of the fillers must differ from it, also if the first
 * filler is lost. The first filler must not form a command with the last byte
 * sent. */
void fillers_make(const uint8_t *frame, size_t len, uint8_t last,
		  bool sync_first, bool again,
		  uint8_t fillers[static STM32_MAX_FRAME])
{
	const struct sums sums = choose_sums(frame, len, sync_first);
	uint8_t missing = 0, before = 0;
	struct stream stream = { .len = 0 };
	size_t n;

	memset(fillers, STEADY, STM32_MAX_FRAME);
	if (again) {
		fillers[0] = sums.again;
		return;
	}
	for (n = 0; n < len; n++)
		append(&stream, frame[n]);
	for (n = 1; n <= STM32_MAX_FRAME; n++) {
		uint8_t sum = n == 1 ? sums.first : sums.second, other = 0;
		uint8_t avoid[] = { 0, fillers[0], missing ^ fillers[0], 0,
				    n == 1 ? (uint8_t)~last : 0 };

		if (n > 1 && n % 2 == 1)
			sum ^= STEADY;
		missing ^= n <= len ? frame[len - n] : 0;
		avoid[3] = missing;
		if (n > len)
			avoid[2] = avoid[3] = 0;
		while ((n > 1 || !sync_first) && other < 0xFF &&
		       (memchr(avoid, sum ^ other, sizeof(avoid)) != NULL ||
			completes(&stream, sum ^ other ^ before)))
			other++;
		sum ^= other;
		fillers[n - 1] = sum ^ before;
		append(&stream, fillers[n - 1]);
		before = sum;
	}
}
