/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for a shell: generate bash <completion/bash.in. The template is
 * handwritten; each @NAME@ in it is replaced by data from the tables of
 * options and parts. Run by `make completion`.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dev_table.h"
#include "cli/options_table.h"
#include "utils.h"

/* Items of a list, one per line. */
struct list {
	const char *between;	/* the end of a line that is not the last */
	const char *indent;
	bool begun;
};

static void next(struct list *list)
{
	if (list->begun)
		printf("%s\n%s", list->between, list->indent);
	list->begun = true;
}

static bool takes_argument(const struct option_row *row)
{
	return row->argument.kind != ARGUMENT_NONE;
}

static bool is_optional(const struct option_row *row)
{
	return takes_argument(row) && row->argument.name[0] == '[';
}

/* A letter takes no optional argument, which needs a =. */
static bool letter_takes_argument(const struct option_row *row)
{
	return takes_argument(row) && !is_optional(row);
}

/* Returns the help text that -h shows for the option. */
static const char *help_of(const struct option_row *row, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%s", row->help);
	char actions[OPTION_ACTIONS];

	if (row->argument.kind == ARGUMENT_WORDS && len < size)
		option_words_text(row->argument.words, true, out + len,
				  size - len);
	option_actions_text(row->goes_with, ", ", actions);
	len = strlen(out);
	if (actions[0] != '\0')
		snprintf(out + len, size - len, " (with %s)", actions);
	return out;
}

/* Prints text inside '': quote is the shell's way to write a ' there. The
 * characters in special get a backslash, which they need after the quotes are
 * removed. */
static void put_quoted(const char *text, const char *quote, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			fputs(quote, stdout);
			continue;
		}
		if (strchr(special, *text) != NULL)
			putchar('\\');
		putchar(*text);
	}
}

/* --- parts --------------------------------------------------------------------- */

#define WORD_MAX 32

typedef void put_part(struct list *list, const char *word, const char *means);

/* True if --device accepts the word for this part. */
static bool means(const char *word, const struct dev *dev)
{
	struct dev found;

	return dev_find_text(word, &found) && found.id == dev->id &&
	       strcmp(found.name, dev->name) == 0;
}

/* True if the word is a name that --device accepts only for this part: for
 * "STM32F10xxx Medium-density" there is none, as it has siblings. */
static bool is_name_of(const struct dev *dev, const char *word)
{
	return isupper((unsigned char)word[0]) &&
	       strpbrk(word, "0123456789") != NULL &&
	       word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZx0123456789-")] ==
	       '\0' && means(word, dev);
}

/* Lists the names in "STM32F071xx/072xx and STM32F09xxx": after a slash there
 * is only the differing end. */
static size_t put_names(const struct dev *dev, const char *id, put_part *put,
			struct list *list)
{
	char first[WORD_MAX] = "", word[2 * WORD_MAX];
	const char *at = dev->name;
	size_t len, head, count = 0;
	bool short_form = false;

	for (; *at != '\0'; at += len + (at[len] != '\0')) {
		len = strcspn(at, " /");
		if (!short_form)
			snprintf(first, sizeof(first), "%.*s", (int)len, at);
		head = short_form && len < strlen(first) &&
		       strchr(first, '(') == NULL ? strlen(first) - len : 0;
		snprintf(word, sizeof(word), "%.*s%.*s", (int)head, first,
			 (int)len, at);
		short_form = at[len] == '/';
		if (!is_name_of(dev, word))
			continue;
		put(list, word, id);
		count++;
	}
	return count;
}

/* Lists every part by its names and its ID; omits a long ID if there is a
 * name. */
static void put_parts(put_part *put, struct list *list)
{
	struct dev dev;
	size_t i;

	for (i = 0; dev_at(i, &dev); i++) {
		char id[WORD_MAX];

		if (dev.quirks & DEV_OTHER_PROTOCOL)
			continue;
		snprintf(id, sizeof(id), "0x%03" PRIX32, dev.id);
		if ((put_names(&dev, id, put, list) == 0 || dev.id <= 0xFFF) &&
		    means(id, &dev))
			put(list, id, dev.name);
	}
}

/* --- bash ----------------------------------------------------------------------- */

static void bash_flags(const char *indent)
{
	size_t i;

	(void)indent;
	for (i = 0; i < option_count; i++)
		if (option_rows[i].letter != 0 &&
		    !letter_takes_argument(&option_rows[i]))
			putchar(option_rows[i].letter);
}

static void bash_letters(const char *indent)
{
	size_t i;

	(void)indent;
	for (i = 0; i < option_count; i++)
		if (option_rows[i].letter != 0 &&
		    letter_takes_argument(&option_rows[i]))
			putchar(option_rows[i].letter);
}

static void bash_options(const char *indent)
{
	struct list list = { "", indent, false };
	size_t i;

	for (i = 0; i < option_count; i++) {
		next(&list);
		if (option_rows[i].letter != 0)
			printf("-%c ", option_rows[i].letter);
		printf("--%s", option_rows[i].name);
	}
}

