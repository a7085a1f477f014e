/* hcc-migrate inspect: shows what a snapshot holds. Functions and source lines come from an
 * executable of the same build, where one is found; without it frames are shown by number. */
#include "migrate.h"

#include <inttypes.h>
#include <string.h>

struct view {
	const struct snapshot *s;
	const struct image *image; /* NULL where none was found */
};

static void prot_text(uint32_t prot, char out[4])
{
	out[0] = prot & HCC_PROT_READ ? 'r' : '-';
	out[1] = prot & HCC_PROT_WRITE ? 'w' : '-';
	out[2] = prot & HCC_PROT_EXEC ? 'x' : '-';
	out[3] = 0;
}

/* Bytes that the snapshot has of [start, end). Runs and regions are both in order of address, and so
 * must the calls be: *at goes on from the last one. */
static uint64_t stored_bytes(const struct snapshot *s, uint64_t *at, uint64_t start_va,
	uint64_t end_va)
{
	const struct hcc_snap_run *run = hcc_snapshot_section(s->header, HCC_SECTION_RUNS);
	uint64_t n = snapshot_count(s, HCC_SECTION_RUNS, sizeof *run), sum = 0;

	for (; *at < n && run[*at].va < end_va; ++*at)
		if (run[*at].va >= start_va)
			sum += run[*at].bytes;
	return sum;
}

/* Names come from the snapshot: what would move the cursor or end the line is shown as \xNN. */
static const char *plain(const char *s)
{
	static char text[4 * HCC_SNAPSHOT_STRING_BYTES];
	size_t n = 0;

	for (; *s && n + 5 < sizeof text; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f || *s == '\\')
			n += (size_t)sprintf(text + n, "\\x%02x", (unsigned char)*s);
		else
			text[n++] = *s;
	}
	text[n] = 0;
	return text;
}

static const struct hcc_snap_frame *next_frame(const struct hcc_snap_frame *f)
{
	return (const void *)((const char *)(f + 1) + 16 * (uint64_t)f->n_values);
}

/* What the table says of a frame; NULL strings where it is not known. */
struct frame_info {
	const char *function, *file;
	uint32_t line;
};

static struct frame_info frame_info(const struct view *v, const struct hcc_snap_frame *f)
{
	const struct hcc_meta_function *function;
	struct hcc_meta_site site;

	if (!v->image || f->site_idx >= v->image->meta->n_sites)
		return (struct frame_info){0};
	site = image_site(v->image, f->site_idx);
	function = image_function(v->image,
		hcc_meta_function_of(v->image->meta, f->site_idx));
	return (struct frame_info){image_string(v->image, function->name_off),
		image_string(v->image, function->file_off), site.line};
}

static void show_frames(const struct view *v, const struct hcc_snap_thread *t)
{
	const struct hcc_snap_frame *f = (const void *)((const char *)hcc_snapshot_section(
		v->s->header, HCC_SECTION_FRAMES) + t->frames_off);

	for (uint64_t i = 0; i < t->n_frames; i++, f = next_frame(f)) {
		struct frame_info info = frame_info(v, f);

		if (info.function) {
			printf("  %5" PRIu64 "  %s at ", i, plain(info.function));
			printf("%s:%u, %u values\n", *info.file ? plain(info.file) : "?", info.line,
				f->n_values);
		} else {
			printf("  %5" PRIu64 "  site %u, %u values\n", i, f->site_idx,
				f->n_values);
		}
	}
}

static void show_descriptors(const struct snapshot *s)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);

	for (; n--; d++) {
		printf("descriptor %u: %s", d->fd, hcc_descriptor_kind_names[d->kind]);
		if (d->kind == HCC_DESCRIPTOR_COPY)
			printf(" of %u", d->copy_of);
		if (d->kind == HCC_DESCRIPTOR_INHERITED && d->copy_of != d->fd)
			printf(" as %u", d->copy_of);
		if (d->path_off)
			printf(" %s at %" PRIu64 ", flags 0%o",
				plain(snapshot_string(s, d->path_off)), d->offset, d->open_flags);
		putchar('\n');
	}
}

