/* A program that there is only as a table: an executable that readers of tables take, and snapshots
 * that fit it. */
#ifndef HCC_FUZZ_PROGRAM_H
#define HCC_FUZZ_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/snapshot.h"

/* Where the program has its struct hcc_process. */
#define PROGRAM_STATE_VA 0x1040100u

enum { PROGRAM_SITES = 4, PROGRAM_SYMBOLS = 6 };

extern const struct program {
	struct hcc_meta_header header;
	struct hcc_meta_function functions[3];
	uint32_t pad, site_blocks[2]; /* all parts are multiples of 8 */
	struct hcc_meta_block blocks[1];
	struct hcc_meta_place places[2];
	uint8_t packed[40], unwind[8], locations[8], types[8];
	char strings[40];
} program;

/* Values of its sites. */
extern const uint32_t program_n_values[PROGRAM_SITES];

/* The executable: .hcc.meta, .text, .data, symbols. Returns its size. */
size_t program_executable(uint8_t *out, uint16_t machine);

/* A snapshot of it, whole and right; n chooses among some. Returns its size, 0 past the last. */
size_t program_snapshot(unsigned n, uint8_t *out);

/* Change one to four things of a snapshot, mostly fields of what its sections hold, and mostly make
 * the checksums right again. Returns the new size. */
size_t program_mutate(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);

/* Make the checksums and the size of a snapshot right again. */
void program_sum(uint8_t *data, size_t bytes);

#endif
