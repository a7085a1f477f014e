/* The memory of the process in a snapshot: what is written, and how it is read back. */
#ifndef HCC_PAGES_H
#define HCC_PAGES_H

#include "migrate.h"

/* ---- pagemap.c ------------------------------------------------------------------------------ */
#define HCC_PAGEMAP_RANGES 256

struct hcc_pagemap_range {
	uint64_t start_va, end_va;
	uint64_t kind;            /* the kernel's */
};

struct hcc_pagemap {
	int fd;
	int can_scan;             /* PAGEMAP_SCAN has not failed */
	uint64_t seen_va, seen_end_va; /* all that there is of this is in ranges[] */
	uint32_t n_ranges, next;
	struct hcc_pagemap_range ranges[HCC_PAGEMAP_RANGES];
	struct hcc_buffer entries;
};

/* Returns 0; -1 when the kernel does not tell, or not of this memory. */
int hcc_pagemap_open(struct hcc_pagemap *p);
void hcc_pagemap_close(struct hcc_pagemap *p);
/* The first pages in [va, end_va) that are there, which anonymous memory with anything but zeros is; both
 * are multiples of a page.
 *   returns  1 and *out; 0 when there are none; -1 when the kernel does not tell */
int hcc_pagemap_next(struct hcc_pagemap *p, uint64_t va, uint64_t end_va,
	struct hcc_pagemap_range *out);

/* ---- pages.c -------------------------------------------------------------------------------- */
/* List the regions of the process's memory, and where /proc names the executable, if nothing else has.
 * Returns 0; -1 and *why. */
int hcc_pages_list(struct hcc_capture *c, struct hcc_refusal *why);
/* Write what is not zero of the shared data and the regions, at *off, and list the runs. Fills in the
 * section's size and checksum. Returns 0 or -errno. */
int hcc_pages_write(struct hcc_capture *c, int fd, uint64_t *off);

/* ---- write.c -------------------------------------------------------------------------------- */
/* Write all, at *off, which moves on; iov[] is changed. Returns 0 or -errno. */
int hcc_file_write(int fd, uint64_t *off, struct sys_iovec *iov, int n);
/* Add a string to those of the snapshot; returns its offset, 0 when there is no memory. */
uint32_t hcc_capture_string(struct hcc_capture *c, const char *s);

/* ---- fill.c --------------------------------------------------------------------------------- */
/* Read the pages of a checked snapshot to where they belong, into memory that has been mapped for it, all
 * of it readable and writable, and hold them against their checksum; by several threads where there is
 * much. Nothing else may run.
 *   file     the mapped snapshot
 *   fd       the same, open
 *   fault    out: what is wrong with the snapshot
 *   returns  0; 1 and *fault: the checksum is wrong; -errno */
int hcc_fill_memory(const void *file, int fd, struct hcc_snap_fault *fault);

#endif