static void show_memory(const struct snapshot *s)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(s->header, HCC_SECTION_PROCESS);
	const struct hcc_snap_region *r = hcc_snapshot_section(s->header, HCC_SECTION_REGIONS);
	uint64_t n = snapshot_count(s, HCC_SECTION_REGIONS, sizeof *r), run_idx = 0;

	printf("memory %012" PRIx64 "-%012" PRIx64 " rw- shared data, %" PRIu64 " bytes stored\n",
		p->shared_data_start_va, p->shared_data_end_va,
		stored_bytes(s, &run_idx, p->shared_data_start_va, p->shared_data_end_va));
	for (; n--; r++) {
		char prot[4];

		prot_text(r->prot, prot);
		printf("memory %012" PRIx64 "-%012" PRIx64 " %s %" PRIu64 " bytes stored\n",
			r->start_va, r->end_va, prot,
			stored_bytes(s, &run_idx, r->start_va, r->end_va));
	}
}

/* Functions of the program that are kept out of migration. */
static uint32_t n_declining(const struct image *image)
{
	const struct hcc_meta_function *f = (const void *)((const char *)image->meta
		+ image->meta->functions_off);
	uint32_t n = 0;

	for (uint32_t i = 0; i < image->meta->n_functions; i++)
		n += f[i].flags & HCC_FUNCTION_DECLINES ? 1 : 0;
	return n;
}

static void show(const struct view *v)
{
	const struct hcc_snap_header *h = v->s->header;
	const struct hcc_snap_process *p = hcc_snapshot_section(h, HCC_SECTION_PROCESS);
	const struct hcc_snap_thread *t = hcc_snapshot_section(h, HCC_SECTION_THREADS);
	const struct isa *isa = isa_by_id(h->source_isa);
	char build[2 * HCC_BUILD_ID_BYTES + 1];

	build_id_text(h->build_id, build);
	printf("program: %s\n", plain(snapshot_string(v->s, p->exe_off)));
	printf("build: %s\n", build);
	printf("taken on: %s, process %" PRIu64 ", in %s\n", isa ? isa->name : "?", p->pid,
		plain(snapshot_string(v->s, p->cwd_off)));
	printf("size: %" PRIu64 " bytes, %" PRIu64 " of them memory\n", h->file_bytes,
		h->sections[HCC_SECTION_PAGES].bytes);
	printf("times: wait %.3f ms, capture %.3f ms, write %.3f ms\n", (double)h->wait_ns / 1e6,
		(double)h->capture_ns / 1e6, (double)h->write_ns / 1e6);
	if (v->image)
		printf("functions: %u, of which %u decline\n", v->image->meta->n_functions,
			n_declining(v->image));
	for (uint64_t n = snapshot_count(v->s, HCC_SECTION_THREADS, sizeof *t); n--; t++) {
		printf("thread %" PRIu64 ": %" PRIu64 " frames, outermost first\n", t->tid,
			t->n_frames);
		show_frames(v, t);
	}
	show_memory(v->s);
	show_descriptors(v->s);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Bytes that are not UTF-8 go through as they are. */
static void json_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			printf("\\u%04x", *s);
		else
			putchar(*s);
	}
	putchar('"');
}

static void json_key_string(const char *key, const char *s)
{
	printf("\"%s\": ", key);
	json_string(s);
}

static void json_frames(const struct view *v, const struct hcc_snap_thread *t)
{
	const struct hcc_snap_frame *f = (const void *)((const char *)hcc_snapshot_section(
		v->s->header, HCC_SECTION_FRAMES) + t->frames_off);

	for (uint64_t i = 0; i < t->n_frames; i++, f = next_frame(f)) {
		struct frame_info info = frame_info(v, f);

		printf("%s\n      {\"site\": %u, \"values\": %u", i ? "," : "", f->site_idx,
			f->n_values);
		if (info.function) {
			printf(", ");
			json_key_string("function", info.function);
			printf(", ");
			json_key_string("file", info.file);
			printf(", \"line\": %u", info.line);
		}
		putchar('}');
	}
}

static void json_threads(const struct view *v)
{
	const struct hcc_snap_thread *t = hcc_snapshot_section(v->s->header, HCC_SECTION_THREADS);

	uint64_t n = snapshot_count(v->s, HCC_SECTION_THREADS, sizeof *t);

	printf("  \"threads\": [");
	for (uint64_t i = 0; i < n; i++, t++) {
		printf("%s\n    {\"tid\": %" PRIu64 ", \"frames\": [", i ? "," : "", t->tid);
		json_frames(v, t);
		printf("\n    ]}");
	}
	printf("\n  ],\n");
}

