/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/soak/sets.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/options.h"
#include "sim/state.h"
#include "tests/unit/settable.h"

/* --- fields ------------------------------------------------------------------ */

static bool is_alone(const struct option_field *fields, size_t count,
		     const struct option_field *field)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (&fields[i] != field &&
		    strcmp(fields[i].name, field->name) == 0)
			return false;
	return true;
}

static bool may_set(const struct option_field *fields, size_t count,
		    const struct option_field *field)
{
	return field->read_at % 4 == 0 && field->read_at != 0 &&
	       field->write_at != 0 && !field->read_only && !locks_out(field) &&
	       field->only_on == '\0' && is_alone(fields, count, field);
}

/* --- drawing ---------------------------------------------------------------- */

static bool is_drawn(const struct scene_set *sets, size_t count,
		     const struct option_field *field)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(sets[i].field.name, field->name) == 0)
			return true;
	return false;
}

/* Up to SCENE_SETS fields, and a value that exists for each. */
static size_t draw_sets(struct scene *s, struct scene_set *sets, uint32_t most)
{
	struct option_field fields[OPTION_FIELDS], *field;
	size_t count = option_fields(s->dev.id, fields), n = 0;
	uint32_t tries, value;

	for (tries = 0; tries < 100 && n < most; tries++) {
		field = &fields[dice_below(&s->dice, (uint32_t)count)];
		value = (uint32_t)dice_next(&s->dice) &
			option_field_most(field);
		if (!may_set(fields, count, field) ||
		    is_drawn(sets, n, field) ||
		    !option_value_exists(field, value))
			continue;
		sets[n++] = (struct scene_set){ *field, value };
	}
	return n;
}

void sets_draw(struct scene *scene)
{
	scene->was_count = draw_sets(scene, scene->was,
				     dice_below(&scene->dice, SCENE_SETS + 1));
	scene->set_count = draw_sets(scene, scene->sets,
				     dice_between(&scene->dice, 1, SCENE_SETS));
}

/* --- files ------------------------------------------------------------------ */

/* The device of a scene, with one of its files of option bytes. */
static struct sim *load(const struct scene *scene, const char *nv)
{
	struct sim_config config;
	struct problem why = { "" };
	struct sim *sim = NULL;
	char spec[100];

	(void)snprintf(spec, sizeof(spec), "sim:%s,size=%" PRIu32 ",nv=%s",
		       scene->part, scene->size, nv);
	if (sim_parse(spec, &config, &why))
		sim = sim_new(&config, &why);
	if (sim == NULL)
		fprintf(stderr, "%s\n", why.text);
	return sim;
}

static void put(struct sim *sim, const struct scene_set *sets, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		options_put_field(&sim->memory, &sets[i].field, sets[i].raw);
}

static bool write_file(const struct scene *scene, const char *nv, bool wanted)
{
	struct problem why = { "" };
	struct sim *sim;

	(void)remove(nv);
	sim = load(scene, nv);
	if (sim == NULL)
		return false;
	put(sim, scene->was, scene->was_count);
	if (wanted)
		put(sim, scene->sets, scene->set_count);
	return sim_free(sim, &why);
}

bool sets_write_files(const struct scene *scene)
{
	return write_file(scene, SCENE_NV_FILE, false) &&
	       write_file(scene, SETS_BEFORE_FILE, false) &&
	       write_file(scene, SETS_WANT_FILE, true);
}

/* --- result ----------------------------------------------------------------- */

/* Byte by byte, with complements: SETS_DAMAGED, or what is left possible. */
static enum sets_end look_at_bytes(const struct region *now,
				   const struct region *before,
				   const struct region *want,
				   bool *all_before, bool *all_want)
{
	uint32_t len = now->range.end - now->range.start, i;
	enum sets_end end = SETS_DONE;

	if (now->kind != MEMORY_OPTION && now->kind != MEMORY_OPTION_REGISTER)
		return end;
	for (i = 0; i < len; i++) {
		*all_before &= now->bytes[i] == before->bytes[i];
		*all_want &= now->bytes[i] == want->bytes[i];
		if (now->bytes[i] != before->bytes[i] &&
		    now->bytes[i] != want->bytes[i])
			end = SETS_DAMAGED;
	}
	return end;
}

static enum sets_end look_at_all(const struct memory *now,
				 const struct memory *before,
				 const struct memory *want)
{
	bool all_before = true, all_want = true, damaged = false;
	size_t i;

	for (i = 0; i < now->count; i++)
		damaged |= look_at_bytes(&now->regions[i], &before->regions[i],
					 &want->regions[i], &all_before,
					 &all_want) == SETS_DAMAGED;
	if (damaged)
		return SETS_DAMAGED;
	return all_want ? SETS_DONE : all_before ? SETS_BEFORE : SETS_PART;
}

/* A field that is not what it was, and was not asked for; the worst last. */
static bool find_changed(const struct scene *scene, const struct sim *now,
			 const struct sim *before, bool locking,
			 char *text, size_t size)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(scene->dev.id, fields), i;
	uint32_t was = 0, is = 0;

	for (i = 0; i < count; i++) {
		if (!options_get_field(&before->memory, &fields[i], &was) ||
		    !options_get_field(&now->memory, &fields[i], &is) ||
		    was == is || locks_out(&fields[i]) != locking ||
		    is_drawn(scene->sets, scene->set_count, &fields[i]))
			continue;
		(void)snprintf(text, size, "%s was 0x%" PRIx32 " and is 0x%"
			       PRIx32, fields[i].name, was, is);
		return true;
	}
	return false;
}

static bool is_level_2(const struct sim *sim)
{
	uint32_t key;

	return options_get(&sim->memory, "RDP", &key) && key == 0xCC;
}

enum sets_end sets_look(const struct scene *scene, char *text, size_t size)
{
	struct sim *now = load(scene, SCENE_NV_FILE);
	struct sim *before = load(scene, SETS_BEFORE_FILE);
	struct sim *want = load(scene, SETS_WANT_FILE);
	enum sets_end end = SETS_LEVEL_2;
	struct problem why = { "" };

	(void)snprintf(text, size, "a field that was asked for");
	if (now == NULL || before == NULL || want == NULL) {
		(void)snprintf(text, size, "the files cannot be read");
	} else if (is_level_2(now)) {
		(void)snprintf(text, size, "RDP is 0xcc");
	} else if (find_changed(scene, now, before, true, text, size)) {
		end = SETS_LOCKED;
	} else {
		(void)find_changed(scene, now, before, false, text, size);
		end = look_at_all(&now->memory, &before->memory, &want->memory);
	}
	(void)sim_free(now, &why);
	(void)sim_free(before, &why);
	(void)sim_free(want, &why);
	return end;
}