static void bash_words(const struct option_word *words)
{
	fputs(" _stm32flash_offer", stdout);
	for (; words->name != NULL; words++)
		printf(" %s", words->name);
}

/* Prints the arm of a case: what may follow the option. */
static void bash_arm(const struct option_row *row)
{
	if (row->letter != 0 && letter_takes_argument(row))
		printf("-%c | ", row->letter);
	if (!is_optional(row))
		printf("--%s | ", row->name);
	printf("--%s=)", row->name);
	if (row->argument.kind == ARGUMENT_FILE)
		fputs(" _stm32flash_files", stdout);
	else if (row->argument.kind == ARGUMENT_PART)
		fputs(" _stm32flash_parts", stdout);
	else if (row->argument.words != NULL)
		bash_words(row->argument.words);
	fputs(" ;;", stdout);
}

static void bash_arguments(const char *indent)
{
	struct list list = { "", indent, false };
	size_t i;

	for (i = 0; i < option_count; i++) {
		if (!takes_argument(&option_rows[i]))
			continue;
		next(&list);
		bash_arm(&option_rows[i]);
	}
}

static void bash_part(struct list *list, const char *word, const char *means)
{
	(void)means;
	next(list);
	fputs(word, stdout);
}

static void bash_parts(const char *indent)
{
	struct list list = { "", indent, false };

	put_parts(bash_part, &list);
}

/* --- zsh ------------------------------------------------------------------------ */

static void zsh_quoted(const char *text, const char *special)
{
	put_quoted(text, "'\\''", special);
}

static void zsh_words(const struct option_word *words)
{
	const char *before = "((";

	for (; words->name != NULL; words++, before = " ") {
		printf("%s%s", before, words->name);
		if (words->help == NULL)
			continue;
		fputs("\\:\"", stdout);
		zsh_quoted(words->help, "\\\"$`:");
		putchar('"');
	}
	fputs("))", stdout);
}

/* ":message:action", for _arguments; two colons: optional. */
static void zsh_argument(const struct option_row *row)
{
	const char *name = row->argument.name;

	putchar(':');
	if (is_optional(row))
		printf(":%.*s", (int)strlen(name) - 2, name + 1);
	else
		zsh_quoted(name, "\\:");
	putchar(':');
	if (row->argument.kind == ARGUMENT_FILE)
		fputs("_files", stdout);
	else if (row->argument.kind == ARGUMENT_PART)
		fputs("_stm32flash_parts", stdout);
	else if (row->argument.words != NULL)
		zsh_words(row->argument.words);
	else
		putchar(' ');	/* only the message, no action */
}

/* Prints "-h[what it does]'", after the opening quote. */
static void zsh_explained(const struct option_row *row)
{
	char help[200];

	putchar('[');
	zsh_quoted(help_of(row, help, sizeof(help)), "\\[]");
	putchar(']');
}

/* -h takes no argument, but --help=all does: two specifications. */
static void zsh_bare_letter(const struct option_row *row)
{
	printf("'(-%c --%s)-%c", row->letter, row->name, row->letter);
	zsh_explained(row);
	printf("' '(-%c --%s)--%s=-", row->letter, row->name, row->name);
}

static void zsh_option(const struct option_row *row)
{
	const char *plus = takes_argument(row) ? "+" : "";
	const char *equals = is_optional(row) ? "=-"
			   : takes_argument(row) ? "=" : "";

	if (row->letter != 0 && is_optional(row))
		zsh_bare_letter(row);
	else if (row->letter != 0)
		printf("'(-%c --%s)'{-%c%s,--%s%s}'", row->letter, row->name,
		       row->letter, plus, row->name, equals);
	else
		printf("'--%s%s", row->name, equals);
	zsh_explained(row);
	if (takes_argument(row))
		zsh_argument(row);
	putchar('\'');
}

static void zsh_options(const char *indent)
{
	struct list list = { " \\", indent, false };
	size_t i;

	for (i = 0; i < option_count; i++) {
		next(&list);
		zsh_option(&option_rows[i]);
	}
}

static void zsh_part(struct list *list, const char *word, const char *means)
{
	next(list);
	printf("'%s:", word);
	zsh_quoted(means, "\\:");
	putchar('\'');
}

static void zsh_parts(const char *indent)
{
	struct list list = { "", indent, false };

	put_parts(zsh_part, &list);
}

/* --- fish ----------------------------------------------------------------------- */

static void fish_quoted(const char *text, const char *special)
{
	put_quoted(text, "\\'", special);
}

/* Prints a list of words as one argument, which fish splits again. A word
 * without an explanation gets "", as fish would show the option's. */
static void fish_words(const struct option_word *words, bool required)
{
	const char *before = required ? " -x -a '" : " -a '";

	for (; words->name != NULL; words++, before = " ") {
		printf("%s%s\\t\"", before, words->name);
		fish_quoted(words->help != NULL ? words->help : "", "\\");
		putchar('"');
	}
	putchar('\'');
}

