/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of wirings: names, and sequences compared with each other. */
#include "cli/wirings.h"

#include <string.h>

#include "cli/options_table.h"
#include "init.h"
#include "tests/unit/t.h"
#include "utils.h"

static bool is_sequence(const char *text, bool *both)
{
	struct sequence *sequence;
	struct problem why;
	size_t at;
	bool ok = sequence_parse(text, &sequence, &why, &at);

	*both = ok && sequence_has_entry(sequence) &&
		sequence_has_exit(sequence) && !sequence_has_gpio(sequence);
	sequence_free(sequence);
	return ok;
}

static const struct option_word *words_of_sequence(void)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_rows[i].letter == 'i')
			return option_rows[i].argument.words;
	return NULL;
}

/* Scripts pass sequences to -i: no name may be a sequence or begin like one,
 * or a typing error would change its meaning. */
static void test_names(void)
{
	const struct option_word *word = words_of_sequence();
	bool both;
	size_t i;

	for (; word != NULL && word->name != NULL; word++) {
		t_about(word->name);
		CHECK(!is_sequence(word->name, &both));
		for (i = 1; i < 40 && word->name[i] != '\0'; i++) {
			char start[40] = "";

			memcpy(start, word->name, i);
			CHECK(!is_sequence(start, &both));
		}
	}
}

/* -h and the completion offer auto, list and the table. */
static void test_words(void)
{
	const struct option_word *word = words_of_sequence();
	size_t i;

	t_about("words of -i");
	if (!CHECK(word != NULL))
		return;
	TEXT(word[0].name, "auto");
	TEXT(word[1].name, "list");
	for (i = 0; i < wiring_count && word[i + 2].name != NULL; i++) {
		TEXT(word[i + 2].name, wirings[i].name);
		CHECK(wiring_find(wirings[i].name) == &wirings[i]);
	}
	EQUAL(i, wiring_count);
	CHECK(word[i + 2].name == NULL);
	CHECK(wiring_find("auto") == NULL);
	CHECK(wiring_find("") == NULL);
}

/* Finds rows whose picture lacks a pin, or that equal another row. */
static void test_rows(void)
{
	size_t i, k;
	bool both;

	for (i = 0; i < wiring_count; i++) {
		const struct wiring *w = &wirings[i];

		t_about(w->name);
		CHECK(is_sequence(w->sequence, &both) && both);
		CHECK(strstr(w->boot0, " BOOT0") != NULL);
		CHECK(strstr(w->nrst, " NRST") != NULL);
		CHECK(strncmp(w->boot0, w->nrst, 3) != 0);
		for (k = 0; k < i; k++) {
			CHECK(strcmp(w->name, wirings[k].name) != 0);
			/* -i auto tries each sequence once */
			CHECK(!w->tried ||
			      strcmp(w->sequence, wirings[k].sequence) != 0);
		}
	}
}

int main(void)
{
	test_names();
	test_words();
	test_rows();
	return t_done();
}
