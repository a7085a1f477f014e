/* forge IN OUT EDIT...: writes a snapshot with something changed and its checksums right. An edit is
 *   FIELD=VALUE           a number; +N and -N add to what is there
 *   value:FRAME.SLOT=N    the upper half of a value; FRAME counts from the outermost
 *   memory:ADDRESS=N      8 bytes of the process's memory, which must be stored
 *   string:OFFSET=TEXT    over what is there
 *   below:N               only descriptors of lower numbers stay
 *   without:outermost, without:innermost   a frame less
 *   show:FIELD            prints the number
 *   file:OFFSET=N         8 bytes of the file, after all else: checksums are not made again
 * with FIELD of SECTION[INDEX].NAME as in snapshot.h. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/snapshot.h"

static char *data;
static size_t bytes;
static struct hcc_snap_header *header;

static _Noreturn void die(const char *what, const char *edit)
{
	fprintf(stderr, "forge: %s: %s\n", edit, what);
	exit(2);
}

static char *section(int kind)
{
	return data + header->sections[kind].off;
}

#define FIELD(kind, type, name) {#kind, #name, HCC_SECTION_##kind, sizeof(struct type), \
	offsetof(struct type, name), sizeof(((struct type *)0)->name)}

static const struct field {
	const char *section, *name;
	int kind;
	size_t unit_bytes, off, width;
} fields[] = {
	FIELD(PROCESS, hcc_snap_process, shared_data_start_va),
	FIELD(PROCESS, hcc_snap_process, shared_data_end_va),
	FIELD(PROCESS, hcc_snap_process, arena_start_va),
	FIELD(PROCESS, hcc_snap_process, arena_end_va),
	FIELD(PROCESS, hcc_snap_process, pending_signals),
	FIELD(PROCESS, hcc_snap_process, umask),
	FIELD(PROCESS, hcc_snap_process, exe_off),
	FIELD(PROCESS, hcc_snap_process, cwd_off),
	FIELD(THREADS, hcc_snap_thread, tid),
	FIELD(THREADS, hcc_snap_thread, pending_signals),
	FIELD(THREADS, hcc_snap_thread, portable_sp_va),
	FIELD(THREADS, hcc_snap_thread, thread_pointer),
	FIELD(THREADS, hcc_snap_thread, frames_off),
	FIELD(THREADS, hcc_snap_thread, frames_bytes),
	FIELD(THREADS, hcc_snap_thread, n_frames),
	FIELD(THREADS, hcc_snap_thread, is_at_call),
	FIELD(THREADS, hcc_snap_thread, call),
	FIELD(THREADS, hcc_snap_thread, cancel_va),
	FIELD(THREADS, hcc_snap_thread, left_nsec),
	FIELD(FRAMES, hcc_snap_frame, site_idx),
	FIELD(FRAMES, hcc_snap_frame, n_values),
	FIELD(FRAMES, hcc_snap_frame, reserved),
	FIELD(REGIONS, hcc_snap_region, start_va),
	FIELD(REGIONS, hcc_snap_region, end_va),
	FIELD(REGIONS, hcc_snap_region, prot),
	FIELD(RUNS, hcc_snap_run, va),
	FIELD(RUNS, hcc_snap_run, bytes),
	FIELD(RUNS, hcc_snap_run, pages_off),
	FIELD(DESCRIPTORS, hcc_snap_descriptor, fd),
	FIELD(DESCRIPTORS, hcc_snap_descriptor, kind),
	FIELD(DESCRIPTORS, hcc_snap_descriptor, open_flags),
	FIELD(DESCRIPTORS, hcc_snap_descriptor, copy_of),
	FIELD(DESCRIPTORS, hcc_snap_descriptor, path_off),
};

static struct hcc_snap_frame *frame_at(unsigned long n, const char *edit)
{
	const struct hcc_snap_thread *t = (void *)section(HCC_SECTION_THREADS);
	char *at = section(HCC_SECTION_FRAMES) + t->frames_off;

	if (n >= t->n_frames)
		die("no such frame", edit);
	while (n--)
		at += 16 + 16 * (size_t)((struct hcc_snap_frame *)at)->n_values;
	return (struct hcc_snap_frame *)at;
}

/* NAME[INDEX].FIELD; *rest is what follows. */
static char *find(const char *edit, size_t *width, const char **rest)
{
	size_t name = strcspn(edit, "[");
	unsigned long index = 0;
	char *end = (char *)edit + name;

	if (*end == '[')
		index = strtoul(end + 1, &end, 10);
	if (end[0] != ']' || end[1] != '.')
		die("not a field", edit);
	end += 2;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct field *f = &fields[i];
		size_t n = strlen(f->name);

		if (strncasecmp(edit, f->section, name) || f->section[name]
				|| strncmp(end, f->name, n) || (end[n] && end[n] != '='))
			continue;
		*width = f->width;
		*rest = end + n;
		if (f->kind == HCC_SECTION_FRAMES)
			return (char *)frame_at(index, edit) + f->off;
		if ((index + 1) * f->unit_bytes > header->sections[f->kind].bytes)
			die("no such item", edit);
		return section(f->kind) + index * f->unit_bytes + f->off;
	}
	die("unknown field", edit);
}

