/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which option bytes a test may change, by a list of names that is independent of
 * the program.
 */
#ifndef SETTABLE_H
#define SETTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "option_table.h"

/* "*LOCK" matches an end, "OEM*" a beginning. The list ends with NULL. */
static inline bool is_one_of(const char *name, const char *const *list)
{
	size_t len = strlen(name), n;

	for (; *list != NULL; list++) {
		n = strlen(*list) - 1;
		if ((*list)[0] == '*' && len >= n &&
		    strcmp(name + len - n, *list + 1) == 0)
			return true;
		if ((*list)[n] == '*' && strncmp(name, *list, n) == 0)
			return true;
		if (strcmp(name, *list) == 0)
			return true;
	}
	return false;
}

/* A change cannot be undone; or RDP, which has its own options. */
static inline bool is_for_good(const struct option_field *field)
{
	static const char *const names[] = {
		"RDP", "RDP_level", "*LOCK", "*lOCK", "WriteLOCK*", "LOCKBL*",
		"SECURITY", "NVSTATE", "PRODUCT_STATE", "OEM*", "DBG_AUTH",
		"OTPL", "FRF_DIS", "SFSA", "FSD", "DDS", "SBRV", "SBRSA*",
		"BRSD*", "SNBRSA", "NBRSD", "C2OPT", NULL
	};

	return is_one_of(field->name, names);
}

/* A change locks out the bootloader, or hides code. */
static inline bool locks_out(const struct option_field *field)
{
	static const char *const names[] = {
		"TZEN", "IROT_SELECT", "BOOT_UBE", "SPRMOD", "WPRMOD", "PCROP*",
		"SEC*", "HDP*", "PROT_AREA*", "UNLOCK*", "DME*", "ESE", "HSE*",
		NULL
	};

	return is_for_good(field) || is_one_of(field->name, names);
}

#endif
