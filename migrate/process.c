/* What runs under a PID: a program made by hcc, by itself or under qemu-user. All from /proc. */
#define _GNU_SOURCE
#include "migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static FILE *open_proc(pid_t pid, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

/* The value of a line of /proc/PID/status; "" where there is none. */
static void read_status(pid_t pid, const char *key, char *out, size_t bytes)
{
	FILE *f = open_proc(pid, "status");
	char line[256];
	size_t key_bytes = strlen(key);

	*out = 0;
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, key, key_bytes) && line[key_bytes] == ':') {
			char *value = line + key_bytes + 1 + strspn(line + key_bytes + 1, " \t");

			value[strcspn(value, "\n")] = 0;
			snprintf(out, bytes, "%s", value);
			break;
		}
	if (f)
		fclose(f);
}

/* A line of /proc/PID/maps. */
struct map {
	uint64_t start_va, end_va;
	char prot[8];
	char path[PATH_MAX];
};

/* Returns 0 at the end. */
static int next_map(FILE *f, struct map *out)
{
	char line[PATH_MAX + 128];
	int path_at = 0;

	if (!fgets(line, sizeof line, f))
		return 0;
	line[strcspn(line, "\n")] = 0;
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %n", &out->start_va, &out->end_va,
			out->prot, &path_at) < 3)
		return 0;
	snprintf(out->path, sizeof out->path, "%s", path_at ? line + path_at : "");
	return 1;
}

/* The program that qemu-user runs, found among the files that it has mapped. Returns 1; 0 when
 * there is none yet; -1 when it is a program that was not made by hcc. */
static int find_guest(struct process *p, const char *qemu, struct error *e)
{
	FILE *f = open_proc(p->pid, "maps");
	char last[PATH_MAX] = "";
	struct map map;
	int result = 0;

	while (f && result <= 0 && next_map(f, &map)) {
		if (map.path[0] != '/' || !strcmp(map.path, last) || !strcmp(map.path, qemu))
			continue;
		snprintf(last, sizeof last, "%s", map.path);
		result = image_open(&p->image, map.path, e);
	}
	if (f)
		fclose(f);
	return result > 0;
}

/* The program by the emulator's arguments; when it is not made by hcc, exe becomes its name. */
static int guest_is_foreign(pid_t pid, char *exe, struct error *e)
{
	FILE *f = open_proc(pid, "cmdline");
	char *argument = NULL;
	size_t room = 0;
	int i = 0, is_foreign = 0;

	while (f && !is_foreign && getdelim(&argument, &room, 0, f) > 0) {
		struct image image;
		int result;

		if (i++ == 0 || argument[0] == '-' || !strchr(argument, '/'))
			continue;
		result = image_open(&image, argument, e);
		if (result > 0)
			image_close(&image);
		is_foreign = !result && strstr(e->text, "not built by hcc");
		if (is_foreign)
			snprintf(exe, PATH_MAX, "%s", argument);
		if (result > 0)
			break;
	}
	free(argument);
	if (f)
		fclose(f);
	return is_foreign;
}

/* Field 22; the second is a name in parentheses, which may hold anything. A zombie has ended. */
uint64_t process_start_ticks(pid_t pid)
{
	FILE *f = open_proc(pid, "stat");
	char line[1024];
	uint64_t ticks = 0;
	char *at;

	if (f && fgets(line, sizeof line, f) && (at = strrchr(line, ')')) && at[1]
			&& at[2] != 'Z' && at[2] != 'X')
		sscanf(at + 2, "%*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
			" %*s %*s %" SCNu64, &ticks);
	if (f)
		fclose(f);
	return ticks;
}

void read_boot_id(char out[40])
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	memset(out, 0, 40);
	if (f && fgets(out, 40, f))
		out[strcspn(out, "\n")] = 0;
	if (f)
		fclose(f);
}

