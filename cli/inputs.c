/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/inputs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/file.h"
#include "utils.h"

#define WHOLE (UINT64_C(1) << 32)

static bool no_memory(enum exit_status *status, struct problem *why)
{
	problem_set(why, "out of memory");
	*status = STATUS_DEVICE;
	return false;
}

/*
 * Splits FILE@0xADDRESS. A file with that whole name takes precedence. On
 * success input->file is the name without the address, or NULL if there is no
 * address.
 */
static bool split_address(struct input *input, uint32_t *address,
			  enum exit_status *status, struct problem *why)
{
	const char *at = strrchr(input->name, '@');
	size_t len;

	if (at == NULL || strncmp(at, "@0x", 3) != 0 ||
	    file_exists(input->name))
		return true;
	if (!parse_u32(at + 1, UINT32_MAX, address)) {
		problem_set(why, "%s: not an address after the @",
			    input->name);
		*status = STATUS_USAGE;
		return false;
	}
	len = (size_t)(at - input->name);
	input->file = malloc(len + 1);
	if (input->file == NULL)
		return no_memory(status, why);
	memcpy(input->file, input->name, len);
	input->file[len] = '\0';
	return true;
}

/* Moves a raw binary; other formats have addresses of their own. */
static bool move_to(struct input *input, uint32_t address,
		    enum exit_status *status, struct problem *why)
{
	if (input->image->has_addresses) {
		problem_set(why, "%s: only a raw binary takes an address; this "
			    "file is %s", input->name, input->parser->name);
		*status = STATUS_USAGE;
		return false;
	}
	if (!image_move(input->image, address)) {
		problem_set(why, "%s: the file is too big: it ends after the "
			    "last address, 0xffffffff", input->name);
		return false;
	}
	input->image->has_addresses = true;
	return true;
}

/* Finds the first address in both images, if any. */
static bool find_overlap(const struct image *a, const struct image *b,
			 uint32_t *address)
{
	size_t i;

	for (i = 0; i < a->count; i++) {
		const struct segment *s = &a->segments[i];
		const struct segment *other = image_from(b, s->start);

		if (other == NULL || other->start >= s->start + (uint64_t)s->len)
			continue;
		*address = other->start > s->start ? other->start : s->start;
		return true;
	}
	return false;
}

/* Checks a file against an earlier one, each by its current image. */
static bool check_overlap(const struct inputs *inputs, size_t first,
			  const struct image *a, size_t second,
			  const struct image *b, struct problem *why)
{
	uint32_t address;

	if (!find_overlap(a, b, &address))
		return true;
	problem_set(why, "%s and %s both have data at 0x%08" PRIx32 "; place a "
		    "raw binary with FILE@0xADDRESS", inputs->files[first].name,
		    inputs->files[second].name, address);
	return false;
}

/* Checks for overlaps before the part is known: a file without addresses goes
 * to the flash start or to -S. */
static bool check_before(const struct inputs *inputs, enum exit_status *status,
			 struct problem *why)
{
	size_t last = inputs->count - 1, i;
	const struct image *image = inputs->files[last].image;

	for (i = 0; i < last; i++) {
		const struct image *other = inputs->files[i].image;

		if (other->has_addresses && image->has_addresses &&
		    !check_overlap(inputs, i, other, last, image, why))
			return false;
		if (other->has_addresses || image->has_addresses)
			continue;
		problem_set(why, "%s and %s are both raw binaries without an "
			    "address; add it, as in FILE@0xADDRESS",
			    inputs->files[i].name, inputs->files[last].name);
		*status = STATUS_USAGE;
		return false;
	}
	return true;
}

bool inputs_load(struct inputs *inputs, const char *name, bool force_binary,
		 struct problem *remark, enum exit_status *status,
		 struct problem *why)
{
	struct input *input = &inputs->files[inputs->count++];
	uint32_t address = 0;

	*input = (struct input){ .name = name };
	if (!split_address(input, &address, status, why))
		return false;
	*status = STATUS_FILE;
	if (input->file != NULL)
		name = input->file;
	if (!file_load(name, force_binary, &input->image, &input->parser,
		       remark)) {
		*why = *remark;
		return false;
	}
	if (image_bytes(input->image) == 0) {
		problem_set(why, "%s: no data in this file", name);
		return false;
	}
	if (input->file != NULL && !move_to(input, address, status, why))
		return false;
	return check_before(inputs, status, why);
}

/* Places a file, and checks it against the earlier ones. */
static bool place_one(struct inputs *inputs, size_t i,
		      struct image *placed[OPTIONS_MOST_FILES],
		      const struct target *target, const struct part *part,
		      struct problem *notice, enum exit_status *status,
		      struct problem *why)
{
	bool asked;
	size_t j;

	placed[i] = image_slice(inputs->files[i].image, 0, WHOLE);
	if (placed[i] == NULL)
		return no_memory(status, why);
	if (!place_origin(placed[i], target, part, notice, &asked, why)) {
		*status = asked ? STATUS_USAGE : STATUS_FILE;
		return false;
	}
	*status = STATUS_FILE;
	for (j = 0; j < i; j++)
		if (!check_overlap(inputs, j, placed[j], i, placed[i], why))
			return false;
	return true;
}

static bool merge(struct image *const *placed, size_t count,
		  struct image **out)
{
	enum image_err err = IMAGE_OK;
	size_t i, k;

	*out = image_new();
	for (i = 0; *out != NULL && i < count; i++)
		for (k = 0; k < placed[i]->count && err == IMAGE_OK; k++)
			err = image_add(*out, placed[i]->segments[k].start,
					placed[i]->segments[k].data,
					placed[i]->segments[k].len, 0);
	if (*out != NULL && err == IMAGE_OK &&
	    image_finish(*out, NULL) == IMAGE_OK)
		return true;
	image_free(*out);
	*out = NULL;
	return false;
}

static bool gather_all(struct inputs *inputs, const struct target *target,
		       const struct part *part, struct image **out,
		       struct problem *notice, enum exit_status *status,
		       struct problem *why)
{
	struct image *placed[OPTIONS_MOST_FILES] = { NULL };
	bool ok = true;
	size_t i;

	for (i = 0; i < inputs->count && ok; i++)
		ok = place_one(inputs, i, placed, target, part, notice, status,
			       why);
	if (ok && !merge(placed, inputs->count, out))
		ok = no_memory(status, why);
	for (i = 0; i < inputs->count; i++)
		image_free(placed[i]);
	return ok;
}

bool inputs_gather(struct inputs *inputs, bool keep,
		   const struct target *target, const struct part *part,
		   struct image **out, struct problem *notice,
		   enum exit_status *status, struct problem *why)
{
	struct input *only = &inputs->files[0];

	*out = NULL;
	if (inputs->count > 1)
		return gather_all(inputs, target, part, out, notice, status,
				  why);
	/* Avoid a second copy: an image may have several MiB. */
	*out = keep ? image_slice(only->image, 0, WHOLE) : only->image;
	if (*out == NULL)
		return no_memory(status, why);
	if (!keep)
		only->image = NULL;
	return true;
}

bool inputs_have(const struct inputs *inputs, const char *name)
{
	size_t i;

	for (i = 0; i < inputs->count; i++) {
		const struct input *input = &inputs->files[i];

		if (file_same(input->file != NULL ? input->file : input->name,
			      name))
			return true;
	}
	return false;
}

void inputs_free(struct inputs *inputs)
{
	size_t i;

	for (i = 0; i < inputs->count; i++) {
		free(inputs->files[i].file);
		image_free(inputs->files[i].image);
	}
	inputs->count = 0;
}
