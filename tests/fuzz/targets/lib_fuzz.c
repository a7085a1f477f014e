#define _GNU_SOURCE
#include "lib_fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sanitizer/allocator_interface.h>

/* ---- Streams ---------------------------------------------------------------------------------- */

/* Output goes to a buffer that keeps its room: what a reader prints is none of its memory. */
struct capture {
	FILE *stream;
	char *text;
	size_t bytes, room;
};

static struct capture said, printed;
static FILE *real_stdout, *real_stderr;
static bool show;

static ssize_t capture_write(void *cookie, const char *data, size_t bytes)
{
	struct capture *c = cookie;

	if (c->room - c->bytes <= bytes) {
		c->room = 2 * (c->bytes + bytes) + 4096;
		c->text = realloc(c->text, c->room);
		if (!c->text)
			abort();
	}
	memcpy(c->text + c->bytes, data, bytes);
	c->bytes += bytes;
	c->text[c->bytes] = 0;
	if (show && c == &said)
		fwrite(data, 1, bytes, real_stderr);
	return (ssize_t)bytes;
}

static void capture_open(struct capture *c)
{
	c->stream = fopencookie(c, "w", (cookie_io_functions_t){.write = capture_write});
	if (!c->stream || setvbuf(c->stream, NULL, _IOFBF, 65536))
		abort();
	capture_write(c, "", 0);
}

const char *fuzz_output(size_t *bytes)
{
	fflush(printed.stream);
	*bytes = printed.bytes;
	return printed.text;
}

/* ---- Memory ----------------------------------------------------------------------------------- */

static size_t live_bytes, limit_bytes;
static bool counting;

static void count_malloc(const volatile void *block, size_t bytes)
{
	(void)block;
	if (!counting)
		return;
	live_bytes += bytes;
	if (live_bytes <= limit_bytes)
		return;
	counting = false;
	fuzz_failed("bound on memory", "%zu bytes in use, at most %zu for this input", live_bytes,
		limit_bytes);
}

/* Blocks from before the run count for nothing. */
static void count_free(const volatile void *block)
{
	size_t bytes;

	if (!counting || !block)
		return;
	bytes = __sanitizer_get_allocated_size((const void *)block);
	live_bytes -= bytes < live_bytes ? bytes : live_bytes;
}

struct tracked {
	struct tracked *next, **at;
	size_t bytes;
	max_align_t data[];
};

static struct tracked *tracked;

static struct tracked *tracked_of(void *block)
{
	return (struct tracked *)((char *)block - offsetof(struct tracked, data));
}

void *fuzz_alloc(size_t n, size_t bytes)
{
	struct tracked *t;

	if (__builtin_mul_overflow(n, bytes, &bytes) || bytes > SIZE_MAX / 2)
		return NULL;
	t = calloc(1, sizeof *t + bytes);
	if (!t)
		return NULL;
	t->bytes = bytes;
	t->next = tracked;
	t->at = &tracked;
	if (tracked)
		tracked->at = &t->next;
	tracked = t;
	return t->data;
}

/* Also of what a library has given: such a block begins where it points. */
void fuzz_free(void *block)
{
	struct tracked *t;

	if (!block || __sanitizer_get_allocated_begin(block) == block) {
		free(block);
		return;
	}
	t = tracked_of(block);
	*t->at = t->next;
	if (t->next)
		t->next->at = t->at;
	free(t);
}

void *fuzz_realloc(void *old, size_t n, size_t bytes)
{
	void *grown = fuzz_alloc(n, bytes);
	size_t old_bytes = old ? tracked_of(old)->bytes : 0;

	if (grown && old_bytes)
		memcpy(grown, old, old_bytes < n * bytes ? old_bytes : n * bytes);
	if (grown)
		fuzz_free(old);
	return grown;
}

static struct at_end {
	void (*call)(void *);
	void *arg;
} * at_end;
static size_t n_at_end, at_end_room;

void fuzz_at_end(void (*call)(void *), void *arg)
{
	bool was_counting = counting;

	counting = false;
	if (n_at_end == at_end_room) {
		at_end_room = 2 * at_end_room + 64;
		at_end = reallocarray(at_end, at_end_room, sizeof *at_end);
		if (!at_end)
			abort();
	}
	at_end[n_at_end++] = (struct at_end){call, arg};
	counting = was_counting;
}

bool fuzz_not_at_end(void (*call)(void *), void *arg)
{
	for (size_t i = n_at_end; i-- > 0;)
		if (at_end[i].call == call && at_end[i].arg == arg) {
			memmove(&at_end[i], &at_end[i + 1], (--n_at_end - i) * sizeof *at_end);
			return true;
		}
	return false;
}

/* ---- A run ------------------------------------------------------------------------------------ */

void fuzz_begin(size_t bytes)
{
	said.bytes = printed.bytes = 0;
	capture_write(&said, "", 0);
	capture_write(&printed, "", 0);
	stdout = printed.stream;
	stderr = said.stream;
	live_bytes = 0;
	limit_bytes = FUZZ_MEMORY_BASE + FUZZ_MEMORY_FACTOR * bytes;
	counting = true;
}

