/* hcc-migrate snapshot: a process becomes a directory. */
#include "request.h"

/* Before the process may go on, nobody holds its connections any more. */
static int leave_running(struct request *r, const char *dir, struct error *e)
{
	connections_release(&r->connections, 0);
	if (request_continue(r, e))
		return -1;
	return request_name(r, dir, e);
}

int take_command(const struct options *o, struct error *e)
{
	struct snapshot s = {.fd = -1};
	struct request r;
	int result = request_begin(&r, o, o->dir, 0, 0, e);

	if (!result)
		result = request_take(&r, o, &s, e);
	snapshot_close(&s);
	if (!result && o->leave_running)
		result = leave_running(&r, o->dir, e);
	else if (!result)
		result = request_name(&r, o->dir, e) || request_commit(&r, e) ? -1 : 0;
	if (!result) {
		r.path[0] = 0;
		result = request_write_stats(&r, o, "", e);
	}
	request_end(&r, e);
	return result;
}