static void set(char *at, size_t width, const char *text)
{
	uint64_t v = 0, n = strtoull(text + (*text == '+' || *text == '-'), NULL, 0);

	memcpy(&v, at, width);
	v = *text == '+' ? v + n : *text == '-' ? v - n : n;
	memcpy(at, &v, width);
}

static char *memory_at(uint64_t va, const char *edit)
{
	const struct hcc_snap_run *run = (void *)section(HCC_SECTION_RUNS);
	size_t n = header->sections[HCC_SECTION_RUNS].bytes / sizeof *run;

	for (; n--; run++)
		if (va >= run->va && va + 8 <= run->va + run->bytes)
			return section(HCC_SECTION_PAGES) + run->pages_off + (va - run->va);
	die("not stored", edit);
}

static void drop_frame(int is_outermost, const char *edit)
{
	struct hcc_snap_thread *t = (void *)section(HCC_SECTION_THREADS);
	const struct hcc_snap_frame *f = frame_at(is_outermost ? 0 : t->n_frames - 1, edit);
	size_t frame_bytes = 16 + 16 * (size_t)f->n_values;

	if (is_outermost)
		t->frames_off += frame_bytes;
	t->frames_bytes -= frame_bytes;
	t->n_frames--;
}

static void cut_descriptors(uint32_t end)
{
	struct hcc_snap_section *s = &header->sections[HCC_SECTION_DESCRIPTORS];
	struct hcc_snap_descriptor *d = (void *)section(HCC_SECTION_DESCRIPTORS);
	size_t n = s->bytes / sizeof *d;

	while (n && d[n - 1].fd >= end)
		memset(&d[--n], 0, sizeof *d);
	s->bytes = n * sizeof *d;
}

static void apply(const char *edit)
{
	const char *value = strchr(edit, '='), *rest;
	uint64_t v = 0;
	size_t width;
	char *at;

	if (!strncmp(edit, "show:", 5)) {
		at = find(edit + 5, &width, &rest);
		memcpy(&v, at, width);
		printf("%llu\n", (unsigned long long)v);
	} else if (!strncmp(edit, "below:", 6)) {
		cut_descriptors((uint32_t)atoi(edit + 6));
	} else if (!strncmp(edit, "without:", 8)) {
		drop_frame(edit[8] == 'o', edit);
	} else if (!value) {
		die("no value", edit);
	} else if (!strncmp(edit, "value:", 6)) {
		char *dot;
		struct hcc_snap_frame *f = frame_at(strtoul(edit + 6, &dot, 10), edit);

		set((char *)(f + 1) + 16 * strtoul(dot + 1, NULL, 10) + 8, 8, value + 1);
	} else if (!strncmp(edit, "memory:", 7)) {
		set(memory_at(strtoull(edit + 7, NULL, 16), edit), 8, value + 1);
	} else if (!strncmp(edit, "string:", 7)) {
		at = section(HCC_SECTION_STRINGS) + strtoul(edit + 7, NULL, 10);
		memcpy(at, value + 1, strlen(value + 1));
	} else if (strncmp(edit, "file:", 5)) {
		at = find(edit, &width, &rest);
		set(at, width, rest + 1);
	}
}

static void sum(void)
{
	for (int i = 0; i < HCC_N_SECTIONS; i++)
		header->sections[i].checksum = hcc_hash(section(i), header->sections[i].bytes);
	header->checksum = hcc_hash(header, offsetof(struct hcc_snap_header, checksum));
}

int main(int argc, char **argv)
{
	FILE *file;

	if (argc < 3 || !(file = fopen(argv[1], "rb")))
		die("usage: forge IN OUT EDIT...", "");
	data = aligned_alloc(4096, 64 << 20);
	bytes = fread(data, 1, 64 << 20, file);
	fclose(file);
	header = (void *)data;
	for (int i = 3; i < argc; i++)
		apply(argv[i]);
	sum();
	for (int i = 3; i < argc; i++)
		if (!strncmp(argv[i], "file:", 5))
			set(data + strtoul(argv[i] + 5, NULL, 10), 8, strchr(argv[i], '=') + 1);
	if (!strcmp(argv[2], "-"))
		return 0;
	file = fopen(argv[2], "wb");
	if (!file || fwrite(data, 1, bytes, file) != bytes || fclose(file))
		die("cannot write", argv[2]);
	return 0;
}
