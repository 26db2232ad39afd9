/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/build.h"

#include <inttypes.h>

#include "parsers/image.h"
#include "problem.h"

static enum parser_err no_memory(struct build *build)
{
	problem_set(build->why, "not enough memory for this file");
	return PARSER_NO_MEMORY;
}

enum parser_err build_begin(struct build *build)
{
	build->image = image_new();
	return build->image != NULL ? PARSER_OK : no_memory(build);
}

static enum parser_err result(struct build *build, enum image_err err)
{
	switch (err) {
	case IMAGE_OK:
		return PARSER_OK;
	case IMAGE_NO_MEMORY:
		return no_memory(build);
	case IMAGE_OVERLAP:
	case IMAGE_WRAP:
		break;
	}
	return PARSER_DAMAGED;
}

enum parser_err build_add(struct build *build, uint32_t address,
			  const uint8_t *data, size_t len, unsigned place)
{
	enum image_err err = image_add(build->image, address, data, len,
				       place);

	if (err == IMAGE_WRAP)
		problem_set(build->why, "%s%u: %u bytes at 0x%08" PRIx32
			    " run past the last address, 0xffffffff",
			    build->prefix, place, (unsigned)len, address);
	return result(build, err);
}

enum parser_err build_part(struct build *build)
{
	struct image_clash clash;
	enum image_err err = image_finish(build->image, &clash);

	if (err == IMAGE_OVERLAP)
		problem_set(build->why, "%s%u: byte at 0x%08" PRIx32 ": %s%u has "
			    "another value", build->prefix, clash.second,
			    clash.address, build->unit, clash.first);
	return result(build, err);
}

enum parser_err build_end(struct build *build, enum parser_err err,
			  struct image **out)
{
	if (err == PARSER_OK)
		err = build_part(build);
	if (err != PARSER_OK) {
		image_free(build->image);
		build->image = NULL;
	}
	*out = build->image;
	return err;
}
