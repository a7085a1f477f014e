/* Limits, and numbers of the process that are files of /proc; see attributes.h. */
#include "attributes.h"

/* Numbers that are files of /proc/self, in places of options[] that no option has. */
static const struct {
	const char *path;
	uint8_t place, base;
} files[] = {
	{"/proc/self/coredump_filter", 14, 16}, {"/proc/self/oom_score_adj", 15, 10},
};

/* The number of a file. Returns 0; -1 when it cannot be read. */
static int read_number(const char *path, unsigned base, int64_t *out)
{
	long fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0), n;
	char text[32];
	const char *s = text;

	if (fd < 0)
		return -1;
	n = sys_read((int)fd, text, sizeof text - 1);
	sys_close((int)fd);
	text[n < 0 ? 0 : n] = 0;
	s += *s == '-';
	*out = (int64_t)hcc_info_number(&s, base);
	*out = text[0] == '-' ? -*out : *out;
	return n > 0 ? 0 : -1;
}

void hcc_numbers_save(void)
{
	struct hcc_attributes *a = &__hcc_attributes;
	int64_t v;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (!read_number(files[i].path, files[i].base, &v)) {
			a->options[files[i].place][0] = (uint64_t)v;
			__atomic_or_fetch(&a->options_set, 1u << files[i].place, __ATOMIC_SEQ_CST);
		}
}

/* As far as it may. */
void hcc_numbers_restore(void)
{
	const struct hcc_attributes *a = &__hcc_attributes;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		int64_t wanted = (int64_t)a->options[files[i].place][0], now;
		char text[32];
		struct hcc_text t;
		long fd;

		if (!(a->options_set >> files[i].place & 1)
				|| read_number(files[i].path, files[i].base, &now) || now == wanted)
			continue;
		hcc_text_start(&t, text, sizeof text);
		hcc_text_add(&t, wanted < 0 ? "-" : "");
		hcc_text_decimal(&t, (uint64_t)(wanted < 0 ? -wanted : wanted));
		fd = sys_openat(SYS_AT_FDCWD, files[i].path, SYS_O_WRONLY | SYS_O_CLOEXEC, 0);
		if (fd >= 0) {
			sys_write((int)fd, text, hcc_string_bytes(text));
			sys_close((int)fd);
		}
	}
}

/* ---- Limits --------------------------------------------------------------------------------- */

static const char *const limit_names[HCC_LIMITS] = {
	"RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS",
	"RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS",
	"RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
};

void hcc_limit_lift(int limit, uint64_t before[2])
{
	uint64_t lifted[2];

	before[0] = before[1] = 0;
	if (hcc_sys(SYS_prlimit64, 0, limit, NULL, before) || before[0] == before[1])
		return;
	lifted[0] = lifted[1] = before[1];
	hcc_sys(SYS_prlimit64, 0, limit, lifted, NULL);
}

void hcc_limit_back(int limit, const uint64_t before[2])
{
	if (before[0] != before[1])
		hcc_sys(SYS_prlimit64, 0, limit, before, NULL);
}

/* A hard limit that it has not lowered itself is this machine's; it may be lower here than the soft one
 * was there. */
void hcc_limits_restore(void)
{
	const struct hcc_attributes *a = &__hcc_attributes;
	uint64_t now[2];

	for (int i = 0; i < HCC_LIMITS; i++) {
		const uint64_t *wanted = a->limits[i];
		long result;

		if (!(a->limits_set >> i & 1) || hcc_sys(SYS_prlimit64, 0, i, NULL, now)
				|| (now[0] == wanted[0] && now[1] == wanted[1]))
			continue;
		result = hcc_sys(SYS_prlimit64, 0, i, wanted, NULL);
		if (result && wanted[0] <= now[1] && wanted[1] > now[1]) {
			now[0] = wanted[0];
			result = hcc_sys(SYS_prlimit64, 0, i, now, NULL);
		}
		hcc_attribute_need(result, limit_names[i]);
	}
	hcc_memory_lock();
	if (a->lock_all)
		hcc_attribute_need(hcc_sys(SYS_mlockall, a->lock_all), "mlockall(2)");
}
