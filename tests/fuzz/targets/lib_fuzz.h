/* What the targets share: captured output, files that a reader opens by name, a bound on memory, and
 * mutators' tools. A target is one file of this folder; `each` runs it.
 *
 *   a run   fuzz_begin(size); the reader under test; fuzz_end(status)
 *
 * fuzz_end() demands what every reader promises: nothing said when it took its input; else exactly
 * one line that names the subject and holds no control character. Readers that print are given
 * streams of ours for stdout and stderr; those that return a text hand it to fuzz_message().
 * With FUZZ_SHOW in the environment every message goes to the terminal too. */
#ifndef HCC_FUZZ_H
#define HCC_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Of the target ---------------------------------------------------------------------------- */
/* Seeds, made by code. Build number n at out, of FUZZ_MOST_BYTES; returns its size, 0 when there
 * are no more. With FUZZ_SEEDS=FOLDER in the environment the program writes them there and ends. */
size_t fuzz_seed(unsigned n, uint8_t *out);

#define FUZZ_MOST_BYTES (1u << 20)

/* ---- A run ------------------------------------------------------------------------------------ */
/* Most memory that a reader may have at one time, for an input of so many bytes: what a table of
 * pointers and copies of each record costs, and the buffers of streams. */
#define FUZZ_MEMORY_BASE   (1ul << 20)
#define FUZZ_MEMORY_FACTOR 48ul

void fuzz_begin(size_t bytes);
/* status: 0 when the reader took the input. subject: what the line must hold, or NULL. */
void fuzz_end(int status, const char *subject);
/* The same where the input may ask for more words. */
void fuzz_end_verbose(void);
void fuzz_message(const char *text);
/* What was printed to stdout since fuzz_begin, NUL-terminated. */
const char *fuzz_output(size_t *bytes);

/* The path of a file of that name in the target's own folder; valid for ever. FUZZ_FOLDER names the
 * folder, which is made then: libFuzzer learns from the names that readers compare. */
const char *fuzz_path(const char *name);
/* Give the file this content; mode 0600. */
void fuzz_write(const char *path, const void *data, size_t bytes);

void fuzz_make_folder(const char *path);

/* A property does not hold: says so and aborts. */
#define fuzz_check(condition, ...) ((condition) ? (void)0 : fuzz_failed(#condition, __VA_ARGS__))
_Noreturn void fuzz_failed(const char *condition, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- Memory that the reader leaves to the end of its process ----------------------------------- */
/* For a reader that never frees: see lib_tracked.h. Freed by fuzz_end(). */
void *fuzz_alloc(size_t n, size_t bytes);
void *fuzz_realloc(void *old, size_t n, size_t bytes);
void fuzz_free(void *block);
void fuzz_at_end(void (*call)(void *), void *arg);
/* Take the last such call back. Returns whether there was one. */
bool fuzz_not_at_end(void (*call)(void *), void *arg);

/* ---- Mutators --------------------------------------------------------------------------------- */
size_t LLVMFuzzerMutate(uint8_t *data, size_t bytes, size_t most_bytes);

/* A sequence of numbers that depends on the mutator's seed alone. */
uint32_t fuzz_random(unsigned *state, uint32_t below);
/* Change the integer of 1, 2, 4 or 8 bytes at data: to a boundary, by a little, to one found
 * elsewhere in the input, or at random. */
void fuzz_change_integer(
	unsigned *state, uint8_t *at, unsigned width, const uint8_t *data, size_t bytes);

#endif
