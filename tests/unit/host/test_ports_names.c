/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The macOS and BSD back-end, with a made-up /dev. It only reads names, so it
 * works on any Unix; the back-end of this system is not linked here. */
#include "host/ports_bsd.c"

#include "tests/unit/t.h"
#include "tests/unit/host/tree.h"

static const struct { const char *file; bool port; } rows[] = {
	{ "null", false },
	{ "tty", false },
	{ "tty00", false },
	{ "ttyU0", false },		/* waits for a carrier */
	{ "tty.usbserial-A50285BI", false },
	{ "cu.usbserial-A50285BI", true },
	{ "cu.usbmodem14101", true },
	{ "cu.Bluetooth-Incoming-Port", false },
	{ "cu.debug-console", false },
	{ "cu.wlan-debug", false },
	{ "cuaU2", true },
	{ "cuaU10", true },
	{ "cuaU10.init", false },
	{ "cuaU10.lock", false },
	{ "cuau0", true },
	{ "cuau0.lock", false },
	{ "cua00", true },
	{ "dtyU0", true },
	{ "dty00", true },
	{ "xcuaU0", false },
};

static bool is_listed(const struct port_list *list, const struct tree *tree,
		      const char *name)
{
	char path[TREE_PATH];
	size_t i, n = 0;

	tree_path(tree, name, path);
	for (i = 0; i < list->count; i++)
		n += strcmp(list->ports[i].name, path) == 0;
	return n == 1;
}

int main(void)
{
	struct port_list list = { NULL, 0 };
	struct tree tree;
	size_t i, count = 0;

	if (!CHECK(tree_begin(&tree)))
		return t_done();
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const struct tree_node node = { rows[i].file, "", NULL };

		CHECK(tree_put(&tree, &node));
		count += rows[i].port;
	}
	CHECK(ports_scan_names(&list, tree.dir));
	EQUAL(list.count, count);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].file);
		CHECK(is_listed(&list, &tree, rows[i].file) == rows[i].port);
	}
	ports_free(&list);
	tree_end(&tree);
	t_about("no such directory");
	CHECK(ports_scan_names(&list, tree.dir));
	EQUAL(list.count, 0);
	ports_free(&list);
	return t_done();
}
