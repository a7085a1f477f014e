/* Placement of the application's mappings: all of them come from one arena below 2^38 bytes, whose
 * place travels with the process. The kernel knows what is free in it (MAP_FIXED_NOREPLACE); here
 * is only a cursor. No locks: a place that another thread took first is just not free. */
#include "attributes.h"
#include "snapshot.h"

#define HUGE_BYTES (2ULL << 20)
#define STEP_BYTES 65536ULL
#define STEP_MAX_BYTES (1ULL << 30)

extern const char __hcc_shared_data_start[] __attribute__((weak));
extern const char __hcc_shared_data_end[] __attribute__((weak));

/* The range that was unmapped last: tried before the cursor, so that a program that maps and
 * unmaps in turns stays where it is. A hint only. */
static uint64_t hole_start_va, hole_end_va;

void hcc_arena_init(void)
{
	uint64_t random = 0;

	hcc_sys(SYS_getrandom, &random, sizeof(random), 0);
	random %= (HCC_ARENA_HIGHEST_VA - HCC_ARENA_LOWEST_VA) / SYS_PAGE_BYTES;
	__hcc_process.arena_start_va = HCC_ARENA_LOWEST_VA + random * SYS_PAGE_BYTES;
	__hcc_process.arena_end_va = HCC_ARENA_END_VA;
	__hcc_process.arena_next_va = __hcc_process.arena_start_va;
}

static int in_arena(uint64_t va, uint64_t bytes)
{
	return va >= __hcc_process.arena_start_va && va <= __hcc_process.arena_end_va &&
	       bytes <= __hcc_process.arena_end_va - va;
}

static int in_shared_data(uint64_t va, uint64_t bytes)
{
	uint64_t start = (uint64_t)__hcc_shared_data_start;
	uint64_t end = (uint64_t)__hcc_shared_data_end;

	return va >= start && va <= end && bytes <= end - va;
}

/* Map at va and nowhere else. Kernels (and emulators) that do not know MAP_FIXED_NOREPLACE take
 * the address as a hint. */
static long map_at(uint64_t va, uint64_t bytes, int prot, int flags, int fd, int64_t off)
{
	long result = sys_mmap(va, bytes, prot, flags | SYS_MAP_FIXED_NOREPLACE, fd, off);

	if (hcc_sys_failed(result) || (uint64_t)result == va)
		return result;
	sys_munmap((uint64_t)result, bytes);
	return -SYS_EEXIST;
}

static uint64_t place_align(uint64_t bytes)
{
	return bytes >= HUGE_BYTES ? HUGE_BYTES : SYS_PAGE_BYTES;
}

/* Go through the arena once from the cursor on, until the kernel takes a place. */
static long map_from_cursor(uint64_t bytes, int prot, int flags, int fd, int64_t off)
{
	uint64_t start = __hcc_process.arena_start_va;
	uint64_t end = __hcc_process.arena_end_va;
	uint64_t first = __atomic_load_n(&__hcc_process.arena_next_va, __ATOMIC_RELAXED);
	uint64_t va = HCC_ALIGN_UP(first, place_align(bytes));
	uint64_t step = STEP_BYTES;
	int wrapped = 0;

	for (;;) {
		long result;

		if (va > end || bytes > end - va) {
			if (wrapped)
				return -SYS_ENOMEM;
			wrapped = 1;
			step = STEP_BYTES;
			va = HCC_ALIGN_UP(start, place_align(bytes));
			continue;
		}
		if (wrapped && va > first)
			return -SYS_ENOMEM;
		result = map_at(va, bytes, prot, flags, fd, off);
		if (result != -SYS_EEXIST) {
			if (!hcc_sys_failed(result))
				__atomic_store_n(&__hcc_process.arena_next_va, va + bytes,
					__ATOMIC_RELAXED);
			return result;
		}
		va = HCC_ALIGN_UP(va + step, place_align(bytes));
		if (step < STEP_MAX_BYTES)
			step *= 2;
	}
}

