/* The process as ps and pgrep see it. Programs change their name in that list by writing over argv,
 * and theirs is our copy: the kernel is told to read the arguments and the environment there. */
#include "process.h"

enum { PR_SET_MM = 35, PR_SET_MM_MAP = 14 };

/* struct prctl_mm_map of linux/prctl.h. */
struct memory_map {
	uint64_t start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	uint64_t arg_start, arg_end, env_start, env_end;
	const uint64_t *auxv;
	uint32_t auxv_bytes;
	uint32_t exe_fd;
};

_Static_assert(sizeof(struct memory_map) == 104, "kernel ABI");

static HCC_KEPT uint64_t kernel_stack_va; /* private: of this machine's kernel */

void hcc_title_init(const uint64_t *kernel_block)
{
	kernel_stack_va = (uint64_t)kernel_block;
}

/* The kernel takes all of the map or nothing. All that is not ours to say is only shown (the code's
 * and the data's place) or still as it was (the break, which we never move). It needs no privilege,
 * but a kernel without checkpoint/restore, or qemu, refuses: then the list shows the first name. */
void hcc_title_show(void)
{
	long brk = hcc_sys(SYS_brk, 0);
	struct memory_map map = {
		.start_code = (uint64_t)hcc_title_show,
		.end_code = (uint64_t)hcc_title_show + 1,
		.start_data = (uint64_t)&__hcc_process,
		.end_data = (uint64_t)(&__hcc_process + 1),
		.start_brk = (uint64_t)brk,
		.brk = (uint64_t)brk,
		.start_stack = kernel_stack_va,
		.arg_start = __hcc_process.arguments_va,
		.arg_end = __hcc_process.environment_va,
		.env_start = __hcc_process.environment_va,
		.env_end = __hcc_process.environment_end_va,
		.exe_fd = (uint32_t)-1,
	};

	hcc_sys(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0);
}
