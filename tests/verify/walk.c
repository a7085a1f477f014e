/* Walks every return address of a program's table with the runtime's own cursor. The executable's
 * functions are decoded; by what their instructions do, stacks are built of frames that hold a
 * value of its own in every place; the cursor, compiled for this machine with that table, has to
 * recover the CFA, the return address and all callee-saved registers of each caller.
 *   walk EXECUTABLE   silent when all is well; the table is linked in */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "migrate.h"

#include "memory.h"
#include "unwind.h"
#include "verify.h"

enum { MAX_FRAMES = 48, WORD = 8, AT_CALL_BYTES = 16 };
#define STACK_BYTES ((uint64_t)1 << 30)
#define GARBAGE_BYTES ((uint64_t)512)

const char hcc_start_return[1], hcc_enter_return[1], hcc_thread_return[1];

/* What the runtime has from its other files. */
void hcc_copy(void *to, const void *from, size_t bytes)
{
	memcpy(to, from, bytes);
}

struct site {
	const struct hcc_meta_return *ret;
	struct unwind_state state; /* after the call has returned */
};

static struct site *sites;
static size_t n_sites, sites_capacity;
static char *stack;
static int n_wrong;

static uint64_t next_value(void)
{
	static uint64_t seed = 1;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed ^ seed >> 29;
}

static void keep_site(void *user, const struct hcc_meta_return *ret,
	const struct unwind_state *state)
{
	(void)user;
	sites = memory_grow(sites, &sites_capacity, n_sites + 1, sizeof *sites);
	sites[n_sites++] = (struct site){ ret, *state };
}

static void wrong(const struct image *image, uint64_t pc, const char *what, uint64_t got,
	uint64_t expected)
{
	const struct function *function = image_function(image, pc - 1);

	if (n_wrong++ < 200)
		printf("%s: function '%s' at 0x%" PRIx64 ": the cursor gives %s %" PRIx64
			", expected %" PRIx64 "\n", image->path, function ? function->name : "?",
			pc, what, got, expected);
}

/* A thread at a call: its registers once the call has returned. */
struct frame {
	uint64_t pc, regs[UNWIND_N_TRACKED];
};

static uint64_t *word_at(uint64_t va)
{
	return (uint64_t *)va;
}

static void fill(uint64_t start_va, uint64_t end_va)
{
	for (uint64_t va = start_va & -(uint64_t)WORD; va < end_va; va += WORD)
		*word_at(va) = next_value();
}

/* The value that a fact stands for in a frame. */
static uint64_t value_of(const struct site *site, uint64_t fact, const struct frame *caller,
	uint64_t cfa)
{
	int64_t number = fact_number(fact);

	switch (fact_kind(fact)) {
	case FACT_ENTRY:
		return caller->regs[unwind_index((unsigned)number)];
	case FACT_CFA:
		return cfa + (uint64_t)number;
	case FACT_ALIGNED:
		return ((cfa + (uint64_t)fact_number(site->state.aligned)) & -(uint64_t)64) +
			(uint64_t)number;
	default:
		return next_value();
	}
}

/* The frame that a caller's call has made, at its own next call. Returns -1 when the code does not
 * say where it is. */
static int push(struct frame *frame, const struct site *site, const struct frame *caller)
{
	const struct isa *isa = site->state.isa;
	uint64_t cfa = caller->regs[isa->sp];

	frame->pc = site->ret->return_va;
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++)
		frame->regs[i] = value_of(site, site->state.regs[i], caller, cfa);
	if (!site->state.regs[isa->sp] || frame->regs[isa->sp] < (uint64_t)stack + (1 << 20))
		return -1;
	fill(frame->regs[isa->sp], frame->regs[isa->sp] + GARBAGE_BYTES < cfa ?
		frame->regs[isa->sp] + GARBAGE_BYTES : cfa);
	fill(cfa - GARBAGE_BYTES > frame->regs[isa->sp] ? cfa - GARBAGE_BYTES :
		frame->regs[isa->sp], cfa);
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++) {
		uint64_t *slot = word_at(cfa + (uint64_t)fact_number(site->state.saved[i]));

		if (!site->state.saved[i])
			continue;
		if (unwind_register(i) == isa->return_register)
			*slot = caller->pc;
		else
			*slot = caller->regs[i];
	}
	return 0;
}

