/* Addresses of the native frame. Nobody keeps one: what a program may point at lies on the
 * portable stack. Code generation makes some, for a frame pointer, to reach far slots, to align
 * the frame, or for arguments in memory: those are bases of loads and stores only. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* A forward walk from where the stack pointer is copied. */
struct walk {
	struct report *report;
	const struct image *image;
	const struct code *code;
	struct registers *states; /* by instruction: what may hold an address before it */
	struct registers tainted; /* after the instruction whose successors are visited */
	bool *queued;
	uint32_t *queue;
	size_t n_queue;
};

#define FIND(walk, insn, ...) \
	report_finding((walk)->report, (walk)->image, (walk)->code->function, (insn)->va, \
		       __VA_ARGS__)

/* Whether an instruction reads an address as a value, not as a base of memory that it accesses. */
static bool reads_address(const struct isa *isa, const struct insn *insn,
			  const struct registers *tainted)
{
	for (unsigned i = 0; i < insn->n_operands; i++) {
		const struct operand *op = &insn->operands[i];
		bool is_source = op->kind == OPERAND_REGISTER && op->access & OPERAND_READ &&
				 op->bytes >= 8; /* no part of one is an address */
		bool is_base = op->kind == OPERAND_MEMORY && insn->is_lea;

		if ((is_source || is_base) &&
		    (op->reg == isa->sp || registers_has(tainted, op->reg)))
			return true;
		if (is_base && registers_has(tainted, op->index))
			return true;
	}
	return false;
}

/* Not into the frame itself, by whatever base: code generation may keep an address of its own there for a
 * while, and a clone has arguments in memory that are anything, as for the next inner frame's. */
static bool stores(const struct isa *isa, const struct insn *insn, const struct registers *tainted)
{
	for (unsigned i = 0; i < insn->n_operands; i++)
		if (insn->operands[i].kind == OPERAND_MEMORY && !insn->is_lea &&
		    insn->operands[i].access & OPERAND_WRITE &&
		    insn->operands[i].reg != isa->sp &&
		    !registers_has(tainted, insn->operands[i].reg))
			return true;
	return false;
}

/* Arguments are put into their registers in the block of the call; what has lain there for longer is
 * something else, and the callee has fewer of them. */
static bool is_argument(const struct walk *walk, const struct insn *call, unsigned reg)
{
	for (const struct insn *insn = call; insn-- > walk->code->insns && insn->flow == FLOW_NEXT;)
		if (registers_has(&insn->writes, reg))
			return true;
	return false;
}

static void check_call(const struct walk *walk, const struct insn *insn,
		       const struct registers *tainted)
{
	const struct isa *isa = walk->image->isa;
	const struct function *target =
		insn->flow == FLOW_CALL ? image_function(walk->image, insn->target) : NULL;

	/* A clone's call is also made of the next inner frame's clone, when anything is in these registers
	 * (passes/resume.c). What the function itself passes is looked at there. */
	if (walk->code->function->region == REGION_RESUME &&
	    image_return(walk->image, insn_end(insn)))
		return;
	/* Compiler-rt's helpers return second results through pointers, and keep none. */
	if (target && target->region == REGION_PRIVATE)
		return;
	for (unsigned reg = 0; reg < N_REGISTERS; reg++)
		if (registers_has(tainted, reg) && registers_has(&isa->arguments, reg) &&
		    is_argument(walk, insn, reg))
			FIND(walk, insn, "passes an address of the native frame in %s to '%s'",
			     isa->register_name(reg),
			     call_target_name(walk->image, insn->target));
}

/* An address in a scratch register that an instruction has read, as base of an access or to make
 * another of it, was made for that (a lane of a vector by a variable number, say), and lies about
 * until the next call, where the register might be taken for an argument. An argument is made last and
 * read by the callee. */
static void forget_read(const struct isa *isa, const struct insn *insn, struct registers *tainted)
{
	for (unsigned i = 0; i < insn->n_operands; i++) {
		const struct operand *op = &insn->operands[i];
		bool is_read = op->kind == OPERAND_REGISTER ? op->access & OPERAND_READ :
							      op->kind == OPERAND_MEMORY;

		if (is_read && registers_has(&isa->arguments, op->reg) &&
		    !registers_has(&insn->writes, op->reg))
			tainted->bits[op->reg / 64] &= ~((uint64_t)1 << op->reg % 64);
	}
}

/* What may hold an address after an instruction. */
static void transfer(const struct walk *walk, const struct insn *insn, struct registers *tainted)
{
	const struct isa *isa = walk->image->isa;
	bool reads = insn->flow == FLOW_NEXT && reads_address(isa, insn, tainted);
	bool is_stored = reads && stores(isa, insn, tainted);

	if (is_stored)
		FIND(walk, insn, "stores an address of the native frame");
	if (insn_is_call(insn))
		check_call(walk, insn, tainted);
	for (unsigned i = 0; i < N_REGISTERS / 64; i++) {
		tainted->bits[i] &= insn_is_call(insn) ?
					    insn_preserved(walk->image, insn)->bits[i] :
					    ~insn->writes.bits[i];
		if (reads && !is_stored && insn->makes_address)
			tainted->bits[i] |= insn->writes.bits[i];
	}
	forget_read(isa, insn, tainted);
	tainted->bits[isa->sp / 64] &= ~((uint64_t)1 << isa->sp % 64);
}

static void flow_to(void *user, size_t successor)
{
	struct walk *walk = user;
	struct registers *state = &walk->states[successor];
	uint64_t fresh = 0;

	for (unsigned i = 0; i < N_REGISTERS / 64; i++) {
		fresh |= walk->tainted.bits[i] & ~state->bits[i];
		state->bits[i] |= walk->tainted.bits[i];
	}
	if (fresh && !walk->queued[successor]) {
		walk->queued[successor] = true;
		walk->queue[walk->n_queue++] = (uint32_t)successor;
	}
}

static void run(struct walk *walk)
{
	while (walk->n_queue) {
		size_t at = walk->queue[--walk->n_queue];

		walk->queued[at] = false;
		walk->tainted = walk->states[at];
		transfer(walk, &walk->code->insns[at], &walk->tainted);
		code_successors(walk->code, at, flow_to, walk);
	}
}

/* Hand-written code of the runtime handles native frames for a living. */
static bool is_runtime(const struct function *function)
{
	return function->region == REGION_PRIVATE || !strncmp(function->name, "__hcc_", 6);
}

void verify_native_frame(struct report *report, const struct image *image, const struct code *code)
{
	static const struct registers none;
	struct walk walk = { .report = report, .image = image, .code = code };

	if (is_runtime(code->function))
		return;
	for (size_t i = 0; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];

		if (insn->flow != FLOW_NEXT || !reads_address(image->isa, insn, &none))
			continue;
		if (!walk.states) {
			walk.states = memory_alloc(code->n_insns * sizeof *walk.states);
			walk.queued = memory_alloc(code->n_insns * sizeof *walk.queued);
			walk.queue = memory_alloc(code->n_insns * sizeof *walk.queue);
		}
		if (!walk.queued[i]) {
			walk.queued[i] = true;
			walk.queue[walk.n_queue++] = (uint32_t)i;
		}
		run(&walk);
	}
	free(walk.states);
	free(walk.queued);
	free(walk.queue);
}