static void fish_argument(const struct option_row *row)
{
	if (is_optional(row) && row->argument.kind == ARGUMENT_FILE)
		fputs(" -a '(__stm32flash_attached)'", stdout);
	else if (row->argument.kind == ARGUMENT_FILE)
		fputs(" -r -F", stdout);
	else if (row->argument.kind == ARGUMENT_PART)
		fputs(" -x -a '(__stm32flash_parts)'", stdout);
	else if (row->argument.words != NULL)
		fish_words(row->argument.words, !is_optional(row));
	else
		fputs(" -x", stdout);
}

static void fish_explained(const struct option_row *row)
{
	char help[200];

	fputs(" -d '", stdout);
	fish_quoted(help_of(row, help, sizeof(help)), "\\");
	putchar('\'');
}

static void fish_options(const char *indent)
{
	struct list list = { "", indent, false };
	size_t i;

	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		next(&list);
		fputs("complete -c stm32flash", stdout);
		if (row->letter != 0)
			printf(" -s %c", row->letter);
		if (row->letter != 0 && is_optional(row)) {
			fish_explained(row);	/* without an argument for -h */
			next(&list);
			fputs("complete -c stm32flash", stdout);
		}
		printf(" -l %s", row->name);
		if (takes_argument(row))
			fish_argument(row);
		fish_explained(row);
	}
}

static void fish_part(struct list *list, const char *word, const char *means)
{
	next(list);
	printf("%s '", word);
	fish_quoted(means, "\\");
	putchar('\'');
}

static void fish_parts(const char *indent)
{
	struct list list = { " \\", indent, false };

	put_parts(fish_part, &list);
}

/* --- the manual ------------------------------------------------------------------ */

/* "-o, -w" as the arguments of Fl. */
static void manual_flags(const char *actions)
{
	size_t len;

	for (; *actions != '\0'; actions += len + strspn(actions + len, ", ")) {
		len = strcspn(actions, ",");
		printf(" %.*s%s", (int)len - 1, actions + 1,
		       actions[len] != '\0' ? " ," : "");
	}
}

/* Prints which option goes with which action. */
static void manual_actions(const char *indent)
{
	struct list list = { "", indent, false };
	char actions[OPTION_ACTIONS];
	size_t i;

	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (row->goes_with == 0)
			continue;
		option_actions_text(row->goes_with, ", ", actions);
		next(&list);
		if (row->letter != 0)
			printf(".It Fl %c Ta Fl", row->letter);
		else
			printf(".It Fl -%s Ta Fl", row->name);
		manual_flags(actions);
	}
}

/* --- the templates --------------------------------------------------------------- */

/* The replacement of @name@ in the template of a shell; lines after the first
 * one begin with indent. */
struct place_holder {
	const char *shell;
	const char *name;
	void (*put)(const char *indent);
};

static const struct place_holder place_holders[] = {
	{ "bash", "FLAGS", bash_flags },
	{ "bash", "LETTERS", bash_letters },
	{ "bash", "OPTIONS", bash_options },
	{ "bash", "ARGUMENTS", bash_arguments },
	{ "bash", "PARTS", bash_parts },
	{ "zsh", "OPTIONS", zsh_options },
	{ "zsh", "PARTS", zsh_parts },
	{ "fish", "OPTIONS", fish_options },
	{ "fish", "PARTS", fish_parts },
	{ "manual", "ACTIONS", manual_actions },
};

static const struct place_holder *find(const char *shell, const char *name,
				       size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(place_holders); i++) {
		const struct place_holder *holder = &place_holders[i];

		if (strcmp(holder->shell, shell) == 0 &&
		    strlen(holder->name) == len &&
		    strncmp(holder->name, name, len) == 0)
			return holder;
	}
	return NULL;
}

/* Prints the line with its places filled. False: an unknown name. */
static bool fill(const char *shell, const char *line)
{
	size_t white = strspn(line, " \t");
	const char *start, *name;
	char indent[16];

	snprintf(indent, sizeof(indent), "%.*s", (int)white, line);
	while ((start = strchr(line, '@')) != NULL) {
		size_t len = strspn(start + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		const struct place_holder *holder;

		name = start + 1;
		printf("%.*s", (int)(start - line), line);
		if (len == 0 || name[len] != '@') {	/* "$@" */
			putchar('@');
			line = name;
			continue;
		}
		holder = find(shell, name, len);
		if (holder == NULL)
			return false;
		holder->put(indent);
		line = name + len + 1;
	}
	fputs(line, stdout);
	return true;
}

int main(int argc, char **argv)
{
	const char *shell = argc == 2 ? argv[1] : "";
	char line[200];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (!fill(shell, line)) {
			fprintf(stderr, "generate %s: not known: %s", shell,
				line);
			return 1;
		}
	}
	if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
		perror("generate");
		return 1;
	}
	return 0;
}
