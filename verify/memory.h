/* Memory that cannot fail: the program ends when there is none. */
#ifndef HCC_VERIFY_MEMORY_H
#define HCC_VERIFY_MEMORY_H

#include <stddef.h>

void *memory_alloc(size_t bytes); /* zeroed */
/* Make room for n elements; new ones are not initialised. */
void *memory_grow(void *array, size_t *capacity, size_t n, size_t element_bytes);
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
