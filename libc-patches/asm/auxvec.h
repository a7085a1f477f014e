/* The auxiliary vector's only entry that is not generic; every ISA that we have gives it. */
#ifndef _ASM_AUXVEC_H
#define _ASM_AUXVEC_H
#define AT_SYSINFO_EHDR 33
#define AT_VECTOR_SIZE_ARCH 1
#endif