void fuzz_message(const char *text)
{
	fprintf(said.stream, "%s\n", text);
}

static void check_line(const char *subject)
{
	fuzz_check(said.bytes > 1 && said.text[said.bytes - 1] == '\n', "message '%s'", said.text);
	for (size_t i = 0; i + 1 < said.bytes; i++)
		fuzz_check((unsigned char)said.text[i] >= 0x20 && said.text[i] != 0x7f,
			"byte %zu of message '%s' is %u", i, said.text,
			(unsigned char)said.text[i]);
	fuzz_check(!subject || strstr(said.text, subject), "message '%s', subject '%s'", said.text,
		subject);
}

void fuzz_end_verbose(void)
{
	while (n_at_end) {
		struct at_end *last = &at_end[--n_at_end];

		last->call(last->arg);
	}
	while (tracked)
		fuzz_free(tracked->data);
	counting = false;
	fflush(said.stream);
	fflush(printed.stream);
	stdout = real_stdout;
	stderr = real_stderr;
}

void fuzz_end(int status, const char *subject)
{
	fuzz_end_verbose();
	if (status)
		check_line(subject);
	else
		fuzz_check(!said.bytes, "accepted, but it says '%s'", said.text);
}

void fuzz_failed(const char *condition, const char *format, ...)
{
	va_list args;

	counting = false;
	stderr = real_stderr;
	fprintf(stderr, "fuzz: property does not hold: %s: ", condition);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	putc('\n', stderr);
	abort();
}

/* ---- Files ------------------------------------------------------------------------------------ */

static char folder[64];
static char *paths[32];
static size_t n_paths;

static void remove_files(void)
{
	for (size_t i = n_paths; i-- > 0;)
		if (rmdir(paths[i]))
			unlink(paths[i]);
	rmdir(folder);
}

const char *fuzz_path(const char *name)
{
	char path[256];

	if (!*folder) {
		const char *named = getenv("FUZZ_FOLDER");

		snprintf(folder, sizeof folder, "%s/hcc-fuzz.XXXXXX",
			access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		if (named)
			snprintf(folder, sizeof folder, "%s", named);
		if (named ? mkdir(folder, 0700) : !mkdtemp(folder))
			abort();
		atexit(remove_files);
	}
	snprintf(path, sizeof path, "%s/%s", folder, name);
	for (size_t i = 0; i < n_paths; i++)
		if (!strcmp(paths[i], path))
			return paths[i];
	if (n_paths == sizeof paths / sizeof *paths || !(paths[n_paths] = strdup(path)))
		abort();
	return paths[n_paths++];
}

void fuzz_write(const char *path, const void *data, size_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	fuzz_check(fd >= 0 && write(fd, data, bytes) == (ssize_t)bytes, "%s: %s", path,
		strerror(errno));
	close(fd);
}

void fuzz_make_folder(const char *path)
{
	fuzz_check(!mkdir(path, 0700) || errno == EEXIST, "%s: %s", path, strerror(errno));
}

/* ---- Start ------------------------------------------------------------------------------------ */

static void write_seeds(const char *seeds)
{
	static uint8_t seed[FUZZ_MOST_BYTES];
	size_t bytes;

	for (unsigned n = 0; memset(seed, 0, sizeof seed), (bytes = fuzz_seed(n, seed)); n++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/seed-%02u", seeds, n);
		fuzz_write(path, seed, bytes);
	}
	exit(0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *seeds = getenv("FUZZ_SEEDS");

	(void)argc, (void)argv;
	real_stdout = stdout;
	real_stderr = stderr;
	if (seeds)
		write_seeds(seeds);
	show = getenv("FUZZ_SHOW");
	capture_open(&said);
	capture_open(&printed);
	if (!__sanitizer_install_malloc_and_free_hooks(count_malloc, count_free))
		abort();
	return 0;
}

/* ---- Mutators --------------------------------------------------------------------------------- */

uint32_t fuzz_random(unsigned *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return below ? (uint32_t)((uint64_t)(*state ^ *state >> 15) * below >> 32) : 0;
}

void fuzz_change_integer(
	unsigned *state, uint8_t *at, unsigned width, const uint8_t *data, size_t bytes)
{
	uint64_t v = 0, other = 0;

	memcpy(&v, at, width);
	if (bytes >= 8)
		memcpy(&other, data + fuzz_random(state, (uint32_t)(bytes - 7) / 4) * 4, width);
	switch (fuzz_random(state, 9)) {
	case 0:
		v = 0;
		break;
	case 1:
		v = ~(uint64_t)0;
		break;
	case 2:
		v = (uint64_t)1 << fuzz_random(state, 8 * width);
		break;
	case 3:
		v = ((uint64_t)1 << fuzz_random(state, 8 * width)) - 1;
		break;
	case 4:
		v += fuzz_random(state, 17);
		v -= 8;
		break;
	case 5:
		v = other;
		break;
	case 6:
		v ^= (uint64_t)1 << fuzz_random(state, 8 * width);
		break;
	case 7:
		v = fuzz_random(state, 256);
		break;
	default:
		v = -v;
		break;
	}
	memcpy(at, &v, width);
}
