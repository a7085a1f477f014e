/* Snapshots: what hcc-migrate and the runtime check before anything of one is used, and all that
 * `inspect` shows. What is accepted is held against the promise that restoring writes nowhere but
 * in the arena and the shared data, and costs no more than the file.
 * Seed 0 is right.
 * runs: 6000 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_program.h"
#include "migrate/migrate.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return program_snapshot(n, out);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return program_mutate(data, bytes, most_bytes, seed);
}

/* ---- What restoring would do ------------------------------------------------------------------ */

static int is_in(uint64_t va, uint64_t bytes, uint64_t start_va, uint64_t end_va)
{
	return va >= start_va && va <= end_va && bytes <= end_va - va;
}

static void check_memory(const struct snapshot *s)
{
	const struct hcc_snap_region *r = hcc_snapshot_section(s->header, HCC_SECTION_REGIONS);
	const struct hcc_snap_run *run = hcc_snapshot_section(s->header, HCC_SECTION_RUNS);
	const struct hcc_meta_header *m = &program.header;
	uint64_t n_regions = snapshot_count(s, HCC_SECTION_REGIONS, sizeof *r), stored = 0;
	uint64_t n_runs = snapshot_count(s, HCC_SECTION_RUNS, sizeof *run);

	for (uint64_t i = 0; i < n_regions; i++) {
		fuzz_check(
			is_in(r[i].start_va, r[i].end_va - r[i].start_va, 1ull << 36, 1ull << 38) &&
				r[i].end_va > r[i].start_va,
			"region %lu", i);
		fuzz_check(!i || r[i].start_va >= r[i - 1].end_va, "region %lu overlaps", i);
		fuzz_check(r[i].prot < 6 || r[i].prot == 8, "region %lu is writable code", i);
	}
	for (uint64_t i = 0; i < n_runs; i++) {
		int found = is_in(
			run[i].va, run[i].bytes, m->shared_data_start_va, m->shared_data_end_va);

		for (uint64_t k = 0; k < n_regions && !found; k++)
			found = is_in(run[i].va, run[i].bytes, r[k].start_va, r[k].end_va);
		fuzz_check(found, "run %lu is outside", i);
		stored += run[i].bytes;
		fuzz_check(stored <= s->bytes, "runs have %lu bytes", stored);
		fuzz_check(is_in(run[i].pages_off, run[i].bytes, 0,
				   s->header->sections[HCC_SECTION_PAGES].bytes),
			"run %lu has no bytes", i);
	}
}

static void check_descriptors(const struct snapshot *s)
{
	const struct hcc_snap_descriptor *d =
		hcc_snapshot_section(s->header, HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);

	for (uint64_t i = 0; i < n; i++) {
		const char *path = snapshot_string(s, d[i].path_off);

		fuzz_check(!i || d[i].fd > d[i - 1].fd, "descriptor %u", d[i].fd);
		fuzz_check(!(d[i].open_flags & (0100 | 0200 | 0400 | 01000 | 020000000)),
			"descriptor %u creates or cuts", d[i].fd);
		if (d[i].kind == HCC_DESCRIPTOR_FILE || d[i].kind == HCC_DESCRIPTOR_DEVICE)
			fuzz_check(path[0] == '/' && strlen(path) < 4096 && !strstr(path, "//") &&
					   !strstr(path, "/../") && !strstr(path, "/./"),
				"path %s", path);
	}
}

static void check_frames(const struct snapshot *s, const struct hcc_snap_thread *t)
{
	const char *at = hcc_snapshot_section(s->header, HCC_SECTION_FRAMES);
	const char *end = at + s->header->sections[HCC_SECTION_FRAMES].bytes;

	at += t->frames_off;
	for (uint64_t i = 0; i < t->n_frames; i++) {
		const struct hcc_snap_frame *f = (const void *)at;

		fuzz_check((size_t)(end - at) >= sizeof *f, "frame %lu", i);
		fuzz_check(f->site_idx < PROGRAM_SITES, "site %u", f->site_idx);
		fuzz_check(
			f->n_values == program_n_values[f->site_idx], "site %u", f->site_idx);
		fuzz_check(program.functions[
				   hcc_meta_function_of(&program.header, f->site_idx)].resume_va,
			"site %u", f->site_idx);
		at += sizeof *f + 16 * (size_t)f->n_values;
		fuzz_check(at <= end, "frame %lu", i);
	}
}

static void check_threads(const struct snapshot *s)
{
	const struct hcc_snap_thread *t = hcc_snapshot_section(s->header, HCC_SECTION_THREADS);
	uint64_t n = snapshot_count(s, HCC_SECTION_THREADS, sizeof *t);

	fuzz_check(n > 0, "no threads");
	for (uint64_t i = 0; i < n; i++) {
		check_frames(s, &t[i]);
		for (uint64_t k = 0; k < i; k++)
			fuzz_check(t[i].tid != t[k].tid && t[i].portable_sp_va != t[k].portable_sp_va
				&& (t[i].thread_pointer >= t[k].thread_pointer + 1024
					|| t[k].thread_pointer >= t[i].thread_pointer + 1024)
				&& t[i].frames_off >= t[k].frames_off + t[k].frames_bytes,
				"threads %lu and %lu", k, i);
	}
}

/* ---- The target ------------------------------------------------------------------------------- */

static void inspect(const struct options *o, size_t bytes, size_t file_bytes)
{
	struct error e = {0};
	size_t output_bytes;
	int status;

	fuzz_begin(bytes);
	status = inspect_command(o, &e);
	if (status)
		fuzz_message(e.text);
	fuzz_output(&output_bytes);
	fuzz_check(output_bytes <= 65536 + 1000 * file_bytes, "%zu bytes shown", output_bytes);
	fuzz_end(status, "/");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const char *folder, *file, *app;
	struct options o = {0};
	struct snapshot s;
	struct image image;
	struct error e = {0};
	int status;

	if (!app) {
		static uint8_t executable[65536];

		app = fuzz_path("app");
		fuzz_write(app, executable, program_executable(executable, EM_X86_64));
		file = fuzz_path("snap/snapshot");
		folder = fuzz_path("snap");
		fuzz_make_folder(folder);
	}
	fuzz_write(file, data, bytes);
	o = (struct options){.dir = folder, .exe = bytes && data[bytes / 2] & 1 ? NULL : app};
	inspect(&o, bytes, bytes);
	o.json = 1;
	inspect(&o, bytes, bytes);

	fuzz_begin(bytes);
	status = snapshot_open(&s, folder, &e);
	if (!status) {
		status = image_open(&image, app, &e) > 0 ? 0 : -1;
		fuzz_check(!status, "%s", e.text);
		status = snapshot_match(&s, &image, &e);
		if (!status) {
			check_memory(&s);
			check_descriptors(&s);
			check_threads(&s);
		}
		image_close(&image);
		snapshot_close(&s);
	}
	if (status)
		fuzz_message(e.text);
	fuzz_end(status, "snap/snapshot: ");
	return 0;
}
