/* The process's own attributes; see attributes.h. Bits are set without locks: a call that is being made
 * while the process is captured has been made, or is made again. */
#include "attributes.h"
#include "revive.h"

enum {
	REFUSED_FILTER = 1, REFUSED_NAMESPACES = 2, REFUSED_ROOT = 4, REFUSED_UNDO = 8,
	REFUSED_PARENT = 16, REFUSED_OWN_FILES = 32, REFUSED_CORE = 64,
	REFUSED_KEYS = 128,

	NOTED_PERSONALITY = 1, NOTED_CAPABILITIES = 2, NOTED_GROUPS = 4, NOTED_SESSION = 8,
	NOTED_PROCESS_GROUP = 16,
};

static const struct {
	uint32_t bit;
	const char *text;
} refusals[] = {
	{REFUSED_FILTER, "it has a filter of system calls (seccomp)"},
	{REFUSED_NAMESPACES, "it has namespaces of its own making (unshare, setns)"},
	{REFUSED_ROOT, "it has changed its root directory"},
	{REFUSED_UNDO, "it has changed semaphores so that its end undoes it (SEM_UNDO)"},
	{REFUSED_PARENT, "it is to get a signal at its parent's end (PR_SET_PDEATHSIG)"},
	{REFUSED_OWN_FILES, "a thread has descriptors or a working directory of its own (unshare)"},
	{REFUSED_CORE, "it shares processor cores with whom it chooses (PR_SCHED_CORE)"},
	{REFUSED_KEYS, "it has a keyring of its own (keyctl)"},
};

enum {
	PR_SET_PDEATHSIG = 1, PR_SET_KEEPCAPS = 8, PR_CAPBSET_READ = 23, PR_CAPBSET_DROP = 24,
	PR_SET_DUMPABLE = 4, PR_SET_SECCOMP = 22, PR_SET_SECUREBITS = 28, PR_SET_TIMERSLACK = 29,
	PR_MCE_KILL = 33, PR_SET_CHILD_SUBREAPER = 36, PR_SET_NO_NEW_PRIVS = 38,
	PR_SET_THP_DISABLE = 41, PR_CAP_AMBIENT = 47, PR_SET_SPECULATION_CTRL = 53,
	PR_SET_IO_FLUSHER = 57, PR_SCHED_CORE = 62, PR_SET_MDWE = 65, PR_SET_MEMORY_MERGE = 67,
	PR_SET_PTRACER = 0x59616d61,
	PR_CAP_AMBIENT_RAISE = 2, PR_CAP_AMBIENT_LOWER = 3, PR_CAP_AMBIENT_CLEAR_ALL = 4,
	PR_SCHED_CORE_GET = 0,
};

/* That it has made, or is about to. */
static HCC_KEPT uint32_t n_filters;

