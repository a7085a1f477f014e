/* The table of threads; see registry.h. No locks: a record is claimed by its state, and belongs to its
 * thread's maker, then to the thread, until the kernel has cleared its number. */
#include "registry.h"

#define PER_CHUNK 8u /* few: all are written to when there is a second thread */
#define N_CHUNKS 8192u

static HCC_KEPT struct hcc_record first;
static HCC_KEPT_LARGE struct hcc_record *chunks[N_CHUNKS]; /* of slots 1 and up */
static HCC_KEPT uint32_t n_live;

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

static struct hcc_record *at(uint32_t slot)
{
	struct hcc_record *chunk;

	if (slot == 0)
		return &first;
	slot--;
	if (slot >= N_CHUNKS * PER_CHUNK)
		return NULL;
	chunk = __atomic_load_n(&chunks[slot / PER_CHUNK], __ATOMIC_ACQUIRE);
	return chunk != NULL ? &chunk[slot % PER_CHUNK] : NULL;
}

struct hcc_record *hcc_record_self(void)
{
	return at(__hcc_thread.slot);
}

struct hcc_record *hcc_record_next(const struct hcc_record *r)
{
	return at(r != NULL ? r->slot + 1 : 0);
}

struct hcc_thread *hcc_thread_of(uint64_t block_va)
{
	return (struct hcc_thread *)(block_va + ((uint64_t)&__hcc_thread - hcc_thread_pointer()));
}

void **hcc_psp_of(uint64_t block_va)
{
	return (void **)(block_va + ((uint64_t)&__hcc_psp - hcc_thread_pointer()));
}

