/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#else
#include <unistd.h>
#endif

#define FIRST_ROOM 65536
#define MOST_NEW 1000	/* names to try */
#define MOST_LINKS 40	/* in a chain, as in Linux */
#define MOST_LINK 4096	/* bytes of a name */
#define MOST_BYTES (256u << 20)	/* 4 MiB of flash in the longest hex form is
				 * 30 */

static void make_binary(FILE *stream)
{
#ifdef _WIN32
	_setmode(_fileno(stream), _O_BINARY);
#else
	(void)stream;
#endif
}

/* Reads all of stream and adds a NUL; the caller frees *bytes. Returns 0 or an
 * errno. */
static int slurp(FILE *stream, uint8_t **bytes, size_t *len)
{
	size_t room = FIRST_ROOM, n;
	uint8_t *buf = malloc(room), *more;

	*len = 0;
	while (buf != NULL) {
		n = fread(buf + *len, 1, room - *len, stream);
		*len += n;
		if (*len < room)
			break;
		if (room >= MOST_BYTES) {
			free(buf);
			return EFBIG;
		}
		more = realloc(buf, room *= 2);
		if (more == NULL)
			free(buf);
		buf = more;
	}
	if (buf == NULL)
		return ENOMEM;
	if (ferror(stream)) {
		int err = errno != 0 ? errno : EIO;

		free(buf);
		return err;
	}
	buf[*len] = '\0';
	*bytes = buf;
	return 0;
}

static const char *shown_name(const char *name)
{
	return strcmp(name, "-") == 0 ? "standard input" : name;
}

bool file_exists(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0;
}

bool file_read(const char *name, uint8_t **bytes, size_t *len,
	       struct problem *why)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *stream = standard ? stdin : fopen(name, "rb");
	int err;

	if (stream == NULL) {
		problem_set(why, "%s: %s", name, strerror(errno));
		return false;
	}
	if (standard)
		make_binary(stream);
	errno = 0;
	err = slurp(stream, bytes, len);
	if (!standard)
		(void)fclose(stream);	/* opened only for reading */
	if (err != 0)
		problem_set(why, "%s: %s", shown_name(name), strerror(err));
	return err == 0;
}

#ifdef _WIN32
bool file_may_wait(const char *name)
{
	return strcmp(name, "-") == 0 &&
	       GetFileType((HANDLE)_get_osfhandle(0)) != FILE_TYPE_DISK;
}

static bool get_identity(const char *name, BY_HANDLE_FILE_INFORMATION *info)
{
	HANDLE handle = CreateFileA(name, 0, FILE_SHARE_READ |
				    FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
				    OPEN_EXISTING, 0, NULL);
	bool known;

	if (handle == INVALID_HANDLE_VALUE)
		return false;
	known = GetFileInformationByHandle(handle, info) != 0;
	CloseHandle(handle);
	return known;
}

bool file_same(const char *a, const char *b)
{
	BY_HANDLE_FILE_INFORMATION first, second;

	return get_identity(a, &first) && get_identity(b, &second) &&
	       first.dwVolumeSerialNumber == second.dwVolumeSerialNumber &&
	       first.nFileIndexHigh == second.nFileIndexHigh &&
	       first.nFileIndexLow == second.nFileIndexLow;
}

static bool is_device(const char *name)
{
	HANDLE handle = CreateFileA(name, 0, FILE_SHARE_READ |
				    FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
				    NULL);
	bool device = handle != INVALID_HANDLE_VALUE &&
		      GetFileType(handle) == FILE_TYPE_CHAR;

	if (handle != INVALID_HANDLE_VALUE)
		CloseHandle(handle);
	return device;
}
#else
bool file_may_wait(const char *name)
{
	struct stat st;

	if (strcmp(name, "-") == 0)
		return fstat(fileno(stdin), &st) == 0 && !S_ISREG(st.st_mode);
	return stat(name, &st) == 0 && S_ISFIFO(st.st_mode);
}

