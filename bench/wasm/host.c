/* What a WASI program that wasm2c made C of is linked with: its entry, and those system calls of WASI
 * (wasi_snapshot_preview1) that the programs of the benchmark use: arguments, standard input and output,
 * clocks. All other descriptors are bad. Names and types are those that wasm2c 1.0.32 gives. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

enum { WASI_OK = 0, WASI_BADF = 8, WASI_IO = 29, WASI_NOSYS = 52, WASI_SPIPE = 70 };
enum { CHARACTER_DEVICE = 2 };

#define IMPORT(type, name) type Z_wasi_snapshot_preview1Z_##name
#define HOST struct Z_wasi_snapshot_preview1_instance_t *host

static Z_prog_instance_t program;
static int n_arguments;
static char **arguments;

static void *at(u32 address)
{
	return Z_progZ_memory(&program)->data + address;
}

static void put32(u32 address, u32 value)
{
	memcpy(at(address), &value, sizeof value);
}

static void put64(u32 address, u64 value)
{
	memcpy(at(address), &value, sizeof value);
}

IMPORT(u32, args_sizes_get)(HOST, u32 count, u32 size)
{
	u32 bytes = 0;

	(void)host;
	for (int i = 0; i < n_arguments; i++)
		bytes += (u32)strlen(arguments[i]) + 1;
	put32(count, (u32)n_arguments);
	put32(size, bytes);
	return WASI_OK;
}

IMPORT(u32, args_get)(HOST, u32 pointers, u32 text)
{
	(void)host;
	for (int i = 0; i < n_arguments; i++) {
		put32(pointers + 4 * (u32)i, text);
		strcpy(at(text), arguments[i]);
		text += (u32)strlen(arguments[i]) + 1;
	}
	return WASI_OK;
}

IMPORT(u32, environ_sizes_get)(HOST, u32 count, u32 size)
{
	(void)host;
	put32(count, 0);
	put32(size, 0);
	return WASI_OK;
}

IMPORT(u32, environ_get)(HOST, u32 pointers, u32 text)
{
	(void)host, (void)pointers, (void)text;
	return WASI_OK;
}

IMPORT(u32, clock_time_get)(HOST, u32 clock, u64 precision, u32 out)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
					    CLOCK_THREAD_CPUTIME_ID };
	struct timespec t;

	(void)host, (void)precision;
	if (clock >= sizeof clocks / sizeof *clocks || clock_gettime(clocks[clock], &t))
		return WASI_NOSYS;
	put64(out, (u64)t.tv_sec * 1000000000 + (u64)t.tv_nsec);
	return WASI_OK;
}

static u32 transfer(u32 fd, u32 vectors, u32 n, u32 out, ssize_t (*move)(int, const struct iovec *, int))
{
	struct iovec native[16];
	ssize_t bytes;

	if (fd > 2)
		return WASI_BADF;
	if (n > 16)
		n = 16;
	for (u32 i = 0; i < n; i++) {
		u32 pair[2];

		memcpy(pair, at(vectors + 8 * i), sizeof pair);
		native[i] = (struct iovec){ at(pair[0]), pair[1] };
	}
	bytes = move((int)fd, native, (int)n);
	if (bytes < 0)
		return WASI_IO;
	put32(out, (u32)bytes);
	return WASI_OK;
}

IMPORT(u32, fd_read)(HOST, u32 fd, u32 vectors, u32 n, u32 out)
{
	(void)host;
	return transfer(fd, vectors, n, out, readv);
}

IMPORT(u32, fd_write)(HOST, u32 fd, u32 vectors, u32 n, u32 out)
{
	(void)host;
	return transfer(fd, vectors, n, out, writev);
}

IMPORT(u32, fd_close)(HOST, u32 fd)
{
	(void)host;
	return fd > 2 ? WASI_BADF : WASI_OK;
}

IMPORT(u32, fd_seek)(HOST, u32 fd, u64 offset, u32 whence, u32 out)
{
	(void)host, (void)fd, (void)offset, (void)whence, (void)out;
	return WASI_SPIPE;
}

/* All rights: rights are checked by no one here. */
IMPORT(u32, fd_fdstat_get)(HOST, u32 fd, u32 out)
{
	(void)host;
	if (fd > 2)
		return WASI_BADF;
	put64(out, CHARACTER_DEVICE);
	put64(out + 8, ~(u64)0);
	put64(out + 16, ~(u64)0);
	return WASI_OK;
}

IMPORT(void, proc_exit)(HOST, u32 status)
{
	(void)host;
	_Exit((int)status);
}

/* What no program of the benchmark gets to, but libc may name. */
#define ABSENT(name, ...) \
	IMPORT(u32, name)(HOST, __VA_ARGS__); \
	IMPORT(u32, name)(HOST, __VA_ARGS__) { (void)host; return WASI_BADF; }
#pragma GCC diagnostic ignored "-Wunused-parameter"
ABSENT(fd_prestat_get, u32 a, u32 b)
ABSENT(fd_prestat_dir_name, u32 a, u32 b, u32 c)
ABSENT(fd_fdstat_set_flags, u32 a, u32 b)
ABSENT(fd_filestat_get, u32 a, u32 b)
ABSENT(fd_renumber, u32 a, u32 b)
ABSENT(path_open, u32 a, u32 b, u32 c, u32 d, u32 e, u64 f, u64 g, u32 h, u32 i)
ABSENT(path_remove_directory, u32 a, u32 b, u32 c)
ABSENT(path_unlink_file, u32 a, u32 b, u32 c)
ABSENT(path_rename, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
ABSENT(path_filestat_get, u32 a, u32 b, u32 c, u32 d, u32 e)

int main(int argc, char **argv)
{
	n_arguments = argc;
	arguments = argv;
	wasm_rt_init();
	Z_prog_init_module();
	Z_prog_instantiate(&program, NULL);
	Z_progZ__start(&program);
	return 0;
}
