/* Whether unwinding is right: at each return address of the table, where the CFA, the return
 * address and the callee-saved registers are by the function's own instructions, against
 * .eh_frame and the table; and whether each function gives its caller's registers and stack
 * back. */
#include "unwind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "verify.h"

struct unwinder {
	const struct image *image;
	Dwarf_CFI *cfi;
	struct unwind_flow flow;
	struct code callee;  /* for a look at what is called */
	uint8_t *can_return; /* by function: 0 not known, 1 no, 2 yes */
	/* of the function in hand */
	struct report *report;
	uint32_t next_return;
	/* of unwind_each_return */
	void (*see)(void *user, const struct hcc_meta_return *ret,
		const struct unwind_state *state);
	void *user;
};

enum { NOT_KNOWN, NEVER, SOMETIMES };

/* ---- whether a function can return ----------------------------------------------------------- */

static bool returns(void *user, uint64_t va)
{
	struct unwinder *unwinder = user;
	const struct function *function = image_function(unwinder->image, va);
	uint64_t *jumps = NULL;
	size_t n_jumps = 0, capacity = 0;
	uint8_t *known;

	if (!function || function->va != va)
		return true;
	known = &unwinder->can_return[function->number];
	if (*known)
		return *known == SOMETIMES;
	*known = NEVER; /* also for those that jump to each other in a circle */
	code_decode(&unwinder->callee, function);
	for (size_t i = 0; i < unwinder->callee.n_insns && *known == NEVER; i++) {
		const struct insn *insn = &unwinder->callee.insns[i];

		if (insn->flow == FLOW_RETURN || (insn->flow == FLOW_JUMP_INDIRECT &&
		    !code_table(&unwinder->callee, i))) {
			*known = SOMETIMES;
		} else if ((insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH) &&
			   code_is_tail_call(&unwinder->callee, i)) {
			jumps = memory_grow(jumps, &capacity, n_jumps + 1, sizeof *jumps);
			jumps[n_jumps++] = insn->target;
		}
	}
	for (size_t i = 0; i < n_jumps && *known == NEVER; i++)
		if (returns(user, jumps[i]))
			*known = SOMETIMES;
	free(jumps);
	return *known == SOMETIMES;
}

/* ---- facts in words -------------------------------------------------------------------------- */

struct words {
	char text[48];
};

static struct words at_cfa(int64_t off)
{
	struct words w;

	snprintf(w.text, sizeof w.text, off ? "CFA%+lld" : "CFA", (long long)off);
	return w;
}

static struct words cfa_by(const struct isa *isa, unsigned reg, int64_t off)
{
	struct words w;

	snprintf(w.text, sizeof w.text, "%s%+lld", isa->register_name(reg), (long long)off);
	return w;
}

/* The CFA by the code, from the same register as the claim where that is possible. */
static struct words derived_cfa(const struct unwind_state *state, unsigned claimed_register)
{
	const struct isa *isa = state->isa;
	const unsigned from[] = { claimed_register, isa->sp, isa->fp, isa->base };

	for (unsigned i = 0; i < sizeof from / sizeof *from; i++) {
		uint64_t value = unwind_get(state, from[i]);

		if (fact_kind(value) == FACT_CFA)
			return cfa_by(isa, from[i], -fact_number(value));
	}
	return (struct words){ "unknown" };
}

static struct words derived_place(const struct unwind_state *state, unsigned reg)
{
	struct words w = { "lost" };

	if (unwind_get(state, reg) == fact(FACT_ENTRY, reg))
		return (struct words){ "unchanged" };
	if (unwind_saved(state, reg)) {
		struct words place = at_cfa(fact_number(unwind_saved(state, reg)));

		snprintf(w.text, sizeof w.text, "at %.40s", place.text);
	}
	return w;
}

static struct words claimed_place(const struct unwind_claim *claim, unsigned index)
{
	struct words w = { "unchanged" };

