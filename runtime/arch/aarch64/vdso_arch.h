#define ARCH_VDSO_CLOCK_GETTIME "__kernel_clock_gettime"
