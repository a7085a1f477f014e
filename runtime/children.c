/* Child processes: a process that has some cannot be moved without them. By the kernel's own list
 * (CONFIG_PROC_CHILDREN), where there is one. */
#include "descriptors.h"
#include "gather.h"

enum { P_ALL = 0, P_PID = 1, WNOHANG = 1, WEXITED = 4, WNOWAIT = 0x1000000, N_TOLD = 8 };

int hcc_has_children(void)
{
	struct sys_siginfo info;

	return !hcc_sys(SYS_waitid, P_ALL, 0, &info, WNOHANG | WEXITED | WNOWAIT, NULL);
}

static int has_ended(uint64_t pid)
{
	struct sys_siginfo info = {0};

	return !hcc_sys(SYS_waitid, P_PID, pid, &info, WNOHANG | WEXITED | WNOWAIT, NULL)
		&& info.si_pid == (int32_t)pid;
}

/* Those of one thread: numbers with a blank behind each. */
static void tell_some(struct hcc_text *t, int32_t thread, int *n_told)
{
	char path[64], list[256];
	struct hcc_text p;
	const char *s = list;
	long fd, n;

	hcc_text_start(&p, path, sizeof path);
	hcc_text_add(&p, "/proc/self/task/");
	hcc_text_decimal(&p, (uint64_t)thread);
	hcc_text_add(&p, "/children");
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0);
	if (fd < 0)
		return;
	n = sys_read((int)fd, list, sizeof list - 1);
	sys_close((int)fd);
	list[n < 0 ? 0 : n] = 0;
	while (*s >= '0' && *s <= '9' && *n_told < N_TOLD) {
		uint64_t pid = hcc_info_number(&s, 10);

		hcc_text_add(t, (*n_told)++ ? ", " : ": ");
		hcc_text_decimal(t, pid);
		hcc_text_add(t, has_ended(pid) ? " (ended)" : "");
		s += *s == ' ';
	}
}

int hcc_decline_children(struct hcc_refusal *why)
{
	const struct hcc_record *r = NULL;
	char line[256];
	struct hcc_text t;
	int n_told = 0;

	hcc_text_start(&t, line, sizeof line);
	hcc_text_add(&t, "it has child processes");
	while ((r = hcc_record_next(r)) != NULL)
		if (r->kernel)
			tell_some(&t, r->kernel, &n_told);
	return hcc_decline(why, 0, line);
}