static int add_chunk(void)
{
	struct hcc_record *chunk, *none = NULL;
	uint32_t i = 0;
	long va;

	while (i < N_CHUNKS && __atomic_load_n(&chunks[i], __ATOMIC_ACQUIRE) != NULL)
		i++;
	if (i == N_CHUNKS)
		return -1;
	va = sys_mmap(0, PER_CHUNK * sizeof(*chunk), SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	if (hcc_sys_failed(va))
		return -1;
	chunk = (struct hcc_record *)va;
	for (uint32_t k = 0; k < PER_CHUNK; k++)
		chunk[k].slot = 1 + i * PER_CHUNK + k;
	if (!__atomic_compare_exchange_n(&chunks[i], &none, chunk, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_RELAXED))
		sys_munmap((uint64_t)va, PER_CHUNK * sizeof(*chunk));
	return 0;
}

static int claim(struct hcc_record *r)
{
	uint32_t state = HCC_RECORD_FREE;

	return __atomic_load_n(&r->kernel, __ATOMIC_ACQUIRE) == 0 &&
	       __atomic_compare_exchange_n(&r->state, &state, HCC_RECORD_TAKEN, 0,
		       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static uint64_t stack_bytes_of(const struct hcc_record *r)
{
	return r->stack_end_va - r->stack_start_va;
}

static int make_stack(struct hcc_record *r, uint64_t bytes)
{
	if (r->stack_end_va != 0)
		sys_munmap(r->stack_start_va - HCC_NATIVE_GUARD_BYTES,
			stack_bytes_of(r) + HCC_NATIVE_GUARD_BYTES);
	r->stack_end_va = hcc_native_stack_new(bytes);
	r->stack_start_va = r->stack_end_va != 0 ? r->stack_end_va - bytes : 0;
	return r->stack_end_va != 0 ? 0 : -1;
}

/* One with a stack that fits, else any: its stack is replaced. The first thread's is never taken: its
 * stack is the kernel's. */
static struct hcc_record *find(uint64_t bytes)
{
	struct hcc_record *r = NULL;

	while ((r = hcc_record_next(r)) != NULL)
		if (r != &first && r->stack_end_va != 0 && stack_bytes_of(r) >= bytes && claim(r)) {
			if (stack_bytes_of(r) >= bytes)
				return r;
			__atomic_store_n(&r->state, HCC_RECORD_FREE, __ATOMIC_RELEASE);
		}
	for (;;) {
		while ((r = hcc_record_next(r)) != NULL)
			if (r != &first && claim(r))
				return r;
		if (add_chunk())
			return NULL;
	}
}

struct hcc_record *hcc_record_take(uint64_t stack_bytes)
{
	struct hcc_record *r = find(stack_bytes);

	if (r == NULL)
		return NULL;
	if (stack_bytes_of(r) < stack_bytes && make_stack(r, stack_bytes)) {
		__atomic_store_n(&r->state, HCC_RECORD_FREE, __ATOMIC_RELEASE);
		return NULL;
	}
	r->held = r->declined = r->is_kicked = 0;
	r->owned = hcc_record_self()->owned;
	r->found_pc = 0;
	r->targets.bytes = 0;
	if (r->move != NULL)
		hcc_move_begin(r->move);
	return r;
}

struct hcc_record *hcc_record_first(void)
{
	struct hcc_record *r = &first;

	r->block_va = hcc_thread_pointer();
	__hcc_thread.slot = 0;
	r->kernel = (int32_t)hcc_sys(SYS_set_tid_address, &r->kernel);
	return r;
}

void hcc_record_begin(struct hcc_record *r)
{
	__atomic_add_fetch(&n_live, 1, __ATOMIC_ACQ_REL);
	__atomic_store_n(&r->state, HCC_RECORD_LIVE, __ATOMIC_SEQ_CST);
}

uint32_t hcc_record_end(struct hcc_record *r)
{
	__atomic_store_n(&r->state, HCC_RECORD_FREE, __ATOMIC_RELEASE);
	return __atomic_sub_fetch(&n_live, 1, __ATOMIC_ACQ_REL);
}

int hcc_other_threads(void)
{
	return (int)__atomic_load_n(&n_live, __ATOMIC_RELAXED) - 1;
}

/* ---- Numbers -------------------------------------------------------------------------------- */

/* A number of the kernel's that is another thread's here, or one of a thread that is not there yet or no
 * more, is nobody's. */
long hcc_thread_number(long number)
{
	const struct hcc_record *r = NULL;
	long result = number;

	if (__hcc_process.next_thread_number == 0 || number <= 0)
		return number;
	while ((r = hcc_record_next(r)) != NULL) {
		int32_t kernel = __atomic_load_n(&r->kernel, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&r->state, __ATOMIC_ACQUIRE) != HCC_RECORD_LIVE)
			continue;
		if (r->number == (uint32_t)number)
			return kernel != 0 ? kernel : HCC_THREAD_NUMBER_LAST;
		if (kernel == number)
			result = HCC_THREAD_NUMBER_LAST;
	}
	return result;
}

long hcc_thread_number_here(void)
{
	long number = hcc_sys(SYS_gettid);

	return number == hcc_record_self()->kernel ? (long)__hcc_thread.number : number;
}

/* A vfork child, which shares the record, ends alone. */
int hcc_thread_is_child(void)
{
	return hcc_sys(SYS_gettid) != hcc_record_self()->kernel;
}

uint32_t hcc_thread_next_number(void)
{
	uint64_t n = __atomic_fetch_add(&__hcc_process.next_thread_number, 1, __ATOMIC_RELAXED);

	return HCC_THREAD_NUMBER_FIRST + (uint32_t)((n - HCC_THREAD_NUMBER_FIRST) %
		(HCC_THREAD_NUMBER_LAST - HCC_THREAD_NUMBER_FIRST + 1));
}

/* ---- When there is one thread --------------------------------------------------------------- */

static int is_idle(const struct hcc_record *r)
{
	return r->state == HCC_RECORD_FREE && r->kernel == 0;
}

void hcc_thread_drop_stacks(void)
{
	struct hcc_record *r = &first;

	while ((r = hcc_record_next(r)) != NULL)
		if (is_idle(r) && r->stack_end_va != 0) {
			sys_munmap(r->stack_start_va - HCC_NATIVE_GUARD_BYTES,
				stack_bytes_of(r) + HCC_NATIVE_GUARD_BYTES);
			r->stack_start_va = r->stack_end_va = 0;
		}
}

void hcc_record_forked(void)
{
	uint64_t va = (uint64_t)__builtin_frame_address(0);
	struct hcc_record *own = hcc_record_self(), *r = NULL;

	while ((r = hcc_record_next(r)) != NULL) {
		r->held = r->declined = r->is_kicked = 0;
		if (r == own || (va >= r->stack_start_va && va < r->stack_end_va))
			continue;
		r->state = HCC_RECORD_FREE;
		r->kernel = 0;
	}
	own->state = HCC_RECORD_LIVE;
	own->kernel = (int32_t)hcc_sys(SYS_set_tid_address, &own->kernel);
	own->number = __hcc_thread.number = (uint32_t)own->kernel;
	__hcc_thread.clear_va = __hcc_thread.robust_va = 0;
	n_live = 1;
}
