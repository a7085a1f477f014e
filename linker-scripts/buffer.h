/* A text or byte string that grows. */
#ifndef HCC_LD_BUFFER_H
#define HCC_LD_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *data; /* always followed by a NUL once something was added */
	size_t bytes, capacity;
};

void buffer_add(struct buffer *buffer, const void *data, size_t bytes);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_uleb128(struct buffer *buffer, uint64_t value);
void buffer_sleb128(struct buffer *buffer, int64_t value);
void buffer_free(struct buffer *buffer);

/* Write the whole of it to a new file. Returns 0; -1 after a message. */
int buffer_write(const struct buffer *buffer, const char *path);

#endif
