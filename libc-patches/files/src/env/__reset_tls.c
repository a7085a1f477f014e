/* Thread-locals as a new thread has them, for a thread that is used again (timer_create), but for those
 * of the runtime: they are about the thread itself, and a request may come at any moment. */
#include <stdint.h>
#include <string.h>
#include "pthread_impl.h"
#include "libc.h"
#include "hcc_process.h"

/* Bytes from..to of a block: of its image, then zeros. */
static void reset(char *block, const struct tls_module *module, uintptr_t from, uintptr_t to)
{
	uintptr_t end = to < module->len ? to : module->len;

	if (from < end)
		memcpy(block + from, (const char *)module->image + from, end - from);
	if (from < end)
		from = end;
	if (from < to)
		memset(block + from, 0, to - from);
}

void __reset_tls()
{
	const struct { uintptr_t va, bytes; } kept[] = {
		{ (uintptr_t)&__hcc_altstack, sizeof __hcc_altstack },
		{ (uintptr_t)&__hcc_fenv, sizeof __hcc_fenv },
		{ (uintptr_t)&__hcc_psp, sizeof __hcc_psp },
		{ (uintptr_t)&__hcc_thread, sizeof __hcc_thread },
	};
	const struct tls_module *module = libc.tls_head;
	char *block = (char *)(__pthread_self()->dtv[1] - DTP_OFFSET);
	uintptr_t from = 0;

	/* From what is kept to what is kept next. */
	while (module && from < module->size) {
		uintptr_t to = module->size, next = module->size;

		for (int i = 0; i < 4; i++) {
			uintptr_t off = kept[i].va - (uintptr_t)block;

			if (off >= from && off < to) {
				to = off;
				next = off + kept[i].bytes;
			}
		}
		reset(block, module, from, to);
		from = next;
	}
}