static void json_memory(const struct snapshot *s)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(s->header, HCC_SECTION_PROCESS);
	const struct hcc_snap_region *r = hcc_snapshot_section(s->header, HCC_SECTION_REGIONS);
	uint64_t n = snapshot_count(s, HCC_SECTION_REGIONS, sizeof *r), run_idx = 0;

	printf("  \"memory\": [\n    {\"start\": %" PRIu64 ", \"end\": %" PRIu64
		", \"protection\": \"rw-\", \"kind\": \"shared data\", \"stored_bytes\": %" PRIu64
		"}", p->shared_data_start_va, p->shared_data_end_va,
		stored_bytes(s, &run_idx, p->shared_data_start_va, p->shared_data_end_va));
	for (; n--; r++) {
		char prot[4];

		prot_text(r->prot, prot);
		printf(",\n    {\"start\": %" PRIu64 ", \"end\": %" PRIu64
			", \"protection\": \"%s\", \"kind\": \"arena\", \"stored_bytes\": %" PRIu64
			"}", r->start_va, r->end_va, prot,
			stored_bytes(s, &run_idx, r->start_va, r->end_va));
	}
	printf("\n  ],\n");
}

static void json_descriptors(const struct snapshot *s)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);

	printf("  \"descriptors\": [");
	for (uint64_t i = 0; i < n; i++, d++) {
		printf("%s\n    {\"fd\": %u, \"kind\": \"%s\"", i ? "," : "", d->fd,
			hcc_descriptor_kind_names[d->kind]);
		if (d->kind == HCC_DESCRIPTOR_COPY || d->kind == HCC_DESCRIPTOR_INHERITED)
			printf(", \"copy_of\": %u", d->copy_of);
		if (d->path_off) {
			printf(", ");
			json_key_string("path", snapshot_string(s, d->path_off));
			printf(", \"offset\": %" PRIu64 ", \"flags\": %u", d->offset,
				d->open_flags);
		}
		putchar('}');
	}
	printf("\n  ],\n");
}

static void show_json(const struct view *v)
{
	const struct hcc_snap_header *h = v->s->header;
	const struct hcc_snap_process *p = hcc_snapshot_section(h, HCC_SECTION_PROCESS);
	const struct isa *isa = isa_by_id(h->source_isa);
	char build[2 * HCC_BUILD_ID_BYTES + 1];

	build_id_text(h->build_id, build);
	printf("{\n  ");
	json_key_string("program", snapshot_string(v->s, p->exe_off));
	printf(",\n  \"build\": \"%s\",\n  \"isa\": \"%s\",\n  \"pid\": %" PRIu64 ",\n  ", build,
		isa ? isa->name : "?", p->pid);
	json_key_string("directory", snapshot_string(v->s, p->cwd_off));
	printf(",\n  \"realtime_ns\": %" PRIu64 ",\n", h->realtime_ns);
	printf("  \"file_bytes\": %" PRIu64 ",\n  \"pages_bytes\": %" PRIu64 ",\n", h->file_bytes,
		h->sections[HCC_SECTION_PAGES].bytes);
	if (v->image)
		printf("  \"functions\": %u,\n  \"declining_functions\": %u,\n",
			v->image->meta->n_functions, n_declining(v->image));
	json_threads(v);
	json_memory(v->s);
	json_descriptors(v->s);
	printf("  \"wait_ns\": %" PRIu64 ",\n  \"capture_ns\": %" PRIu64 ",\n  \"write_ns\": %"
		PRIu64 "\n}\n", h->wait_ns, h->capture_ns, h->write_ns);
}

int inspect_command(const struct options *o, struct error *e)
{
	const struct isa *isa;
	struct wanted wanted;
	struct snapshot s;
	struct image image;
	struct view v = {.s = &s};

	if (snapshot_open(&s, o->dir, e))
		return -1;
	isa = isa_by_id(s.header->source_isa);
	if (!isa) {
		fail(e, "%s: taken on an unknown ISA %u, expected %s", s.path,
			s.header->source_isa, isa_names());
		snapshot_close(&s);
		return -1;
	}
	wanted = snapshot_wanted(&s);
	/* What is shown of it is the same in the executables of all ISAs. */
	if (!find_image(&wanted, NULL, o->exe, &image, e)) {
		v.image = &image;
	} else if (o->exe) {
		snapshot_close(&s);
		return -1;
	}
	if (o->json)
		show_json(&v);
	else
		show(&v);
	if (v.image)
		image_close(&image);
	snapshot_close(&s);
	return 0;
}