static bool is_right(const struct image *image, const struct hcc_cursor *cursor,
	const struct frame *frame, uint64_t pc)
{
	const struct isa *isa = image->isa;
	int n_before = n_wrong;

	if (cursor->pc != frame->pc)
		wrong(image, pc, "the return address", cursor->pc, frame->pc);
	if (cursor->regs[HCC_DWARF_SP] != frame->regs[isa->sp])
		wrong(image, pc, "the CFA", cursor->regs[HCC_DWARF_SP], frame->regs[isa->sp]);
	for (unsigned i = 0; i < HCC_N_SAVED; i++) {
		unsigned reg = hcc_saved_dwarf[i];

		if (cursor->regs[reg] != frame->regs[unwind_index(reg)])
			wrong(image, pc, isa->register_name(reg), cursor->regs[reg],
				frame->regs[unwind_index(reg)]);
	}
	return n_wrong == n_before;
}

static void start(struct hcc_cursor *cursor, const struct frame *frame)
{
	struct hcc_regs regs = { .pc = frame->pc, .sp = frame->regs[HCC_DWARF_SP] };

	for (unsigned i = 0; i < HCC_N_SAVED; i++)
		regs.saved[i] = frame->regs[unwind_index(hcc_saved_dwarf[i])];
	hcc_cursor_start(cursor, &regs);
}

/* From the innermost frame, frames[n], out to frames[0], of which the table knows nothing. Where
 * the cursor is wrong it begins again with the caller. */
static void walk(const struct image *image, const struct frame *frames, size_t n)
{
	struct hcc_cursor cursor;

	for (start(&cursor, &frames[n]); n; n--) {
		if (!cursor.has_record || cursor.ret.return_va != frames[n].pc)
			wrong(image, frames[n].pc, "the record of",
				cursor.has_record ? cursor.ret.return_va : 0, frames[n].pc);
		else if (hcc_cursor_step(&cursor))
			wrong(image, frames[n].pc, "no caller:", 0, frames[n - 1].pc);
		else if (is_right(image, &cursor, &frames[n - 1], frames[n].pc))
			continue;
		start(&cursor, &frames[n - 1]);
	}
	if (cursor.has_record)
		wrong(image, frames[0].pc, "a record", cursor.ret.return_va, 0);
}

/* Stacks of the sites given, some dozens of frames each. */
static void walk_all(const struct image *image, size_t *order)
{
	struct frame frames[MAX_FRAMES + 1];
	const struct isa *isa = image->isa;

	for (size_t done = 0; done < n_sites;) {
		size_t n = 0;

		for (unsigned i = 0; i < UNWIND_N_TRACKED; i++)
			frames[0].regs[i] = next_value();
		frames[0].pc = 1; /* no function has it */
		frames[0].regs[isa->sp] = (uint64_t)stack + STACK_BYTES - 65536 -
			next_value() % 2048 * AT_CALL_BYTES;
		while (n < MAX_FRAMES && done < n_sites &&
		       !push(&frames[n + 1], &sites[order[done]], &frames[n]))
			n++, done++;
		if (!n) {
			wrong(image, sites[order[done]].ret->return_va, "no frame of", 0, 0);
			done++;
			continue;
		}
		walk(image, frames, n);
	}
}

static void shuffle(size_t *order)
{
	for (size_t i = 0; i < n_sites; i++)
		order[i] = i;
	for (size_t i = n_sites; i > 1; i--) {
		size_t other = next_value() % i, kept = order[i - 1];

		order[i - 1] = order[other];
		order[other] = kept;
	}
}

static void find_sites(const struct image *image)
{
	struct unwinder *unwinder = unwind_new(image);
	struct report report = { 0 };
	struct code code;

	if (code_init(&code, image))
		exit(1);
	for (size_t i = 0; i < image->n_functions; i++) {
		code_decode(&code, &image->functions[i]);
		unwind_each_return(unwinder, &report, &code, keep_site, NULL);
	}
	report_free(&report);
	code_free(&code);
	unwind_free(unwinder);
}

int main(int argc, char **argv)
{
	struct image image;
	char *problem = NULL;
	size_t *order;

	if (argc != 2 || image_open(&image, argv[1], argv[1], NULL, &problem)) {
		printf("%s\n", problem ? problem : "usage: walk EXECUTABLE");
		return 1;
	}
	find_sites(&image);
	if (n_sites != hcc_meta()->n_returns)
		wrong(&image, 0, "return addresses:", n_sites, hcc_meta()->n_returns);
	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED)
		return 1;
	order = memory_alloc(n_sites * sizeof *order);
	/* Twice, so that each frame stands on two others. */
	for (int round = 0; round < 2; round++) {
		shuffle(order);
		walk_all(&image, order);
	}
	free(order);
	free(sites);
	image_close(&image);
	return n_wrong != 0;
}