long hcc_arena_mmap(uint64_t va, uint64_t bytes, int prot, int flags, int fd, int64_t off)
{
	uint64_t hole, hole_end;
	long result;

	flags &= ~SYS_MAP_GROWSDOWN;
	hcc_memory_note(flags);
	if (bytes == 0 || bytes > HCC_ARENA_END_VA)
		return bytes == 0 ? -SYS_EINVAL : -SYS_ENOMEM;
	if (flags & (SYS_MAP_FIXED | SYS_MAP_FIXED_NOREPLACE)) {
		if (!in_arena(va, bytes) && !in_shared_data(va, bytes))
			return -SYS_ENOMEM;
		if (flags & SYS_MAP_FIXED)
			return sys_mmap(va, bytes, prot, flags, fd, off);
		return map_at(va, bytes, prot, flags, fd, off);
	}
	bytes = HCC_ALIGN_UP(bytes, SYS_PAGE_BYTES);
	va &= ~(uint64_t)(SYS_PAGE_BYTES - 1);
	if (va != 0 && in_arena(va, bytes)) {
		result = map_at(va, bytes, prot, flags, fd, off);
		if (result != -SYS_EEXIST)
			return result;
	}
	hole = __atomic_load_n(&hole_start_va, __ATOMIC_RELAXED);
	hole_end = __atomic_load_n(&hole_end_va, __ATOMIC_RELAXED);
	hole = HCC_ALIGN_UP(hole, place_align(bytes));
	if (hole < hole_end && bytes <= hole_end - hole && in_arena(hole, bytes)) {
		__atomic_store_n(&hole_start_va, hole + bytes, __ATOMIC_RELAXED);
		result = map_at(hole, bytes, prot, flags, fd, off);
		if (result != -SYS_EEXIST)
			return result;
	}
	return map_from_cursor(bytes, prot, flags, fd, off);
}

static void note_hole(uint64_t va, uint64_t bytes)
{
	uint64_t end = va + HCC_ALIGN_UP(bytes, SYS_PAGE_BYTES);

	if (end == __atomic_load_n(&__hcc_process.arena_next_va, __ATOMIC_RELAXED)) {
		__atomic_store_n(&__hcc_process.arena_next_va, va, __ATOMIC_RELAXED);
		return;
	}
	__atomic_store_n(&hole_start_va, va, __ATOMIC_RELAXED);
	__atomic_store_n(&hole_end_va, end, __ATOMIC_RELAXED);
}

long hcc_arena_munmap(uint64_t va, uint64_t bytes)
{
	long result;

	if (!in_arena(va, bytes))
		return -SYS_EINVAL;
	result = sys_munmap(va, bytes);
	if (result == 0)
		note_hole(va, bytes);
	return result;
}

long hcc_arena_mremap(uint64_t va, uint64_t bytes, uint64_t new_bytes, int flags, uint64_t new_va)
{
	long place, result;

	if (!in_arena(va, bytes) || new_bytes > HCC_ARENA_END_VA)
		return in_arena(va, bytes) ? -SYS_ENOMEM : -SYS_EFAULT;
	if (flags & SYS_MREMAP_FIXED) {
		if (!in_arena(new_va, new_bytes))
			return -SYS_ENOMEM;
		return hcc_sys(SYS_mremap, va, bytes, new_bytes, flags, new_va);
	}
	if (!(flags & SYS_MREMAP_DONTUNMAP) && in_arena(va, new_bytes)) {
		result = hcc_sys(SYS_mremap, va, bytes, new_bytes, 0);
		if (result != -SYS_ENOMEM)
			return result;
	}
	if (!(flags & SYS_MREMAP_MAYMOVE))
		return -SYS_ENOMEM;
	place = hcc_arena_mmap(0, new_bytes, SYS_PROT_NONE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE, -1, 0);
	if (hcc_sys_failed(place))
		return place;
	result = hcc_sys(SYS_mremap, va, bytes, new_bytes, flags | SYS_MREMAP_FIXED, place);
	if (hcc_sys_failed(result))
		hcc_arena_munmap((uint64_t)place, new_bytes);
	else if (!(flags & SYS_MREMAP_DONTUNMAP))
		note_hole(va, bytes);
	return result;
}

/* The kernel's struct shmid_ds starts with a 48-byte permission part; the size follows it. */
long hcc_arena_shmat(int id, uint64_t va, int flags)
{
	enum { IPC_STAT = 2, SHM_REMAP = 040000 };
	uint64_t status[32];
	long place, result;

	if (va != 0)
		return in_arena(va, SYS_PAGE_BYTES) ? hcc_sys(SYS_shmat, id, va, flags)
						    : -SYS_EINVAL;
	hcc_memory_note(SYS_MAP_SHARED);
	result = hcc_sys(SYS_shmctl, id, IPC_STAT, status);
	if (hcc_sys_failed(result))
		return result;
	place = hcc_arena_mmap(0, status[6], SYS_PROT_NONE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE, -1, 0);
	if (hcc_sys_failed(place))
		return place;
	result = hcc_sys(SYS_shmat, id, place, flags | SHM_REMAP);
	if (hcc_sys_failed(result))
		hcc_arena_munmap((uint64_t)place, status[6]);
	return result;
}