static int check_owner(pid_t pid, struct error *e)
{
	char text[64];
	unsigned ids[4], groups[4];

	read_status(pid, "State", text, sizeof text);
	if (!*text || *text == 'Z' || *text == 'X')
		return fail(e, "process %d: no such process", (int)pid);
	read_status(pid, "Uid", text, sizeof text);
	if (sscanf(text, "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]) != 4)
		return fail(e, "process %d: no such process", (int)pid);
	read_status(pid, "Gid", text, sizeof text);
	if (sscanf(text, "%u %u %u %u", &groups[0], &groups[1], &groups[2], &groups[3]) != 4)
		return fail(e, "process %d: no such process", (int)pid);
	for (int i = 0; i < 4; i++) {
		if (ids[i] != geteuid())
			return fail(e, "process %d: owned by user %u, expected %u", (int)pid, ids[i],
				(unsigned)geteuid());
		if (groups[i] != groups[0])
			return fail(e, "process %d: it has the rights of group %u besides those of %u",
				(int)pid, groups[i], groups[0]);
	}
	return 0;
}

static int is_this_program(pid_t pid)
{
	char path[64], theirs[PATH_MAX], own[PATH_MAX];
	ssize_t n, m;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	n = readlink(path, theirs, sizeof theirs);
	m = readlink("/proc/self/exe", own, sizeof own);
	return n > 0 && n == m && !memcmp(theirs, own, (size_t)n);
}

/* Returns 1 found; 0 not yet (it is starting: exec has not happened); -1 never. */
static int identify(struct process *p, struct error *e)
{
	char link[64], exe[PATH_MAX];
	const char *name;
	ssize_t n;
	int result;

	if (check_owner(p->pid, e))
		return -1;
	snprintf(link, sizeof link, "/proc/%d/exe", (int)p->pid);
	n = readlink(link, exe, sizeof exe - 1);
	if (n < 0)
		return fail(e, "process %d: %s: %s", (int)p->pid, link, strerror(errno));
	exe[n] = 0;
	result = image_open(&p->image, link, e);
	if (result < 0)
		return -1;
	if (result > 0) {
		snprintf(p->image.path, sizeof p->image.path, "%s", exe);
		p->is_emulated = 0;
		p->signal = HCC_MIGRATE_SIGNAL;
		return 1;
	}
	name = strrchr(exe, '/') ? strrchr(exe, '/') + 1 : exe;
	if (!strncmp(name, "qemu-", 5)) {
		p->is_emulated = 1;
		/* linux-user/signal.c: guest signals from 32 on are the host's from SIGRTMIN on. */
		p->signal = SIGRTMIN + HCC_MIGRATE_SIGNAL - 32;
		if (find_guest(p, exe, e))
			return 1;
		if (!guest_is_foreign(p->pid, exe, e)) {
			fail(e, "process %d: %s runs no program that was built by hcc",
				(int)p->pid, exe);
			return 0;
		}
	}
	fail(e, "process %d: %s was not built by hcc", (int)p->pid, exe);
	return is_this_program(p->pid) ? 0 : -1;
}

int process_open(struct process *out, pid_t pid, struct error *e)
{
	uint64_t give_up_ns = now_ns() + 5000000000u;
	int result;

	*out = (struct process){.pid = pid, .image.fd = -1};
	out->pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (out->pid_fd < 0)
		return fail(e, "process %d: %s", (int)pid, errno == ESRCH || errno == EINVAL
			? "no such process" : strerror(errno));
	while (!(result = identify(out, e)) && now_ns() < give_up_ns)
		usleep(5000);
	if (result > 0)
		return 0;
	process_close(out);
	return -1;
}

void process_close(struct process *p)
{
	if (p->pid_fd >= 0)
		close(p->pid_fd);
	image_close(&p->image);
	p->pid_fd = -1;
}

/* proc(5), statm: pages in all, resident, of these with a file, ... What else a snapshot has fits into a MiB. */
off_t process_memory_bytes(const struct process *p)
{
	unsigned long long resident = 0, of_files = 0;
	FILE *f = open_proc(p->pid, "statm");

	if (f && fscanf(f, "%*u %llu %llu", &resident, &of_files) != 2)
		resident = of_files = 0;
	if (f)
		fclose(f);
	return (off_t)((resident > of_files ? resident - of_files : 0)
		* (unsigned long long)sysconf(_SC_PAGESIZE)) + (1 << 20);
}

/* Under qemu-user SigCgt names every signal, so the runtime reserves an address range as a sign;
 * it lies at the same distance from its guest address as the program itself. */
int process_is_ready(const struct process *p)
{
	char text[64];
	struct map map;
	int is_ready = 0;
	FILE *f;

	if (!p->is_emulated) {
		read_status(p->pid, "SigCgt", text, sizeof text);
		return strtoull(text, NULL, 16) >> (p->signal - 1) & 1;
	}
	f = open_proc(p->pid, "maps");
	while (f && !is_ready && next_map(f, &map))
		is_ready = map.start_va <= HCC_READY_VA && map.end_va > HCC_READY_VA
			&& !strncmp(map.prot, "---", 3);
	if (f)
		fclose(f);
	return is_ready;
}

/* ---- System calls --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int neutral, x86_64;
} calls[] = {
#define HCC_SYSCALL(name, generic, x86_64) {#name, generic, x86_64},
#include "../runtime/syscalls.def"
#undef HCC_SYSCALL
};

static const char *numbered(int number)
{
	static char text[16];

	snprintf(text, sizeof text, "%d", number);
	return text;
}

const char *call_name(int neutral)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].neutral == neutral)
			return calls[i].name;
	return numbered(neutral);
}

/* Field 1 is the number of a blocking system call (its arguments follow, then sp and pc), or
 * "running". */
const char *process_where(const struct process *p, pid_t thread)
{
	int is_x86 = p->image.isa->id == HCC_ISA_X86_64;
	char line[512], name[64];
	const char *result = NULL;
	FILE *f;

	if (p->is_emulated)
		return NULL;
	snprintf(name, sizeof name, "task/%d/syscall", (int)(thread ? thread : p->pid));
	f = open_proc(p->pid, name);
	if (f && fgets(line, sizeof line, f) && line[0] >= '0' && line[0] <= '9') {
		result = numbered(atoi(line));
		for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
			if ((is_x86 ? calls[i].x86_64 : calls[i].neutral) == atoi(line))
				result = calls[i].name;
	}
	if (f)
		fclose(f);
	return result;
}

/* Whether it has no descriptors left to answer a request with: it takes three for itself. */
static int lacks_descriptors(const struct process *p)
{
	FILE *f = open_proc(p->pid, "limits");
	unsigned long n = 3, most = 0;
	char line[256], path[64];
	DIR *dir;

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "Max open files %*s %lu", &most) == 1)
			break;
	if (f)
		fclose(f);
	snprintf(path, sizeof path, "/proc/%d/fd", (int)p->pid);
	dir = opendir(path);
	for (const struct dirent *d; dir && (d = readdir(dir));)
		n += d->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return most && n > most;
}

static unsigned long n_filters(pid_t pid)
{
	char text[64];

	read_status(pid, "Seccomp_filters", text, sizeof text);
	return strtoul(text, NULL, 10);
}

const char *process_hindrance(const struct process *p)
{
	char state[64];

	if (!process_is_ready(p))
		return "it has no handler of requests";
	read_status(p->pid, "State", state, sizeof state);
	if (*state == 'T' || *state == 't')
		return "it is stopped, by a signal or a debugger";
	/* A container has given this program its filters, too. */
	if (n_filters(p->pid) > n_filters(getpid()))
		return "it has a filter of system calls (seccomp)";
	return lacks_descriptors(p) ? "it has as many descriptors as it may have (RLIMIT_NOFILE)" : NULL;
}
