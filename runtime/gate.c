/* The gate (snapshot.h): where a process that is restored by a move waits, when all of it
 * stands, until the one that it was is certain to have ended. Everything here is private;
 * nothing of the program runs before hcc_gate_wait() returns. */
#include "migrate.h"

static int gate_fd;              /* 0: there is none */
static struct hcc_gate_order order;

void hcc_gate_open(int fd)
{
	struct sys_stat st;

	if (!sys_fstat(fd, &st) && (st.st_mode & SYS_S_IFMT) == SYS_S_IFSOCK)
		gate_fd = fd;
}

int hcc_gate_fail(const char *text)
{
	return gate_fd && sys_write(gate_fd, text, hcc_string_bytes(text)) > 0;
}

static int lock(const struct hcc_gate_order *o)
{
	enum { F_SETLK = 6, F_RDLCK = 0, F_WRLCK = 1 };
	const struct {
		int16_t type, whence;
		int64_t start, bytes;
		int32_t pid;
	} range = {o->is_write ? F_WRLCK : F_RDLCK, SYS_SEEK_SET, (int64_t)o->start,
		(int64_t)o->bytes, 0};

	return (int)hcc_sys(SYS_fcntl, o->fd, F_SETLK, &range);
}

static int obey(const struct hcc_gate_order *o)
{
	switch (o->what) {
	case HCC_GATE_LOCK:
		return lock(o);
	case HCC_GATE_GO:
		return o->path[0] ? (int)hcc_sys(SYS_unlinkat, SYS_AT_FDCWD, o->path, 0) : 0;
	default:
		return -SYS_EINVAL;
	}
}

static void end_if(int is_wrong)
{
	if (is_wrong)
		sys_exit_group(1);
}

void hcc_gate_wait(void)
{
	int32_t result;
	int is_gone;
	long n;

	if (!gate_fd)
		return;
	end_if(!hcc_gate_fail(HCC_GATE_READY));
	do {
		do
			n = sys_read(gate_fd, &order, sizeof order);
		while (n == -SYS_EINTR);
		end_if(n != sizeof order);
		order.path[sizeof order.path - 1] = 0;
		result = obey(&order);
		is_gone = sys_write(gate_fd, &result, sizeof result) != sizeof result;
		end_if(order.what == HCC_GATE_GO ? result : is_gone);
	} while (order.what != HCC_GATE_GO);
	sys_close(gate_fd);
	gate_fd = 0;
}