	if (claim->registers[index].rule == UNWIND_OTHER)
		return (struct words){ "at no offset from the CFA" };
	if (claim->registers[index].rule == UNWIND_SAVED) {
		struct words place = at_cfa(claim->registers[index].off);

		snprintf(w.text, sizeof w.text, "at %.40s", place.text);
	}
	return w;
}

/* ---- return addresses ------------------------------------------------------------------------ */

static bool is_right(const struct unwind_state *state, const struct unwind_claim *claim, unsigned i)
{
	switch (claim->registers[i].rule) {
	case UNWIND_SAME:
		return state->regs[i] == fact(FACT_ENTRY, unwind_register(i));
	case UNWIND_SAVED:
		return state->saved[i] == fact(FACT_CFA, claim->registers[i].off);
	default:
		return false;
	}
}

static void compare(struct unwinder *unwinder, const struct unwind_state *state,
	const struct unwind_claim *claim, uint64_t va)
{
	const struct image *image = unwinder->image;
	const struct isa *isa = image->isa;
	const struct function *function = unwinder->flow.code->function;

	if (claim->problem) {
		report_finding(unwinder->report, image, function, va, "%s %s", claim->source,
			claim->problem);
		return;
	}
	if (unwind_get(state, claim->cfa_register) != fact(FACT_CFA, -claim->cfa_off))
		report_finding(unwinder->report, image, function, va,
			"the CFA is %s by %s, but %s by the code",
			cfa_by(isa, claim->cfa_register, claim->cfa_off).text, claim->source,
			derived_cfa(state, claim->cfa_register).text);
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++) {
		unsigned reg = unwind_register(i);
		bool is_return = reg == isa->return_register;

		if ((!is_return && !registers_has(&isa->saved, reg)) || is_right(state, claim, i))
			continue;
		report_finding(unwinder->report, image, function, va,
			"%s is %s by %s, but %s by the code",
			is_return ? "the return address" : isa->register_name(reg),
			claimed_place(claim, i).text, claim->source,
			derived_place(state, reg).text);
	}
}

/* A value in a register that the function has not written, or that points into the frame. */
static void check_register(struct unwinder *unwinder, const struct unwind_state *state,
	uint64_t va, unsigned value, unsigned reg)
{
	enum fact_kind kind = fact_kind(unwind_get(state, reg));

	if (kind == FACT_ENTRY || kind == FACT_CFA || kind == FACT_ALIGNED)
		report_finding(unwinder->report, unwinder->image, unwinder->flow.code->function, va,
			"value %u is in %s, which holds %s", value,
			state->isa->register_name(reg), kind == FACT_ENTRY ?
				"a value of the caller's" : "an address of the frame");
}

/* A value in memory that is not the frame's, or is where something else is kept. */
static void check_memory(struct unwinder *unwinder, const struct unwind_state *state, uint64_t va,
	unsigned value, const struct location *location, unsigned bytes)
{
	uint64_t base = unwind_get(state, location->reg), address;
	uint64_t sp = unwind_get(state, state->isa->sp);
	int64_t at;

	address = unwind_add(base, location->value);
	at = fact_number(address);
	if ((fact_kind(base) != FACT_CFA && fact_kind(base) != FACT_ALIGNED) ||
	    (fact_kind(base) == fact_kind(sp) && at < fact_number(sp))) {
		report_finding(unwinder->report, unwinder->image, unwinder->flow.code->function, va,
			"value %u is in memory at %s%+lld, which is no place of the frame", value,
			state->isa->register_name(location->reg), (long long)location->value);
		return;
	}
	for (uint64_t left = state->is_saved; left && fact_kind(base) == FACT_CFA;
	     left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left), reg = unwind_register(i);
		int64_t saved = fact_number(state->saved[i]);

		if (at >= saved + 8 || saved >= at + bytes)
			continue;
		report_finding(unwinder->report, unwinder->image, unwinder->flow.code->function, va,
			"value %u is in memory at %s%+lld, where the code keeps %s%s", value,
			state->isa->register_name(location->reg), (long long)location->value,
			reg == state->isa->return_register ? "" : "the caller's ",
			reg == state->isa->return_register ? "the return address" :
				state->isa->register_name(reg));
	}
}

