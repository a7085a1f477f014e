/* What a process says of its threads when it declines: the reason, and a line for each thread. */
#include "request.h"

#include <stdlib.h>
#include <string.h>

/* What a thread does that has not come to a point. */
static void describe(const struct process *p, const struct status *status, char *out, size_t bytes)
{
	const char *where = process_where(p, status->thread);

	if (where)
		snprintf(out, bytes, "waits in system call %s, %s", where, status->text);
	else
		snprintf(out, bytes, "is in %s, %s", image_function_at(&p->image, status->pc),
			status->text);
}

void report_decline(struct report *r, const struct process *p, const struct status *status)
{
	char text[HCC_STATUS_BYTES + 128];

	r->is_whole = 1;
	describe(p, status, text, sizeof text);
	if (status->pc)
		snprintf(r->reason, sizeof r->reason, ": thread %d %s",
			(int)(status->thread ? status->thread : p->pid), text);
	else
		snprintf(r->reason, sizeof r->reason, ": %s", status->text);
}

void report_thread(struct report *r, const struct process *p, const struct status *status)
{
	char text[HCC_STATUS_BYTES + 128];
	size_t left;
	int n;

	if (r->is_whole)
		r->is_whole = r->bytes = 0;
	left = sizeof r->lines - r->bytes;
	if (status->pc)
		describe(p, status, text, sizeof text);
	else if (status->call >= 0)
		snprintf(text, sizeof text, "waits in system call %s, called by %s",
			call_name(status->call), status->text);
	else
		snprintf(text, sizeof text, "is in %s", status->text);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	n = snprintf(r->lines + r->bytes, left, "hcc-migrate: thread %d %s\n", (int)status->thread,
		text);
	if (n > 0 && (size_t)n < left)
		r->bytes += (size_t)n;
	r->lines[r->bytes] = 0;
}
