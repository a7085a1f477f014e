/* Growing byte strings, and LEB128 (DWARF 5, section 7.6). */
#include "buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

void buffer_add(struct buffer *buffer, const void *data, size_t bytes)
{
	buffer->data = hcc_grow(buffer->data, &buffer->capacity, buffer->bytes + bytes + 1, 1);
	if (bytes)
		memcpy(buffer->data + buffer->bytes, data, bytes);
	buffer->bytes += bytes;
	buffer->data[buffer->bytes] = 0;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	char *text;
	int bytes;

	va_start(args, format);
	bytes = vasprintf(&text, format, args);
	va_end(args);
	if (bytes < 0)
		hcc_bug("vasprintf failed on '%s'", format);
	buffer_add(buffer, text, (size_t)bytes);
	free(text);
}

void buffer_uleb128(struct buffer *buffer, uint64_t value)
{
	do {
		uint8_t byte = value & 0x7f;

		value >>= 7;
		if (value)
			byte |= 0x80;
		buffer_add(buffer, &byte, 1);
	} while (value);
}

void buffer_sleb128(struct buffer *buffer, int64_t value)
{
	for (;;) {
		uint8_t byte = value & 0x7f;

		value >>= 7;
		if ((value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40))) {
			buffer_add(buffer, &byte, 1);
			return;
		}
		byte |= 0x80;
		buffer_add(buffer, &byte, 1);
	}
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}

int buffer_write(const struct buffer *buffer, const char *path)
{
	FILE *file = fopen(path, "we");
	bool ok;

	if (!file)
		return hcc_error("%s: %s", path, strerror(errno));
	ok = fwrite(buffer->data, 1, buffer->bytes, file) == buffer->bytes;
	if (fclose(file) || !ok)
		return hcc_error("%s: %s", path, strerror(errno));
	return 0;
}
