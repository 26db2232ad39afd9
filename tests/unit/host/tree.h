/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a directory tree of files, links and directories in a directory of its
 * own, and removes it at the end.
 */
#ifndef TREE_H
#define TREE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TREE_PATH 1024

struct tree {
	char dir[64];
};

/* A file with this text, a link to this target, or, with neither, a
 * directory. */
struct tree_node {
	const char *path, *text, *link;
};

static inline bool tree_begin(struct tree *tree)
{
	strcpy(tree->dir, "/tmp/stm32flash-test-XXXXXX");
	return mkdtemp(tree->dir) != NULL;
}

static inline void tree_path(const struct tree *tree, const char *name,
			     char path[TREE_PATH])
{
	snprintf(path, TREE_PATH, "%s/%s", tree->dir, name);
}

static inline void tree_make_parents(char *path)
{
	char *slash;

	for (slash = path; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		(void)mkdir(path, 0777);
		*slash = '/';
	}
}

static inline bool tree_put(const struct tree *tree,
			    const struct tree_node *node)
{
	char path[TREE_PATH];
	FILE *file;

	tree_path(tree, node->path, path);
	tree_make_parents(path);
	if (node->link != NULL)
		return symlink(node->link, path) == 0;
	if (node->text == NULL)
		return mkdir(path, 0777) == 0;
	file = fopen(path, "w");
	if (file == NULL)
		return false;
	fputs(node->text, file);
	return fclose(file) == 0;
}

static inline void tree_remove(const char *path)
{
	char below[TREE_PATH];
	struct dirent *entry;
	struct stat st;
	DIR *dir = NULL;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path,
			     entry->d_name) < (int)sizeof(below))
			tree_remove(below);
	}
	if (dir != NULL)
		closedir(dir);
	(void)remove(path);
}

static inline void tree_end(const struct tree *tree)
{
	tree_remove(tree->dir);
}

#endif