/* The values of a record, by what the code has put where they are said to be. */
static void check_values(struct unwinder *unwinder, const struct unwind_state *state,
	const struct hcc_meta_return *ret)
{
	const struct image *image = unwinder->image;
	const struct hcc_meta_site *site = image_site(image, ret);
	const uint8_t *types = image_types(image, site);
	uint64_t at = ret->locations_off;

	for (unsigned i = 0; i < site->n_values; i++) {
		struct location location;

		if (image_location(image, &at, &location))
			return; /* verify_records tells */
		if (location.kind == HCC_LOCATION_REGISTER)
			check_register(unwinder, state, ret->return_va, i, location.reg);
		else if (location.kind == HCC_LOCATION_MEMORY)
			check_memory(unwinder, state, ret->return_va, i, &location,
				(value_bits(types[i]) + 7) / 8);
	}
}

/* Go on to the table's record at an address; NULL: there is none. Those passed by are at no place
 * that this function's code is known to reach. */
static const struct hcc_meta_return *next_return(struct unwinder *unwinder, uint64_t va)
{
	const struct image *image = unwinder->image;

	for (; unwinder->next_return < image->meta->n_returns; unwinder->next_return++) {
		const struct hcc_meta_return *ret = &image->meta_returns[unwinder->next_return];

		if (ret->return_va > va)
			return NULL;
		if (ret->return_va == va) {
			unwinder->next_return++;
			return ret;
		}
		report_finding(unwinder->report, image, unwinder->flow.code->function,
			ret->return_va, "%s has a record, but the code does not lead here",
			HCC_META_SECTION);
	}
	return NULL;
}

static void after(void *user, size_t insn_idx, const struct unwind_state *state)
{
	struct unwinder *unwinder = user;
	const struct insn *insn = &unwinder->flow.code->insns[insn_idx];
	const struct hcc_meta_return *ret;
	struct unwind_claim claim;

	if (!insn_is_call(insn))
		return;
	ret = next_return(unwinder, insn_end(insn));
	if (unwinder->see) {
		if (ret)
			unwinder->see(unwinder->user, ret, state);
		return;
	}
	unwind_claim_frame(&claim, unwinder->cfi, state->isa, insn_end(insn));
	if (ret || !claim.is_absent)
		compare(unwinder, state, &claim, insn_end(insn));
	if (!ret)
		return;
	report_count(unwinder->report, COUNT_unwinds, 1);
	if (!unwind_get(state, state->isa->sp))
		report_finding(unwinder->report, unwinder->image, unwinder->flow.code->function,
			ret->return_va, "%s is at an unknown place at a call",
			state->isa->register_name(state->isa->sp));
	unwind_claim_table(&claim, unwinder->image, ret);
	compare(unwinder, state, &claim, ret->return_va);
	check_values(unwinder, state, ret);
}

/* ---- ways out -------------------------------------------------------------------------------- */

