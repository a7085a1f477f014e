#define ARCH_VDSO_CLOCK_GETTIME "__vdso_clock_gettime"
