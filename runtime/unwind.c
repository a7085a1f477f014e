/* Walking the native stack by the program's own table. Knows only call sites that have a record:
 * a frame of anything else ends the walk. Changes nothing; async-signal-safe. */
#include "migrate.h"

extern const char hcc_enter_return[], hcc_thread_return[];

static uint64_t uleb(const unsigned char **p)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		unsigned char b = *(*p)++;

		v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			break;
	}
	return v;
}

static int64_t sleb(const unsigned char **p)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64;) {
		unsigned char b = *(*p)++;

		v |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
		if (!(b & 0x80)) {
			if (b & 0x40 && shift < 64)
				v |= ~(uint64_t)0 << shift;
			break;
		}
	}
	return (int64_t)v;
}

static const struct hcc_meta_return *find_return(uint64_t pc)
{
	/* Index + 1 of the record last found under a hash. The table is constant; several threads may
	 * look things up. */
	static HCC_KEPT uint32_t recent[1024];
	const struct hcc_meta_header *m = hcc_meta();
	const struct hcc_meta_return *returns = hcc_meta_at(m->returns_off);
	uint32_t *at = &recent[(pc ^ pc >> 10) & 1023];
	uint32_t low = 0, high = m->n_returns, guess = __atomic_load_n(at, __ATOMIC_RELAXED);

	if (guess && returns[guess - 1].return_va == pc)
		return &returns[guess - 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (returns[middle].return_va < pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == m->n_returns || returns[low].return_va != pc)
		return NULL;
	__atomic_store_n(at, low + 1, __ATOMIC_RELAXED);
	return &returns[low];
}

static void look_up(struct hcc_cursor *c)
{
	const struct hcc_meta_header *m = hcc_meta();

	c->ret = find_return(c->pc);
	c->site = c->ret ? (const struct hcc_meta_site *)hcc_meta_at(m->sites_off)
		+ c->ret->site_idx : NULL;
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
	const unsigned char *p = hcc_meta_at(hcc_meta()->unwind_off + c->ret->unwind_off);
	uint64_t reg = uleb(&p), cfa, ra, n;

	if (reg >= HCC_N_DWARF_REGS)
		return -1;
	cfa = c->regs[reg] + uleb(&p);
	if (cfa < c->regs[HCC_DWARF_SP])
		return -1;
	ra = cfa + (uint64_t)sleb(&p);
	for (n = uleb(&p); n; n--) {
		reg = uleb(&p);
		if (reg >= HCC_N_DWARF_REGS)
			return -1;
		c->regs[reg] = *(const uint64_t *)(cfa + (uint64_t)sleb(&p));
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

static int read_value(const struct hcc_cursor *c, const unsigned char **p, unsigned type,
	uint64_t out[2])
{
	unsigned bits = hcc_value_bits(type), kind = *(*p)++;
	uint64_t reg = 0;

	if (!bits)
		return -1;
	if (kind == HCC_LOCATION_REGISTER || kind == HCC_LOCATION_MEMORY) {
		reg = uleb(p);
		if (reg >= HCC_N_DWARF_REGS)
			return -1;
	}
	switch (kind) {
	case HCC_LOCATION_REGISTER:
		if (bits > 64)
			return -1;
		out[0] = c->regs[reg];
		out[1] = 0;
		break;
	case HCC_LOCATION_MEMORY:
		load(c->regs[reg] + (uint64_t)sleb(p), bits, out);
		break;
	case HCC_LOCATION_CONSTANT:
		out[0] = (uint64_t)sleb(p);
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
	const unsigned char *types = hcc_meta_at(m->types_off + c->site->types_off);
	const unsigned char *p = hcc_meta_at(m->locations_off + c->ret->locations_off);

	for (uint32_t i = 0; i < n && i < c->site->n_values; i++)
		if (read_value(c, &p, types[i], slots[i]))
			return -1;
	return 0;
}

int hcc_cursor_values(const struct hcc_cursor *c, uint64_t (*slots)[2])
{
	return hcc_cursor_first_values(c, slots, c->site->n_values);
}