/* Everything that the caller counts on, where the function returns or jumps to another. */
static void before(void *user, size_t insn_idx, const struct unwind_state *state)
{
	struct unwinder *unwinder = user;
	const struct code *code = unwinder->flow.code;
	const struct insn *insn = &code->insns[insn_idx];
	const char *how = insn->flow == FLOW_RETURN ? "returns" : "jumps to another function";
	const struct isa *isa = state->isa;
	struct unwind_state entry;

	if (!insn->id)
		report_finding(unwinder->report, unwinder->image, code->function, insn->va,
			"the code leads to bytes that are no instruction known here");
	if (insn->flow == FLOW_NEXT || insn_is_call(insn) || insn->flow == FLOW_TRAP ||
	    (insn->flow != FLOW_RETURN && !code_is_tail_call(code, insn_idx)))
		return;
	/* The runtime's assembly has its own ways to leave: longjmp, a move in place. */
	if (code->function->region == REGION_PRIVATE ||
	    (insn->flow == FLOW_JUMP_INDIRECT && unwinder->flow.jump_leads))
		return;
	if (unwind_is_left(state))
		return;
	unwind_state_enter(&entry, isa);
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++) {
		unsigned reg = unwind_register(i);

		if (reg == isa->sp && state->regs[i] != entry.regs[i])
			report_finding(unwinder->report, unwinder->image, code->function, insn->va,
				"it %s with %s at %s, expected %s", how, isa->register_name(reg),
				fact_kind(state->regs[i]) == FACT_CFA ?
					at_cfa(fact_number(state->regs[i])).text :
					"an unknown place",
				at_cfa(fact_number(entry.regs[i])).text);
		else if (reg == isa->return_register &&
			 (isa->return_in_register ? state->regs[i] != entry.regs[i] :
						    state->saved[i] != entry.saved[i]))
			report_finding(unwinder->report, unwinder->image, code->function, insn->va,
				"it %s without its return address", how);
		else if (reg != isa->return_register && entry.regs[i] &&
			 state->regs[i] != entry.regs[i])
			report_finding(unwinder->report, unwinder->image, code->function, insn->va,
				"it %s without its caller's %s", how, isa->register_name(reg));
	}
}

/* ---- all of it ------------------------------------------------------------------------------- */

struct unwinder *unwind_new(const struct image *image)
{
	struct unwinder *unwinder = memory_alloc(sizeof *unwinder);

	unwinder->image = image;
	unwinder->cfi = dwarf_getcfi_elf(image->elf);
	unwinder->can_return = memory_alloc(image->n_functions);
	unwinder->flow.isa = image->isa;
	if (image->isa->return_in_register) {
		unwinder->flow.step = unwind_step_aarch64;
		unwinder->flow.is_padding = unwind_pads_aarch64;
	} else {
		unwinder->flow.step = unwind_step_x86_64;
		unwinder->flow.is_padding = unwind_pads_x86_64;
	}
	unwinder->flow.returns = returns;
	unwinder->flow.user = unwinder;
	unwind_kept_init(&unwinder->flow.kept, image->isa);
	code_init(&unwinder->callee, image);
	return unwinder;
}

void unwind_free(struct unwinder *unwinder)
{
	if (!unwinder)
		return;
	dwarf_cfi_end(unwinder->cfi);
	unwind_flow_free(&unwinder->flow);
	code_free(&unwinder->callee);
	free(unwinder->can_return);
	free(unwinder);
}

static uint32_t first_return(const struct image *image, uint64_t va)
{
	uint32_t low = 0, high = image->meta->n_returns;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (image->meta_returns[middle].return_va <= va)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void verify_unwind(struct report *report, struct unwinder *unwinder, const struct code *code)
{
	unwinder->report = report;
	unwinder->next_return = first_return(unwinder->image, code->function->va);
	unwind_flow_run(&unwinder->flow, code);
	unwind_flow_visit(&unwinder->flow, before, after, unwinder);
	next_return(unwinder, code->function->va + code->function->bytes + 1);
}

static void ignore(void *user, size_t insn_idx, const struct unwind_state *state)
{
	(void)user;
	(void)insn_idx;
	(void)state;
}

void unwind_each_return(struct unwinder *unwinder, struct report *report, const struct code *code,
	void (*see)(void *user, const struct hcc_meta_return *ret,
		const struct unwind_state *state), void *user)
{
	unwinder->see = see;
	unwinder->user = user;
	unwinder->report = report;
	unwinder->next_return = first_return(unwinder->image, code->function->va);
	unwind_flow_run(&unwinder->flow, code);
	unwind_flow_visit(&unwinder->flow, ignore, after, unwinder);
	unwinder->see = NULL;
}
