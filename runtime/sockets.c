/* Sockets. */
#include "descriptors.h"

int hcc_save_socket(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	(void)st;
	return hcc_refuse_descriptor(l, d, " is a socket of family 16", "");
}
