/* A move in place: the frames of a thread are captured, its native stack is abandoned, what a restore
 * makes anew is made anew, and the frames are rebuilt on a fresh native stack. No file, no exec: one
 * takes microseconds, so that a program can be moved at every poll. With HCC_SCORCH everything that
 * must not matter any more is garbage before the rebuilding begins.
 *
 * What a move makes anew, and what stays:
 *
 *   native stack       another one. Garbage: all bytes of the frames, and below.
 *   registers          garbage (enter.S), but the stack pointer and the floating-point environment,
 *                      which travels in __hcc_fenv.
 *   thread pointer     set anew. Garbage: what the ISA keeps behind the thread's block.
 *   portable stack     stays; below its pointer nothing is alive (a snapshot does not hold it either):
 *                      garbage.
 *   private .bss       garbage, then zero as in a new image; then what hcc_start() and hcc_restore()
 *                      set: hcc_tls_layout from the table, the vDSO, the poll flag. By this also
 *                      arena.c's hint, jump.c's pool and restore.c's own. Variables marked HCC_KEPT
 *                      stay; and all of it, while there are other threads, which use it.
 *   generation         counted up: jmp_bufs know by it that their native frame is gone.
 *   private .data .got constants: the file's.
 *   native stacks      of threads that have ended (if there is but one), and of signal handlers: unmapped,
 *                      made anew.
 *   the kernel's       signal actions, masks, timers, descriptors, clocks, the process number: all of
 *                      it stays, and all memory of the program.
 */
#include "fenv.h"
#include "registry.h"

#define STACK_RED_BYTES 256u         /* below the abandoned stack's pointer */
#define PORTABLE_RED_BYTES 4096u     /* below the portable stack's pointer */
#define OWN_STACK_BYTES 16384u
#define TAIL_ALIGN_BYTES 64u         /* HCC_TLS_ALIGN_BYTES */
#define GARBAGE 0xa5a5a5a5a5a5a5a5u  /* as garbage.h's */
#define N_STACKS 2

extern char __hcc_kept_end[], __hcc_private_bss_end[];

void hcc_moved(struct hcc_frame *frame);
long hcc_moved_slow(const struct hcc_regs *regs);

/* A native stack that frames are rebuilt on; [garbage_va, end_va) was made garbage when it was left. */
struct stack {
	uint64_t end_va, bytes, garbage_va;
};

/* No frame lies twice at one place: an address of the native stack that somebody has kept would else be
 * right again. */
#define N_PLACES 61u

/* What the move of one thread needs, from the capture until its frames stand. */
struct hcc_move {
	struct hcc_frames frames, again;
	struct hcc_buffer native;        /* the frames as resume functions read them */
	struct stack stacks[N_STACKS];   /* left and entered in turns */
	struct stack *stack;             /* the one in use; NULL: the kernel's */
	struct stack *next;              /* NULL: the frames are rebuilt where they were */
	uint64_t thread_pointer, signal_mask;
	int is_alone;                    /* no other thread is there, before which this one moves */
	struct hcc_point point;          /* the system call that is made when the frames stand */
	int is_at_point;
	uint64_t n_done;
	char own_stack[OWN_STACK_BYTES] __attribute__((aligned(16)));
};

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

static struct hcc_move *own_move(void)
{
	struct hcc_record *r = hcc_record_self();
	long va;

