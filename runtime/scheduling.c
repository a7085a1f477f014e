/* How the kernel schedules a thread: what the program has set of it; see attributes.h. A thread that
 * another one makes has what its maker has. */
#include "attributes.h"
#include "revive.h"
#include "gather.h"

enum {
	OWNED_NICE = 1, OWNED_POLICY = 2, OWNED_AFFINITY = 4, OWNED_IO = 8, OWNED_SLACK = 16,
	PRIO_PROCESS = 0, PRIO_ALL = -1, IOPRIO_WHO_PROCESS = 1,
	PR_SET_TIMERSLACK = 29, PR_GET_TIMERSLACK = 30,
};

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

static uint32_t owned_by(long n)
{
	switch (n) {
	case NEUTRAL_setpriority: return OWNED_NICE;
	case NEUTRAL_sched_setparam:
	case NEUTRAL_sched_setscheduler: return OWNED_POLICY;
	case NEUTRAL_sched_setattr: return OWNED_POLICY | OWNED_NICE;
	case NEUTRAL_sched_setaffinity: return OWNED_AFFINITY;
	case NEUTRAL_ioprio_set: return OWNED_IO;
	case NEUTRAL_prctl: return OWNED_SLACK;
	default: return 0;
	}
}

/* In the records, which last: another thread may end just now. */
void hcc_scheduling_note(long n, long which, long kernel)
{
	struct hcc_record *r = NULL, *self = hcc_record_self();
	uint32_t bits = owned_by(n);

	if (!bits || hcc_thread_is_child())
		return;
	while ((r = hcc_record_next(r)) != NULL)
		if (which == PRIO_ALL || (kernel == 0 ? r == self : r->kernel == kernel))
			__atomic_or_fetch(&r->owned, bits, __ATOMIC_SEQ_CST);
}

#include "apart.h"

void hcc_scheduling_save(const struct hcc_record *r)
{
	struct hcc_scheduling *s = &__hcc_thread.scheduling;
	struct hcc_scheduling now = {.owned = s->owned | r->owned};
	long result;

	if (!now.owned)
		return;
	now.attributes[0] = sizeof now.attributes;
	if (hcc_sys(SYS_sched_getattr, 0, now.attributes, sizeof now.attributes, 0))
		hcc_copy(now.attributes, s->attributes, sizeof now.attributes);
	if (hcc_sys(SYS_sched_getaffinity, 0, sizeof now.affinity, now.affinity) < 0)
		hcc_copy(now.affinity, s->affinity, sizeof now.affinity);
	result = hcc_sys(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
	now.io_priority = result < 0 ? s->io_priority : (uint32_t)result;
	result = hcc_sys(SYS_prctl, PR_GET_TIMERSLACK);
	now.timer_slack_ns = result < 0 ? s->timer_slack_ns : (uint64_t)result;
	*s = now;
}

static void need(long result, const char *what)
{
	char name[64];
	struct hcc_text t;

	if (result >= 0 || result == -SYS_ENOSYS)
		return;
	hcc_text_start(&t, name, sizeof name);
	hcc_text_add(&t, what);
	hcc_text_add(&t, " of thread ");
	hcc_text_decimal(&t, __hcc_thread.number);
	hcc_restore_stop_errno("cannot set the ", name, result);
}

/* struct sched_attr: size and policy, flags, nice and priority, ... */
void hcc_scheduling_restore(void)
{
	struct hcc_scheduling *s = &__hcc_thread.scheduling;

	hcc_record_self()->owned = s->owned;
	if (s->owned & OWNED_SLACK)
		need(hcc_sys(SYS_prctl, PR_SET_TIMERSLACK, s->timer_slack_ns), "timer slack");
	if (s->owned & OWNED_IO)
		need(hcc_sys(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, s->io_priority),
			"priority of input and output");
	if (s->owned & OWNED_AFFINITY)
		need(hcc_sys(SYS_sched_setaffinity, 0, sizeof s->affinity, s->affinity),
			"processors");
	if (s->owned & OWNED_POLICY)
		need(hcc_sys(SYS_sched_setattr, 0, s->attributes, 0), "scheduling policy");
	else if (s->owned & OWNED_NICE)
		need(hcc_sys(SYS_setpriority, PRIO_PROCESS, 0, (int32_t)s->attributes[2]),
			"priority");
}
