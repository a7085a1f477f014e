/* What the passes and the driver know of an ISA: data only. */
#ifndef HCC_ISA_H
#define HCC_ISA_H

struct hcc_isa {
	const char *name;    /* as musl spells it */
	const char *triple;
	const char *cpu;     /* baseline that every machine of the ISA has */
	const char *features;
	/* A poll as inline assembly: what the runtime makes a jump to the label `$0`, or the other way
	 * round, and the
	 * constraints; the other side is patch_arch.h of the runtime. */
	const char *poll_asm, *poll_constraints;
	const char *option;  /* of code generation; or NULL */
};

/* NULL where the name is unknown. */
const struct hcc_isa *hcc_isa_find(const char *name);

#endif
