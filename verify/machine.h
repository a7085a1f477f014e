/* A machine on which the entry of a clone is run: the site's number is known, the rest of the
 * neutral frame is a name for each slot. */
#ifndef HCC_VERIFY_MACHINE_H
#define HCC_VERIFY_MACHINE_H

#include "code.h"

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_CONSTANT, /* number */
	VALUE_FRAME,    /* address: the frame's + number */
	VALUE_BYTES,    /* hcc_frame.bytes of the frame */
	VALUE_NEXT,     /* address: the next inner frame's + number */
	VALUE_RESUME,   /* hcc_frame.resume of the next inner frame */
	VALUE_SLOT,     /* `bits` bits of a slot from byte `slot_off` on, + number; anything above */
	VALUE_STACK,    /* address: the stack's + number; `slot`: which, if realigned */
};

struct value {
	uint8_t kind, slot_off, bits;
	uint32_t slot;
	int64_t number;
};

/* Bytes of a stack. */
struct stack_entry {
	uint32_t stack, bytes;
	int64_t off;
	struct value value;
	bool is_fresh; /* stored since `is_wary` */
};

struct machine {
	const struct code *code;
	struct value registers[N_REGISTERS];
	struct { bool known, negative, zero, carry, overflow; } flags; /* carry as aarch64's */
	struct stack_entry *stack; /* what is known, by address; none overlap */
	size_t n_stack, stack_capacity;
	uint32_t n_stacks;
	/* A store to an unknown address may be to a temporary of the frame (a vector's lane by a
	 * variable number): fresh entries are forgotten then. */
	bool is_wary;
	uint64_t site;
	/* Bit k: whether the k-th branch on what is not known is taken; and how many were met. */
	uint32_t choices;
	unsigned n_choices;
	size_t at;           /* the instruction to run next */
	const char *problem; /* why machine_run stopped before a call */
};

/* Begin at the function's entry with a frame of a site as argument. Free in any case. */
void machine_init(struct machine *machine, const struct code *code, uint64_t site);
void machine_free(struct machine *machine);
void machine_copy(struct machine *to, const struct machine *from);
/* Keep what two machines have alike. Returns whether `to` lost something. */
bool machine_meet(struct machine *to, const struct machine *from);

/* After a run: the choices of the next one, first of 0; all runs are all ways to the call. Returns whether there is
 * one. */
bool machine_next_choices(const struct machine *machine, uint32_t *choices);

/* Run up to the first call. Returns the index of its instruction; CODE_NONE with `problem` set. */
size_t machine_run(struct machine *machine);

/* What a call's operand is. */
struct value machine_target(struct machine *machine, const struct insn *call);

/* What is in memory at an address, or in the low part of a register. */
struct value machine_load(struct machine *machine, struct value address, unsigned bytes);
struct value value_low(struct value value, unsigned bits);

/* ---- for the ISAs ---------------------------------------------------------------------------- */

struct value value_constant(uint64_t number);
struct value value_add(struct value a, struct value b);
struct value value_shift_right(struct value value, unsigned n);
/* a - b; with bytes 4 or less of constants only that many count. */
struct value value_subtract(struct value a, struct value b, unsigned bytes);
struct value value_and(struct machine *machine, struct value a, struct value b, unsigned bytes);

struct value machine_address(struct machine *machine, const struct operand *memory);
struct value machine_read(struct machine *machine, const struct operand *operand);
/* Register parts of 4 bytes or more replace all of it. */
void machine_write(struct machine *machine, const struct operand *operand, struct value value);
void machine_store(struct machine *machine, struct value address, unsigned bytes,
		   struct value value);
void machine_set_flags(struct machine *machine, struct value a, struct value b, unsigned bytes,
		       bool is_and);
/* Unknown values for all that an instruction writes. */
void machine_forget(struct machine *machine, const struct insn *insn);

#endif
