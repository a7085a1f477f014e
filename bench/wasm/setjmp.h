/* wasi-libc has no setjmp: Lua is built without it (programs/lua), and its scripts raise no error. */
typedef int jmp_buf[1];