	if (!r->move) {
		va = sys_mmap(0, sizeof *r->move, SYS_PROT_READ | SYS_PROT_WRITE,
			SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
		if (!hcc_sys_failed(va))
			r->move = (struct hcc_move *)va;
	}
	return r->move;
}

_Noreturn void hcc_move_bug(const char *text)
{
	static const char head[] = "hcc: bug: ";

	sys_write(2, head, sizeof head - 1);
	sys_write(2, text, hcc_string_bytes(text));
	sys_write(2, "\n", 1);
	for (;;) {
		const uint64_t none = 0;
		struct sys_sigaction action = {.handler = SYS_SIG_DFL};

		hcc_sys(SYS_rt_sigaction, SYS_SIGABRT, &action, NULL, sizeof action.mask);
		sys_sigprocmask(SYS_SIG_SETMASK, &none, NULL);
		hcc_sys(SYS_kill, hcc_sys(SYS_getpid), SYS_SIGABRT);
	}
}

void hcc_move_begin(struct hcc_move *m)
{
	m->stack = NULL;
	for (int i = 0; i < N_STACKS; i++)
		m->stacks[i].garbage_va = m->stacks[i].end_va;
}

/* ---- Words of memory, without libc ---------------------------------------------------------- */

static void fill(uint64_t va, uint64_t end_va, uint64_t word)
{
	for (; va < end_va; va += 8)
		*(volatile uint64_t *)va = word;
}

static int is_filled(uint64_t va, uint64_t end_va)
{
	uint64_t other = 0;

	for (; va < end_va; va += 8)
		other |= *(const uint64_t *)va ^ GARBAGE;
	return !other;
}

/* ---- Leaving -------------------------------------------------------------------------------- */

/* Choose the stack to go to. Returns 0 or -ENOMEM. */
static int choose_stack(struct hcc_move *m)
{
	struct stack *s = &m->stacks[m->stack == &m->stacks[0]];

	if (!s->end_va) {
		s->bytes = hcc_rebuild_stack_bytes(hcc_thread_pointer());
		s->end_va = s->garbage_va = hcc_native_stack_new(s->bytes);
		if (!s->end_va)
			return -SYS_ENOMEM;
	}
	m->next = s;
	return 0;
}

/* Nothing may have been written to a stack that was left. */
static void check_left_stack(const struct stack *s)
{
	if (!is_filled(s->garbage_va, s->end_va))
		hcc_move_bug("a native stack was written to after the process had left it");
}

static void scorch(struct hcc_move *m, uint64_t old_sp_va)
{
	uint64_t low_va = (old_sp_va - STACK_RED_BYTES) & ~(uint64_t)15, psp_va, low_psp_va, tail_va;

	if (m->next) {
		check_left_stack(m->next);
		if (m->stack)
			m->stack->garbage_va = low_va;
	}
	fill(low_va, m->next && m->stack ? m->stack->end_va : m->frames.caller.sp, GARBAGE);
	psp_va = (uint64_t)__hcc_psp;
	low_psp_va = psp_va - PORTABLE_RED_BYTES;
	if (low_psp_va < __hcc_thread.stack_start_va)
		low_psp_va = __hcc_thread.stack_start_va;
	if (__hcc_thread.stack_start_va && psp_va > low_psp_va)
		fill(low_psp_va, psp_va, GARBAGE);
	tail_va = m->thread_pointer + HCC_ALIGN_UP(hcc_tls_layout.bytes, TAIL_ALIGN_BYTES);
	fill(tail_va, tail_va + HCC_THREAD_TAIL_BYTES, GARBAGE);
	if (m->is_alone)
		fill((uint64_t)__hcc_kept_end, (uint64_t)__hcc_private_bss_end, GARBAGE);
	hcc_fenv_set(~__hcc_fenv);
}

static void make_anew(struct hcc_move *m)
{
	if (m->is_alone) {
		fill((uint64_t)__hcc_kept_end, (uint64_t)__hcc_private_bss_end, 0);
		hcc_tls_layout_read();
		hcc_vdso_renew();
	}
	hcc_set_thread_pointer(m->thread_pointer);
	__hcc_thread.generation++;
	hcc_signal_renew_altstack();
	hcc_fenv_set(__hcc_fenv);
}

/* On the move's own stack: nobody needs the abandoned one any more. */
static _Noreturn void leave(void *arg, uint64_t old_sp_va)
{
	struct hcc_move *m = arg;
	struct hcc_frame *frame = (void *)m->native.base;

	if (m->is_alone)
		hcc_thread_drop_stacks();
	if (hcc_switches.is_scorched)
		scorch(m, old_sp_va);
	make_anew(m);
	if (!m->next)
		hcc_reenter(&m->frames.caller, frame);
	m->stack = m->next;
	hcc_enter(frame, m->stack->end_va - 16 * (m->n_done++ % N_PLACES));
}

/* ---- The move ------------------------------------------------------------------------------- */

/* Everything that can fail. Returns 0; -1 and *why. */
static int prepare(struct hcc_move *m, const struct hcc_regs *regs, uint64_t most,
	struct hcc_refusal *why)
{
	if (hcc_thread_is_child())
		return hcc_decline(why, regs->pc, "it shares the memory of another process");
	if (hcc_capture_frames(regs, HCC_ALL_FRAMES, &m->frames, why))
		return -1;
	m->next = NULL;
	if (most >= m->frames.n_frames) {
		if (choose_stack(m))
			return hcc_fail(why, -SYS_ENOMEM, "no memory for the stack");
	} else if (hcc_capture_frames(regs, most, &m->frames, why)) {
		return -1;
	}
	switch (hcc_rebuild_prepare(&m->native, hcc_frames_first(&m->frames), m->frames.n_frames,
		hcc_moved)) {
	case 0:
		return 0;
	case -SYS_EINVAL:
		return hcc_decline(why, 0, "a frame cannot be rebuilt");
	default:
		return hcc_fail(why, -SYS_ENOMEM, "no memory for the frames");
	}
}

int hcc_move(const struct hcc_regs *regs, const struct hcc_point *point, uint64_t most,
	struct hcc_refusal *why)
{
	const uint64_t all = ~(uint64_t)0;
	struct hcc_move *m = own_move();
	uint64_t mask;
	int result;

	if (!m)
		return hcc_fail(why, -SYS_ENOMEM, "no memory for a move");
	sys_sigprocmask(SYS_SIG_SETMASK, &all, &mask);
	result = prepare(m, regs, most, why);
	if (!result) {
		m->is_at_point = point != NULL;
		if (point)
			m->point = *point;
		m->signal_mask = mask;
		m->thread_pointer = hcc_thread_pointer();
		m->is_alone = hcc_other_threads() == 0;
		__hcc_fenv = hcc_fenv_get();
		hcc_switches_moving(&m->frames);
		hcc_on_stack(m, leave, (uint64_t)m->own_stack + OWN_STACK_BYTES);
	}
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	return result;
}

/* Called by the innermost frame's resume function: all frames stand. */
long hcc_moved_slow(const struct hcc_regs *regs)
{
	struct hcc_move *m = hcc_record_self()->move;
	char line[1024];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	if (hcc_switches.is_scorched && hcc_rebuild_check(regs, hcc_frames_first(&m->frames),
		m->frames.n_frames, &m->again, &t))
		hcc_move_bug(line);
	if (hcc_jump_remember(regs))
		hcc_move_bug("no memory for the frames");
	sys_sigprocmask(SYS_SIG_SETMASK, &m->signal_mask, NULL);
	return m->is_at_point ? hcc_point_again(&m->point, regs) : 0;
}
