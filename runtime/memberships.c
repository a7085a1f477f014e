/* Multicast: the groups that a socket is in, and where it sends from, which the kernel does not tell again. Noted
 * as setsockopt is called, by the socket's inode; as in notes.c, without locks, each note whole before it
 * can be found. */
#include "descriptors.h"

enum {
	IPPROTO_IP = 0, IPPROTO_IPV6 = 41,
	IP_MULTICAST_IF = 32, IP_ADD_MEMBERSHIP = 35, IP_DROP_MEMBERSHIP = 36, IP_UNBLOCK_SOURCE = 37,
	IP_MSFILTER = 41, MCAST_JOIN_GROUP = 42, MCAST_BLOCK_SOURCE = 43, MCAST_LEAVE_GROUP = 45,
	MCAST_MSFILTER = 48,
	IPV6_MULTICAST_IF = 17, IPV6_JOIN_GROUP = 20, IPV6_LEAVE_GROUP = 21, IPV6_JOIN_ANYCAST = 27,
	IPV6_LEAVE_ANYCAST = 28,
	N_NOTES = 256, VALUE_BYTES = 136, /* struct group_req */
};

static HCC_KEPT_LARGE struct membership {
	uint64_t ino;    /* 0: none */
	int32_t level, name;
	uint32_t bytes;  /* 0: one that cannot be carried */
	uint8_t value[VALUE_BYTES];
} notes[N_NOTES];
static HCC_KEPT uint32_t n_notes;

enum what { NOTHING, REPLACES, JOINS, LEAVES, UNKNOWN };

/* How many bytes of the value say which group it is: *key. */
static enum what find_what(int level, int name, uint32_t *key)
{
	*key = 0;
	if (level != IPPROTO_IP && level != IPPROTO_IPV6)
		return NOTHING;
	if (name == MCAST_JOIN_GROUP || name == MCAST_LEAVE_GROUP) {
		*key = VALUE_BYTES;
		return name == MCAST_JOIN_GROUP ? JOINS : LEAVES;
	}
	if (name >= MCAST_BLOCK_SOURCE && name <= MCAST_MSFILTER)
		return UNKNOWN;
	if (level == IPPROTO_IP) {
		*key = 4;
		return name == IP_MULTICAST_IF ? REPLACES : name == IP_ADD_MEMBERSHIP ? JOINS
			: name == IP_DROP_MEMBERSHIP ? LEAVES
			: name >= IP_UNBLOCK_SOURCE && name <= IP_MSFILTER ? UNKNOWN : NOTHING;
	}
	*key = 20;
	return name == IPV6_MULTICAST_IF ? REPLACES : name == IPV6_JOIN_GROUP ? JOINS
		: name == IPV6_LEAVE_GROUP ? LEAVES
		: name == IPV6_JOIN_ANYCAST || name == IPV6_LEAVE_ANYCAST ? UNKNOWN : NOTHING;
}

static int is_same(const struct membership *m, const void *value, uint32_t bytes, uint32_t key)
{
	const uint8_t *v = value;

	for (uint32_t i = 0; i < key && i < bytes && i < m->bytes; i++)
		if (m->value[i] != v[i])
			return 0;
	return 1;
}

static void forget(uint64_t ino, int level, int name, const void *value, uint32_t bytes,
	uint32_t key)
{
	for (uint32_t i = 0; i < N_NOTES; i++)
		if (notes[i].ino == ino && notes[i].level == level && notes[i].name == name
				&& is_same(&notes[i], value, bytes, key)) {
			__atomic_store_n(&notes[i].ino, 0, __ATOMIC_RELEASE);
			return;
		}
}

/* In a place that is free, or else the next one in turn. */
static void note(uint64_t ino, int level, int name, const void *value, uint32_t bytes)
{
	uint32_t at = __atomic_fetch_add(&n_notes, 1, __ATOMIC_RELAXED);
	struct membership *m;

	for (uint32_t i = 0; i < N_NOTES && notes[at % N_NOTES].ino; i++)
		at++;
	m = &notes[at % N_NOTES];
	__atomic_store_n(&m->ino, 0, __ATOMIC_RELEASE);
	m->level = level;
	m->name = name;
	m->bytes = bytes;
	hcc_copy(m->value, value, bytes);
	__atomic_store_n(&m->ino, ino, __ATOMIC_RELEASE);
}

void hcc_note_membership(int fd, int level, int name, const void *value, uint32_t bytes)
{
	uint32_t key;
	enum what what = find_what(level, name, &key);
	struct sys_stat st;
	uint64_t ino;

	if (what == NOTHING || sys_fstat(fd, &st))
		return;
	ino = st.st_ino;
	switch (what) {
	case NOTHING:
	case LEAVES:
		forget(ino, level, name == MCAST_LEAVE_GROUP ? MCAST_JOIN_GROUP
			: level == IPPROTO_IP ? IP_ADD_MEMBERSHIP : IPV6_JOIN_GROUP, value, bytes,
			key);
		return;
	case REPLACES:
		forget(ino, level, name, value, bytes, 0);
		break;
	case JOINS:
		break;
	case UNKNOWN:
		bytes = 0;
	}
	if (bytes <= VALUE_BYTES)
		note(ino, level, name, value, bytes);
}

long hcc_noted_setsockopt(long fd, long level, long name, const void *value, long bytes)
{
	long result = hcc_sys(SYS_setsockopt, fd, level, name, value, bytes);

	if (!result)
		hcc_note_membership((int)fd, (int)level, (int)name, value, (uint32_t)bytes);
	return result;
}

#include "apart.h"

int hcc_save_memberships(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	for (uint32_t i = 0; i < N_NOTES; i++) {
		const struct membership *m = &notes[i];
		struct hcc_state_option state = {(uint32_t)m->level, (uint32_t)m->name};

		if (!d->ino || m->ino != d->ino)
			continue;
		if (!m->bytes)
			return hcc_refuse_descriptor(l, d,
				" is a socket in a group for some senders, or an anycast group", "");
		if (hcc_add_state(l, d, HCC_STATE_OPTION, &state, sizeof state, m->value, m->bytes))
			return -1;
	}
	return 0;
}