/* Options of prctl whose arguments are all that there is to them. */
static const struct {
	uint32_t option;
	const char *name;
} options[HCC_OPTIONS] = {
	{PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"}, {PR_SET_SECUREBITS, "PR_SET_SECUREBITS"},
	{PR_MCE_KILL, "PR_MCE_KILL"}, {PR_SET_CHILD_SUBREAPER, "PR_SET_CHILD_SUBREAPER"},
	{PR_SET_THP_DISABLE, "PR_SET_THP_DISABLE"}, {PR_SET_IO_FLUSHER, "PR_SET_IO_FLUSHER"},
	{PR_SET_SPECULATION_CTRL, "PR_SET_SPECULATION_CTRL"}, {PR_SET_MDWE, "PR_SET_MDWE"},
	{PR_SET_MEMORY_MERGE, "PR_SET_MEMORY_MERGE"}, {PR_SET_PTRACER, "PR_SET_PTRACER"},
	/* The last, as it takes the right to others. */
	{PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"},
};

int hcc_is_foreign_option(long option)
{
	/* PR_SET_UNALIGN and PR_SET_FPEMU to PR_SET_FPEXC, PR_SET_ENDIAN, PR_SET_TSC, PR_SET_FP_MODE,
	 * PR_SVE_*, PR_PAC_*, PR_SET_TAGGED_ADDR_CTRL, PR_SET_SYSCALL_USER_DISPATCH, PR_PAC_*, PR_SME_*,
	 * PR_RISCV_* */
	static const uint8_t foreign[] = {5, 6, 9, 10, 11, 12, 19, 20, 25, 26, 45, 46, 50, 51, 54, 55, 56,
		59, 60, 61, 63, 64, 69, 70, 71};

	for (size_t i = 0; i < sizeof foreign; i++)
		if (foreign[i] == option)
			return 1;
	return 0;
}

/* ---- Noting --------------------------------------------------------------------------------- */

static void set(uint32_t *word, uint32_t bits)
{
	__atomic_or_fetch(word, bits, __ATOMIC_SEQ_CST);
}

static void set_if(uint32_t bits, int is_so)
{
	if (is_so)
		set(&__hcc_attributes.refused, bits);
	else
		__atomic_and_fetch(&__hcc_attributes.refused, ~bits, __ATOMIC_SEQ_CST);
}

static void note_ambient(long what, long capability)
{
	uint64_t bit = (uint64_t)1 << (capability & 63);

	if (what == PR_CAP_AMBIENT_RAISE)
		__hcc_attributes.ambient |= bit;
	else if (what == PR_CAP_AMBIENT_LOWER)
		__hcc_attributes.ambient &= ~bit;
	else if (what == PR_CAP_AMBIENT_CLEAR_ALL)
		__hcc_attributes.ambient = 0;
}

static void note_option(const long args[5])
{
	struct hcc_attributes *a = &__hcc_attributes;

	switch (args[0]) {
	case PR_SET_PDEATHSIG:
		set_if(REFUSED_PARENT, args[1] != 0);
		return;
	case PR_SET_SECCOMP:
		set(&a->refused, REFUSED_FILTER);
		return;
	case PR_CAPBSET_DROP:
		__atomic_or_fetch(&a->dropped, (uint64_t)1 << (args[1] & 63), __ATOMIC_SEQ_CST);
		return;
	case PR_CAP_AMBIENT:
		note_ambient(args[1], args[2]);
		return;
	case PR_SCHED_CORE:
		if (args[1] != PR_SCHED_CORE_GET)
			set(&a->refused, REFUSED_CORE);
		return;
	case PR_SET_TIMERSLACK:
		hcc_scheduling_note(NEUTRAL_prctl, -2, 0);
		return;
	}
	for (int i = 0; i < HCC_OPTIONS; i++)
		if (options[i].option && (long)options[i].option == args[0]) {
			a->options[i][0] = (uint64_t)args[1];
			a->options[i][1] = (uint64_t)args[2];
			set(&a->options_set, 1u << i);
		}
}

static void note_limit(long resource, const uint64_t *limit)
{
	struct hcc_attributes *a = &__hcc_attributes;

	if (resource < 0 || resource >= HCC_LIMITS || !limit)
		return;
	a->limits[resource][0] = limit[0];
	a->limits[resource][1] = limit[1];
	set(&a->limits_set, 1u << resource);
}

static int undoes(const char *operations, long n)
{
	enum { SEMBUF_BYTES = 6, FLAGS_OFF = 4, SEM_UNDO = 0x10 }; /* of the upper byte */

	for (long i = 0; i < n; i++)
		if (operations[i * SEMBUF_BYTES + FLAGS_OFF + 1] & SEM_UNDO)
			return 1;
	return 0;
}

static void note_unshare(unsigned long flags)
{
	enum { CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_SYSVSEM = 0x40000 };
	const unsigned long namespaces = 0x7e020080;

	if (flags & namespaces)
		set(&__hcc_attributes.refused, REFUSED_NAMESPACES);
	if (flags & (CLONE_FS | CLONE_FILES | CLONE_SYSVSEM) && hcc_other_threads() > 0)
		set(&__hcc_attributes.refused, REFUSED_OWN_FILES);
}

static int is_self(long pid)
{
	return pid == 0 || pid == hcc_sys(SYS_getpid);
}

static int is_filter(long n, const long args[5])
{
	return n == NEUTRAL_seccomp ? args[0] < 2 : n == NEUTRAL_prctl && args[0] == PR_SET_SECCOMP;
}

void hcc_filter_begins(long n, const long args[5])
{
	if (!is_filter(n, args) || hcc_thread_is_child())
		return;
	__atomic_add_fetch(&n_filters, 1, __ATOMIC_SEQ_CST);
	/* Nor may what has been asked just before, and the polls that wait for it, need anything later. */
	__atomic_store_n(&hcc_asked, 0, __ATOMIC_SEQ_CST);
	if (!hcc_switches.is_on)
		hcc_polls_set(0);
}

void hcc_filter_fails(long n, const long args[5])
{
	if (is_filter(n, args) && !hcc_thread_is_child())
		__atomic_sub_fetch(&n_filters, 1, __ATOMIC_SEQ_CST);
}

int hcc_is_filtered(void)
{
	return __atomic_load_n(&n_filters, __ATOMIC_SEQ_CST) != 0;
}

void hcc_attributes_note(long n, const long args[5])
{
	struct hcc_attributes *a = &__hcc_attributes;

	/* A vfork child is another process, with the same memory. */
	if (hcc_thread_is_child())
		return;
	switch (n) {
	case NEUTRAL_prctl:
		note_option(args);
		break;
	case NEUTRAL_prlimit64:
		if (is_self((int)args[0]))
			note_limit(args[1], (const uint64_t *)args[2]);
		break;
	case NEUTRAL_setrlimit:
		note_limit(args[0], (const uint64_t *)args[1]);
		break;
	case NEUTRAL_personality:
		if ((uint32_t)args[0] == 0xffffffff)
			break;
		a->personality = (uint64_t)args[0];
		set(&a->noted, NOTED_PERSONALITY);
		break;
	case NEUTRAL_seccomp:
		if (args[0] < 2)
			set(&a->refused, REFUSED_FILTER);
		break;
	case NEUTRAL_unshare:
		note_unshare((unsigned long)args[0]);
		break;
	case NEUTRAL_setns:
		set(&a->refused, REFUSED_NAMESPACES);
		break;
	case NEUTRAL_chroot:
	case NEUTRAL_pivot_root:
		set(&a->refused, REFUSED_ROOT);
		break;
	case NEUTRAL_semop:
	case NEUTRAL_semtimedop:
		if (undoes((const char *)args[1], args[2]))
			set(&a->refused, REFUSED_UNDO);
		break;
	case NEUTRAL_keyctl:
		if (args[0] == 1) /* KEYCTL_JOIN_SESSION_KEYRING */
			set(&a->refused, REFUSED_KEYS);
		break;
	case NEUTRAL_capset:
		set(&a->noted, NOTED_CAPABILITIES);
		break;
	case NEUTRAL_setgroups:
		set(&a->noted, NOTED_GROUPS);
		break;
	case NEUTRAL_setsid:
		set(&a->noted, NOTED_SESSION);
		break;
	case NEUTRAL_setpgid:
		if (is_self((int)args[0]) && is_self((int)args[1]))
			set(&a->noted, NOTED_PROCESS_GROUP);
		break;
	case NEUTRAL_membarrier:
		/* MEMBARRIER_CMD_REGISTER_* */
		a->barriers |= (uint64_t)args[0] & (4 | 16 | 64 | 256);
		break;
	case NEUTRAL_madvise:
		hcc_memory_advised(args[2]);
		break;
	case NEUTRAL_mlock:
	case NEUTRAL_mlock2:
		hcc_memory_note(0x2000); /* MAP_LOCKED */
		break;
	case NEUTRAL_mlockall:
		hcc_memory_note(0x2000);
		a->lock_all = (uint32_t)args[0];
		break;
	case NEUTRAL_munlockall:
		a->lock_all = 0;
		break;
	}
}

void hcc_attributes_forked(void)
{
	struct hcc_attributes *a = &__hcc_attributes;

	a->refused &= ~(uint32_t)(REFUSED_UNDO | REFUSED_PARENT);
	a->noted &= ~(uint32_t)(NOTED_SESSION | NOTED_PROCESS_GROUP);
	a->memory_va = a->memory_bytes = 0;
	a->lock_all = 0;
	for (int i = 0; i < HCC_OPTIONS; i++)
		if (options[i].option == PR_SET_CHILD_SUBREAPER)
			a->options_set &= ~(1u << i);
}

/* ---- Before a capture ----------------------------------------------------------------------- */

#include "apart.h"

/* capget and capset; the header may be written to. */
static long capabilities(long call, uint32_t sets[2][3])
{
	uint32_t header[2] = {0x20080522, 0}; /* _LINUX_CAPABILITY_VERSION_3 */

	return call == SYS_capset ? hcc_sys(SYS_capset, header, sets)
		: hcc_sys(SYS_capget, header, sets);
}

int hcc_attributes_save(struct hcc_refusal *why)
{
	struct hcc_attributes *a = &__hcc_attributes;
	long n;

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (a->refused & refusals[i].bit)
			return hcc_refuse(why, refusals[i].text, "", "");
	hcc_sys(SYS_getresuid, &a->users[0], &a->users[1], &a->users[2]);
	hcc_sys(SYS_getresgid, &a->user_groups[0], &a->user_groups[1], &a->user_groups[2]);
	hcc_numbers_save();
	n = hcc_sys(SYS_getgroups, HCC_GROUPS_MOST, a->groups);
	a->n_groups = n < 0 ? HCC_GROUPS_MOST + 1 : (uint32_t)n;
	if (a->noted & NOTED_GROUPS && n < 0)
		return hcc_refuse(why, "it is in too many groups", "", "");
	if (a->noted & NOTED_CAPABILITIES)
		capabilities(SYS_capget, a->capabilities);
	return 0;
}

/* ---- After a restore ------------------------------------------------------------------------ */

/* What this machine, or its emulator, knows nothing of is asked for again at the next. */
void hcc_attribute_need(long result, const char *name)
{
	if (result < 0 && result != -SYS_ENOSYS && result != -SYS_EINVAL)
		hcc_restore_stop_errno("the process had what it cannot get here: ", name, result);
}

static int is_same(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return 0;
	return 1;
}

static _Noreturn void stop_user(const char *what, const uint32_t *had, const uint32_t *is)
{
	char text[96];
	struct hcc_text t;
	int i = 0;

	while (i < 2 && had[i] == is[i])
		i++;
	hcc_text_start(&t, text, sizeof text);
	hcc_text_add(&t, "the process ran as ");
	hcc_text_add(&t, what);
	hcc_text_decimal(&t, had[i]);
	hcc_text_add(&t, ", this is ");
	hcc_text_add(&t, what);
	hcc_text_decimal(&t, is[i]);
	hcc_restore_stop(text);
}

static long restore_groups(const struct hcc_attributes *a)
{
	uint32_t now[HCC_GROUPS_MOST];
	long n = hcc_sys(SYS_getgroups, HCC_GROUPS_MOST, now);

	if (a->n_groups > HCC_GROUPS_MOST || (n == (long)a->n_groups
			&& is_same(now, a->groups, a->n_groups)))
		return 0;
	return hcc_sys(SYS_setgroups, a->n_groups, a->groups);
}

/* Whoever has the right to becomes the user that it was; nobody becomes more. */
static void restore_users(const struct hcc_attributes *a)
{
	uint32_t users[3], groups[3];
	int is_it;
	long result = 0;

	hcc_sys(SYS_getresuid, &users[0], &users[1], &users[2]);
	hcc_sys(SYS_getresgid, &groups[0], &groups[1], &groups[2]);
	is_it = is_same(users, a->users, 3) && is_same(groups, a->user_groups, 3);
	if (!is_it || a->noted & NOTED_GROUPS)
		result = restore_groups(a);
	if (is_it) {
		hcc_attribute_need(result, "its groups");
		return;
	}
	if (result || hcc_sys(SYS_setresgid, a->user_groups[0], a->user_groups[1], a->user_groups[2])
			|| hcc_sys(SYS_setresuid, a->users[0], a->users[1], a->users[2])) {
		if (!is_same(users, a->users, 3))
			stop_user("user ", a->users, users);
		stop_user("group ", a->user_groups, groups);
	}
	/* It was, or it could not have been captured. */
	hcc_sys(SYS_prctl, PR_SET_DUMPABLE, 1);
}

static void restore_capabilities(struct hcc_attributes *a)
{
	if (a->noted & NOTED_CAPABILITIES)
		hcc_attribute_need(capabilities(SYS_capset, a->capabilities), "its capabilities");
	for (int i = 0; i < 64; i++)
		if (a->ambient >> i & 1)
			hcc_attribute_need(hcc_sys(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i),
				"an ambient capability");
}

static void drop_capabilities(const struct hcc_attributes *a)
{
	for (int i = 0; i < 64; i++)
		if (a->dropped >> i & 1 && hcc_sys(SYS_prctl, PR_CAPBSET_READ, i) > 0)
			hcc_attribute_need(hcc_sys(SYS_prctl, PR_CAPBSET_DROP, i),
				"a bounding set without a capability");
}

void hcc_attributes_restore(void)
{
	struct hcc_attributes *a = &__hcc_attributes;

	hcc_numbers_restore();
	drop_capabilities(a);
	restore_users(a);
	restore_capabilities(a);
	for (int i = 0; i < HCC_OPTIONS; i++)
		if (a->options_set >> i & 1 && options[i].option)
			hcc_attribute_need(hcc_sys(SYS_prctl, options[i].option, a->options[i][0],
				a->options[i][1], 0, 0), options[i].name);
	if (a->noted & NOTED_PERSONALITY)
		hcc_attribute_need(hcc_sys(SYS_personality, a->personality), "its personality");
	for (int i = 0; i < 10; i++)
		if (a->barriers >> i & 1)
			hcc_attribute_need(hcc_sys(SYS_membarrier, 1 << i, 0), "membarrier(2)");
	/* Who leads a group of processes already keeps it. */
	if (a->noted & NOTED_SESSION)
		hcc_sys(SYS_setsid);
	else if (a->noted & NOTED_PROCESS_GROUP)
		hcc_sys(SYS_setpgid, 0, 0);
}