bool file_same(const char *a, const char *b)
{
	struct stat first, second;

	if (stat(a, &first) != 0 || stat(b, &second) != 0)
		return false;
	if (S_ISCHR(first.st_mode) && S_ISCHR(second.st_mode))
		return first.st_rdev == second.st_rdev;
	return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* True for a device, except another name of standard input, which is open
 * already. */
static bool is_device(const char *name)
{
	struct stat st, in;

	return stat(name, &st) == 0 && S_ISCHR(st.st_mode) &&
	       !(fstat(fileno(stdin), &in) == 0 && S_ISCHR(in.st_mode) &&
		 in.st_rdev == st.st_rdev);
}
#endif

bool file_load(const char *name, bool force_binary, struct image **out,
	       const struct parser **parser, struct problem *why)
{
	const char *shown = shown_name(name);
	struct problem detail = { "" };
	uint8_t *bytes = NULL;
	size_t len;

	*out = NULL;
	/* Before the open, which would reset many boards. */
	if (is_device(name)) {
		problem_set(why, "%s: a device, not a file to write", name);
		return false;
	}
	if (!file_read(name, &bytes, &len, why))
		return false;
	*parser = force_binary ? &parser_binary
			       : parser_choose(strcmp(name, "-") == 0 ? NULL
							: name, bytes, len);
	if (len == 0)
		problem_set(&detail, "the file is empty");
	else
		(void)(*parser)->decode(bytes, len, out, &detail);
	if (detail.text[0] != '\0')
		problem_set(why, "%s:%s%s", shown,
			    detail.text[0] >= '0' && detail.text[0] <= '9'
			    ? "" : " ", detail.text);
	free(bytes);
	return *out != NULL;
}

static bool put(void *ctx, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, ctx) == len;
}

static bool write_out(FILE *stream, const struct parser *parser,
		      const struct image *image)
{
	struct parser_sink sink = { .put = put, .ctx = stream };

	return parser->encode(image, &sink) && fflush(stream) == 0;
}

/* Creates a file that must not exist yet. */
static FILE *create_new(const char *name)
{
#ifdef _WIN32
	/* Older C libraries do not support "x". */
	int fd = _open(name, _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY,
		       _S_IREAD | _S_IWRITE);

	return fd >= 0 ? _fdopen(fd, "wb") : NULL;
#else
	return fopen(name, "wbx");
#endif
}

/* Creates "name.part" next to the target, so that the rename stays in one file
 * system; "name.part1" and so on if that exists. NULL if out of memory or
 * names. */
static FILE *create_beside(const char *name, char **temporary)
{
	size_t room = strlen(name) + sizeof(".part99");
	FILE *stream = NULL;
	unsigned i;

	*temporary = malloc(room);
	for (i = 0; *temporary != NULL && stream == NULL && i < 100; i++) {
		snprintf(*temporary, room, i == 0 ? "%s.part" : "%s.part%u",
			 name, i);
		stream = create_new(*temporary);
		if (stream == NULL && errno != EEXIST)
			break;
	}
	if (stream == NULL) {
		int err = errno;

		free(*temporary);
		*temporary = NULL;
		errno = err;
	}
	return stream;
}

/* The file that replaces another keeps its read permissions, but not its
 * set-user-ID and similar bits. */
static void copy_mode(const char *name, const char *temporary)
{
#ifdef _WIN32
	(void)name, (void)temporary;
#else
	struct stat st;

	if (stat(name, &st) == 0)
		(void)chmod(temporary, st.st_mode & 0777);
#endif
}

/* A device or a pipe is written in place: a rename would replace it by a
 * file. */
#ifdef _WIN32
static bool is_special(const char *name)
{
	DWORD attributes = GetFileAttributesA(name);
	HANDLE handle;
	bool special;

	if (attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & (FILE_ATTRIBUTE_DIRECTORY |
			   FILE_ATTRIBUTE_REPARSE_POINT)))
		return true;
	/* NUL and similar names have the attributes of a file. */
	handle = CreateFileA(name, 0, FILE_SHARE_READ | FILE_SHARE_WRITE |
			     FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
	if (handle == INVALID_HANDLE_VALUE)
		return false;
	special = GetFileType(handle) != FILE_TYPE_DISK;
	CloseHandle(handle);
	return special;
}
#else
static bool is_special(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0 && !S_ISREG(st.st_mode);
}
#endif

/* Returns the target of a link, for free(): relative to the link's
 * directory. */
#ifndef _WIN32
static char *read_link(const char *name, size_t len)
{
	const char *slash = strrchr(name, '/');
	size_t dir = slash != NULL ? (size_t)(slash + 1 - name) : 0;
	char *text = malloc(dir + len + 1);
	ssize_t got;

	if (text == NULL)
		return NULL;
	memcpy(text, name, dir);
	got = readlink(name, text + dir, len + 1);
	if (got < 0 || (size_t)got > len) {
		free(text);
		return NULL;
	}
	text[dir + (size_t)got] = '\0';
	if (text[dir] == '/')
		memmove(text, text + dir, (size_t)got + 1);
	return text;
}
#endif

/* Returns the file that a link leads to, which may be missing, for free();
 * NULL if name is no link, or a link to something else. */
