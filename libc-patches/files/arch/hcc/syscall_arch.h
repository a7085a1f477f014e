/* System calls of the neutral ABI: asm-generic numbers and structures, translated by the runtime. */
#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

long __hcc_syscall(long n, long a, long b, long c, long d, long e, long f);

#define __syscall0(n) __hcc_syscall(n, 0, 0, 0, 0, 0, 0)
static inline long (__syscall1)(long n, long a)
{
	return __hcc_syscall(n, a, 0, 0, 0, 0, 0);
}

static inline long (__syscall2)(long n, long a, long b)
{
	return __hcc_syscall(n, a, b, 0, 0, 0, 0);
}

static inline long (__syscall3)(long n, long a, long b, long c)
{
	return __hcc_syscall(n, a, b, c, 0, 0, 0);
}

static inline long (__syscall4)(long n, long a, long b, long c, long d)
{
	return __hcc_syscall(n, a, b, c, d, 0, 0);
}

static inline long (__syscall5)(long n, long a, long b, long c, long d, long e)
{
	return __hcc_syscall(n, a, b, c, d, e, 0);
}

static inline long (__syscall6)(long n, long a, long b, long c, long d, long e, long f)
{
	return __hcc_syscall(n, a, b, c, d, e, f);
}

#define IPC_64 0
