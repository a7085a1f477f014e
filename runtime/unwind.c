/* Walking the native stack by the program's own table. Knows only call sites that have a record:
 * a frame of anything else ends the walk. Changes nothing; async-signal-safe. */
#include "migrate.h"

extern const char hcc_enter_return[], hcc_thread_return[];

/* What was last found under a hash of the return address. Several threads may look things up: a reader
 * takes what it has read only if it belongs together. */
struct found {
	uint64_t key;     /* pc ^ all of data */
	uint64_t data[3];
};

static HCC_KEPT_LARGE struct found recent[1024];

static uint64_t key_of(uint64_t pc, const uint64_t data[3])
{
	return pc ^ data[0] ^ data[1] ^ data[2];
}

static int recall(const struct found *f, struct hcc_cursor *c)
{
	uint64_t data[3];

	for (int i = 0; i < 3; i++)
		data[i] = __atomic_load_n(&f->data[i], __ATOMIC_RELAXED);
	if (!data[2] || __atomic_load_n(&f->key, __ATOMIC_RELAXED) != key_of(c->pc, data))
		return 0;
	c->ret = (struct hcc_meta_return){(uint32_t)c->pc, (uint32_t)data[0],
		(uint32_t)(data[0] >> 32), (uint32_t)data[1]};
	c->site.types_off = (uint32_t)(data[1] >> 32);
	c->site.n_values = (uint32_t)data[2];
	c->site.flags = (uint32_t)(data[2] >> 32) & 0xffff;
	c->site.line = 0;
	return 1;
}

static void remember(struct found *f, const struct hcc_cursor *c)
{
	const uint64_t data[3] = {
		c->ret.site_idx | (uint64_t)c->ret.unwind_off << 32,
		c->ret.locations_off | (uint64_t)c->site.types_off << 32,
		c->site.n_values | (uint64_t)c->site.flags << 32 | (uint64_t)1 << 63,
	};

	__atomic_store_n(&f->key, key_of(c->pc, data), __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++)
		__atomic_store_n(&f->data[i], data[i], __ATOMIC_RELAXED);
}

int hcc_find_site(uint32_t site_idx, struct hcc_meta_site *site)
{
	return hcc_meta_find_site(hcc_meta(), site_idx, site);
}

static void look_up(struct hcc_cursor *c)
{
	struct found *f = &recent[(c->pc ^ c->pc >> 10) & 1023];

	c->has_record = 1;
	if (recall(f, c))
		return;
	c->has_record = !hcc_meta_find_return(hcc_meta(), c->pc, &c->ret)
		&& !hcc_find_site(c->ret.site_idx, &c->site);
	if (c->has_record)
		remember(f, c);
}

void hcc_cursor_start(struct hcc_cursor *c, const struct hcc_regs *regs)
{
	for (int i = 0; i < HCC_N_DWARF_REGS; i++)
		c->regs[i] = 0;
	for (int i = 0; i < HCC_N_SAVED; i++)
		c->regs[hcc_saved_dwarf[i]] = regs->saved[i];
	for (int i = 0; regs->poll_saved && i < HCC_N_POLL_SAVED; i++)
		c->regs[hcc_poll_saved_dwarf[i]] = regs->poll_saved[i];
	c->regs[HCC_DWARF_SP] = regs->sp;
	c->pc = regs->pc;
	look_up(c);
}

void hcc_cursor_regs(const struct hcc_cursor *c, struct hcc_regs *regs)
{
	regs->pc = c->pc;
	regs->sp = c->regs[HCC_DWARF_SP];
	regs->poll_saved = NULL;
	for (int i = 0; i < HCC_N_SAVED; i++)
		regs->saved[i] = c->regs[hcc_saved_dwarf[i]];
}

int hcc_cursor_step(struct hcc_cursor *c)
{
	const struct hcc_meta_header *m = hcc_meta();
	struct hcc_bytes p = hcc_bytes_of(m, m->unwind_off, m->unwind_bytes);
	uint64_t reg, cfa, ra, n;

	p.at += c->ret.unwind_off;
	reg = hcc_read_uleb(&p);
	if (reg >= HCC_N_DWARF_REGS)
		return -1;
	cfa = c->regs[reg] + hcc_read_uleb(&p);
	if (cfa < c->regs[HCC_DWARF_SP])
		return -1;
	ra = cfa + (uint64_t)hcc_read_sleb(&p);
	for (n = hcc_read_uleb(&p); n; n--) {
		reg = hcc_read_uleb(&p);
		if (reg >= HCC_N_DWARF_REGS)
			return -1;
		c->regs[reg] = *(const uint64_t *)(cfa + (uint64_t)hcc_read_sleb(&p));
	}
	c->pc = *(const uint64_t *)ra;
	c->regs[HCC_DWARF_SP] = cfa;
	look_up(c);
	return 0;
}

int hcc_cursor_at_end(const struct hcc_cursor *c)
{
	return c->pc == (uint64_t)hcc_start_return || c->pc == (uint64_t)hcc_enter_return
		|| c->pc == (uint64_t)hcc_thread_return;
}

/* Load the bytes that hold so many bits; memory past them need not be there. */
static void load(uint64_t va, unsigned bits, uint64_t out[2])
{
	out[0] = out[1] = 0;
	if (bits == 64)
		out[0] = *(const uint64_t *)va;
	else if (bits == 32)
		out[0] = *(const uint32_t *)va;
	else
		hcc_copy(out, (const void *)va, (bits + 7) / 8);
}

static int read_value(const struct hcc_cursor *c, struct hcc_bytes *p, unsigned type,
	uint64_t out[2])
{
	unsigned bits = hcc_value_bits(type);
	struct hcc_location l = hcc_read_location(hcc_meta(), p);

	if (!bits || p->failed || l.reg >= HCC_N_DWARF_REGS)
		return -1;
	switch (l.kind) {
	case HCC_LOCATION_REGISTER:
		if (bits > 64)
			return -1;
		out[0] = c->regs[l.reg];
		out[1] = 0;
		break;
	case HCC_LOCATION_MEMORY:
		load(c->regs[l.reg] + (uint64_t)l.value, bits, out);
		break;
	case HCC_LOCATION_CONSTANT:
		out[0] = (uint64_t)l.value;
		out[1] = (int64_t)out[0] < 0 ? ~(uint64_t)0 : 0;
		break;
	default:
		return -1;
	}
	if (bits < 64)
		out[0] &= ((uint64_t)1 << bits) - 1;
	if (bits <= 64)
		out[1] = 0;
	return 0;
}

int hcc_cursor_first_values(const struct hcc_cursor *c, uint64_t (*slots)[2], uint32_t n)
{
	const struct hcc_meta_header *m = hcc_meta();
	const unsigned char *types = hcc_meta_at(m->types_off + c->site.types_off);
	struct hcc_bytes p = hcc_meta_locations(m, &c->ret);

	for (uint32_t i = 0; i < n && i < c->site.n_values; i++)
		if (read_value(c, &p, types[i], slots[i]))
			return -1;
	return 0;
}

int hcc_cursor_values(const struct hcc_cursor *c, uint64_t (*slots)[2])
{
	return hcc_cursor_first_values(c, slots, c->site.n_values);
}
