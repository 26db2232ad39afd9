/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts the 32-bit half of Wine under qemu-user, for wine32.sh: Wine takes
 * all addresses above 2 GiB before it begins, so that Windows programs get
 * those below, one mapping after the other; under qemu that takes a minute.
 * What was mapped for it beforehand it leaves alone, and a loader may say so:
 * nothing need be mapped, as qemu gives new mappings addresses below 1 GiB,
 * from there downwards.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

struct area {
	void *start;
	size_t size;
};

/* The first is what Windows programs are put into, the second its end. */
static const struct area areas[] = {
	{(void *)0x00110000, 0x2fef0000},
	{(void *)0x7ffe0000, 0x7ff00000},
	{NULL, 0},
};

/* Wine looks for this name. */
const struct area *wine_main_preload_info = areas;

int main(int argc, char **argv, char **envp)
{
	void (*begin)(int argc, char **argv, char **envp);
	void *wine = dlopen("ntdll.so", RTLD_NOW);

	if (wine) {
		*(void **)&begin = dlsym(wine, "__wine_main");
		if (begin)
			begin(argc, argv, envp);
	}
	fprintf(stderr, "loader: %s\n", dlerror());
	return 1;
}
