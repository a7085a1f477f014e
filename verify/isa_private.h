#ifndef HCC_VERIFY_ISA_PRIVATE_H
#define HCC_VERIFY_ISA_PRIVATE_H

#include "isa.h"

struct insn;
struct machine;

extern const struct isa isa_x86_64, isa_aarch64;

/* machine.h: run one instruction; whether a branch is taken, -1: not known. */
void execute_x86_64(struct machine *machine, const struct insn *insn);
void execute_aarch64(struct machine *machine, const struct insn *insn);
int taken_x86_64(struct machine *machine, const struct insn *insn);
int taken_aarch64(struct machine *machine, const struct insn *insn);

#endif
