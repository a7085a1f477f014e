#define LDSO_ARCH "hcc"

#define TPOFF_K 0

#define CRTJMP(pc, sp) __builtin_trap()
