/* Thread blocks of the neutral ABI: [struct pthread][TLS segment, 64-aligned][tail]. The runtime has
 * made the main thread's and set the thread pointer before any code of libc runs; here is what
 * libc itself wants to know about it. */
#define SYSCALL_NO_TLS 1
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "atomic.h"
#include "libc.h"
#include "pthread_impl.h"
#include "syscall.h"
#include "hcc_process.h"

#define PTHREAD_SPACE_BYTES 1024

_Static_assert(sizeof(struct pthread) <= PTHREAD_SPACE_BYTES, "what the runtime leaves room for");
_Static_assert(sizeof(struct pthread) % 8 == 0, "struct pthread ends at the TLS segment");

volatile int __thread_list_lock;

static struct tls_module main_tls;
static uintptr_t main_dtv[2];

void *__copy_tls(unsigned char *mem)
{
	uintptr_t *dtv = (uintptr_t *)(mem + libc.tls_size) - 2;
	unsigned char *block;

	mem += sizeof(struct pthread);
	block = mem + (-(uintptr_t)mem & (TLS_ALIGN_BYTES - 1));
	memcpy(block, main_tls.image, main_tls.len);
	dtv[0] = 1;
	dtv[1] = (uintptr_t)block;
	pthread_t td = (pthread_t)(block - sizeof(struct pthread));
	td->dtv = dtv;
	return td;
}

int __init_tp(void *p)
{
	pthread_t td = p;

	td->self = td;
	libc.can_do_threads = 1;
	td->detach_state = DT_JOINABLE;
	td->tid = __syscall(SYS_set_tid_address, &__thread_list_lock);
	td->locale = &libc.global_locale;
	td->robust_list.head = &td->robust_list.head;
	td->sysinfo = __sysinfo;
	td->next = td->prev = td;
	return 0;
}

void __init_tls(size_t *aux)
{
	pthread_t td = __pthread_self();

	main_tls.image = (void *)__hcc_process.tls_image_va;
	main_tls.len = __hcc_process.tls_image_bytes;
	main_tls.size = __hcc_process.tls_bytes + TLS_ALIGN_BYTES - 1 & -TLS_ALIGN_BYTES;
	main_tls.align = TLS_ALIGN_BYTES;
	libc.tls_head = &main_tls;
	libc.tls_cnt = 1;
	libc.tls_align = TLS_ALIGN_BYTES;
	libc.tls_size = 2 * sizeof(void *) + sizeof(struct pthread) + main_tls.size
		+ TLS_TAIL_BYTES + 2 * TLS_ALIGN_BYTES - 1 & -TLS_ALIGN_BYTES;
	main_dtv[0] = 1;
	main_dtv[1] = __get_tp();
	td->dtv = main_dtv;
	__init_tp(td);
}

/* For the runtime, which gives a new thread a native stack of the same size. A raw clone's thread
 * pointer need not be one of ours, but it has as much memory below it. */
uint64_t __hcc_thread_stack_bytes(uintptr_t tp)
{
	pthread_t td = (pthread_t)(tp - sizeof(struct pthread));

	return td->self == td ? td->stack_size : 0;
}

/* For the runtime: where the portable stack of such a thread begins, if libc has made it; else 0. */
uint64_t __hcc_thread_stack_start(uintptr_t tp)
{
	pthread_t td = (pthread_t)(tp - sizeof(struct pthread));

	uintptr_t stack = (uintptr_t)td->stack, map = (uintptr_t)td->map_base;

	return td->self == td && stack - map <= td->map_size ? stack - td->stack_size : 0;
}