static char *behind_link(const char *name)
{
#ifdef _WIN32
	(void)name;
	return NULL;
#else
	char *target = NULL, *next;
	struct stat st;
	unsigned hops;

	if (stat(name, &st) == 0 && !S_ISREG(st.st_mode))
		return NULL;
	for (hops = 0; hops < MOST_LINKS && lstat(name, &st) == 0 &&
	     S_ISLNK(st.st_mode); hops++) {
		next = read_link(name, MOST_LINK);
		free(target);
		target = next;
		if (target == NULL)
			return NULL;
		name = target;
	}
	return target;
#endif
}

/* Renames temporary to name, which may exist; sets errno. */
#ifdef _WIN32
static bool replace(const char *temporary, const char *name)
{
	if (MoveFileExA(temporary, name, MOVEFILE_REPLACE_EXISTING))
		return true;
	switch (GetLastError()) {
	case ERROR_ACCESS_DENIED:	/* read-only, or open in another
					 * program */
	case ERROR_SHARING_VIOLATION:
		errno = EACCES;
		break;
	case ERROR_DISK_FULL:
		errno = ENOSPC;
		break;
	default:
		errno = EIO;
		break;
	}
	return false;
}
#else
static bool replace(const char *temporary, const char *name)
{
	return rename(temporary, name) == 0;
}
#endif

/* Keeps the old contents until the first byte is written. */
static FILE *open_in_place(const char *name)
{
	int err = errno;
	FILE *stream = fopen(name, "r+b");

	if (stream == NULL)
		errno = err;
	return stream;
}

/* Truncates the file at the current position. */
static bool truncate_here(FILE *stream)
{
	long end = ftell(stream);

#ifdef _WIN32
	return end >= 0 && _chsize(_fileno(stream), end) == 0;
#else
	return end >= 0 && ftruncate(fileno(stream), end) == 0;
#endif
}

bool file_create(const char *name, struct file_out *out, struct problem *why)
{
	*out = (struct file_out){ .name = name, .stream = stdout };
	if (strcmp(name, "-") == 0) {
		make_binary(stdout);
		return true;
	}
	out->target = behind_link(name);
	if (out->target != NULL)
		name = out->target;
	if (is_special(name)) {
		out->stream = fopen(name, "wb");
	} else {
		out->stream = create_beside(name, &out->temporary);
		/* The directory is not writable, or new files are not
		 * allowed. */
		if (out->stream == NULL && (errno == EACCES || errno == EPERM ||
					    errno == EROFS))
			out->stream = open_in_place(name);
	}
	if (out->stream == NULL) {
		problem_set(why, "%s: %s; not written", out->name,
			    strerror(errno));
		free(out->target);
		return false;
	}
	out->in_place = out->temporary == NULL && !is_special(name);
	if (out->temporary != NULL)
		copy_mode(name, out->temporary);
	return true;
}

/* Closes the file unless it is standard output; 0 or an errno. */
static int close_stream(struct file_out *out)
{
	if (out->stream == stdout || fclose(out->stream) == 0)
		return 0;
	return errno;
}

static void free_names(struct file_out *out)
{
	free(out->target);
	free(out->temporary);
}

void file_abandon(struct file_out *out)
{
	(void)close_stream(out);
	if (out->temporary != NULL)
		(void)remove(out->temporary);
	free_names(out);
}

bool file_commit(struct file_out *out, const struct parser *parser,
		 const struct image *image, struct problem *why)
{
	bool written = write_out(out->stream, parser, image) &&
		       (!out->in_place || truncate_here(out->stream));
	int err = written ? 0 : errno;
	int close_err = close_stream(out);

	if (err == 0)
		err = close_err;
	if (err == 0 && out->temporary != NULL &&
	    !replace(out->temporary,
		     out->target != NULL ? out->target : out->name))
		err = errno;
	if (err != 0) {
		problem_set(why, "%s: %s; not written",
			    out->stream == stdout ? "standard output"
						  : out->name, strerror(err));
		if (out->temporary != NULL)
			(void)remove(out->temporary);
	}
	free_names(out);
	return err == 0;
}

static FILE *create_numbered(const char *stem, char name[FILE_NEW_NAME])
{
	FILE *stream = NULL;
	unsigned i;

	for (i = 1; stream == NULL && i < MOST_NEW; i++) {
		snprintf(name, FILE_NEW_NAME, i == 1 ? "%s.hex" : "%s-%u.hex",
			 stem, i);
		stream = create_new(name);
		if (stream == NULL && errno != EEXIST)
			break;
	}
	return stream;
}

bool file_save_new(const char *stem, const struct parser *parser,
		   const struct image *image, char name[FILE_NEW_NAME],
		   struct problem *why)
{
	struct file_out out = { .name = name };
	FILE *stream = create_numbered(stem, name);

	if (stream == NULL) {
		problem_set(why, "%s: %s; not written", name, strerror(errno));
		return false;
	}
	out.stream = stream;
	return file_commit(&out, parser, image, why);
}
