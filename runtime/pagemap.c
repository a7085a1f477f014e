/* Which pages of anonymous memory there are, as the kernel tells a process of itself: by PAGEMAP_SCAN
 * (Linux 6.7), which skips what is empty, or by reading /proc/self/pagemap. An emulator's process has its
 * guest's memory elsewhere as a rule; so it is believed only when it is right about a few pages made
 * for that. Documentation/admin-guide/mm/pagemap.rst. */
#include "pages.h"

#define PAGE_BYTES 4096u
#define N_ENTRIES 4096u       /* of a read: 16 MiB of memory */
#define N_PROBE 8u
#define PROBE_TOUCHED 0x99u   /* of the probe's pages: 0, 3, 4, 7 */

enum { IS_PRESENT = 8, IS_SWAPPED = 16, IS_ZERO = 32 };
#define PAGEMAP_SCAN 0xc0606610u
#define ENTRY_IS_THERE (3ull << 62) /* present, or swapped */

struct scan {
	uint64_t size, flags, start, end, walk_end;
	uint64_t vec, vec_len, max_pages;
	uint64_t inverted, mask, any_of, returned;
};

_Static_assert(sizeof(struct scan) == 96, "part of PAGEMAP_SCAN's number");

static int scan(struct hcc_pagemap *p, uint64_t va, uint64_t end_va)
{
	struct scan s = {
		.size = sizeof s, .start = va, .end = end_va, .vec = (uint64_t)p->ranges,
		.vec_len = HCC_PAGEMAP_RANGES, .inverted = IS_ZERO, .mask = IS_ZERO,
		.any_of = IS_PRESENT | IS_SWAPPED, .returned = IS_PRESENT | IS_SWAPPED,
	};
	long n = hcc_sys(SYS_ioctl, p->fd, PAGEMAP_SCAN, &s);

	if (n < 0 || n > HCC_PAGEMAP_RANGES || s.walk_end <= va || s.walk_end > end_va)
		return -1;
	p->n_ranges = (uint32_t)n;
	p->seen_end_va = s.walk_end;
	return 0;
}

static void add_page(struct hcc_pagemap *p, uint64_t va)
{
	struct hcc_pagemap_range *last = p->n_ranges ? &p->ranges[p->n_ranges - 1] : NULL;

	if (last && last->end_va == va)
		last->end_va += PAGE_BYTES;
	else
		p->ranges[p->n_ranges++] = (struct hcc_pagemap_range){va, va + PAGE_BYTES, 0};
}

static int read_entries(struct hcc_pagemap *p, uint64_t va, uint64_t end_va)
{
	uint64_t n = (end_va - va) / PAGE_BYTES, i;
	long bytes;

	if (n > N_ENTRIES)
		n = N_ENTRIES;
	p->entries.bytes = 0;
	if (hcc_buffer_room(&p->entries, 8 * n))
		return -1;
	bytes = hcc_sys(SYS_pread64, p->fd, p->entries.base, 8 * n, va / PAGE_BYTES * 8);
	if (bytes <= 0 || bytes % 8)
		return -1;
	n = (uint64_t)bytes / 8;
	p->n_ranges = 0;
	for (i = 0; i < n && p->n_ranges < HCC_PAGEMAP_RANGES; i++, va += PAGE_BYTES)
		if (((const uint64_t *)p->entries.base)[i] & ENTRY_IS_THERE)
			add_page(p, va);
	p->seen_end_va = va;
	return 0;
}

/* What there is from va on, up to end_va or not so far. Returns 0 or -1. */
static int look(struct hcc_pagemap *p, uint64_t va, uint64_t end_va)
{
	p->next = 0;
	p->seen_va = va;
	if (p->can_scan && !scan(p, va, end_va))
		return 0;
	p->can_scan = 0;
	return read_entries(p, va, end_va);
}

static int is_right(struct hcc_pagemap *p, uint64_t va)
{
	uint64_t at = va, end_va = va + N_PROBE * PAGE_BYTES;
	struct hcc_pagemap_range range;
	uint32_t seen = 0;
	int result;

	while ((result = hcc_pagemap_next(p, at, end_va, &range)) > 0)
		for (at = range.start_va; at < range.end_va; at += PAGE_BYTES)
			seen |= 1u << (at - va) / PAGE_BYTES;
	return !result && seen == PROBE_TOUCHED;
}

int hcc_pagemap_open(struct hcc_pagemap *p)
{
	long va = sys_mmap(0, N_PROBE * PAGE_BYTES, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	int result;

	*p = (struct hcc_pagemap){.fd = -1, .can_scan = 1};
	if (hcc_sys_failed(va))
		return -1;
	hcc_sys(SYS_madvise, va, N_PROBE * PAGE_BYTES, SYS_MADV_NOHUGEPAGE);
	for (uint32_t i = 0; i < N_PROBE; i++)
		if (PROBE_TOUCHED >> i & 1)
			*(volatile char *)(va + i * PAGE_BYTES) = 1;
	p->fd = (int)sys_openat(SYS_AT_FDCWD, "/proc/self/pagemap", SYS_O_RDONLY | SYS_O_CLOEXEC, 0);
	result = p->fd >= 0 && is_right(p, (uint64_t)va) ? 0 : -1;
	p->seen_end_va = 0;
	sys_munmap((uint64_t)va, N_PROBE * PAGE_BYTES);
	if (result)
		hcc_pagemap_close(p);
	return result;
}

void hcc_pagemap_close(struct hcc_pagemap *p)
{
	if (p->fd >= 0)
		sys_close(p->fd);
	hcc_buffer_free(&p->entries);
	p->fd = -1;
}

int hcc_pagemap_next(struct hcc_pagemap *p, uint64_t va, uint64_t end_va,
	struct hcc_pagemap_range *out)
{
	while (va < end_va) {
		if ((va < p->seen_va || va >= p->seen_end_va) && look(p, va, end_va))
			return -1;
		while (p->next < p->n_ranges && p->ranges[p->next].end_va <= va)
			p->next++;
		if (p->next < p->n_ranges) {
			*out = p->ranges[p->next];
			if (out->start_va < va)
				out->start_va = va;
			if (out->end_va > end_va)
				out->end_va = end_va;
			return out->start_va < end_va;
		}
		va = p->seen_end_va;
	}
	return 0;
}
