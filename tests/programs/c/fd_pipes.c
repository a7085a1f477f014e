/* levels: -O2 */
/* Pipes: contents, size, packets, ends that are gone, ends opened twice; FIFOs. */
#include "moved.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#define BYTES 100000

static char text[BYTES], got[BYTES];

int main(void)
{
	int full[2], packets[2], no_writer[2], no_reader[2], empty[2], fifo_read, fifo_write, copy;

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < BYTES; i++)
		text[i] = (char)(i * 7 + i / 251);
	CHECK(pipe2(full, O_NONBLOCK) == 0 && fcntl(full[0], F_SETPIPE_SZ, 131072) == 131072);
	CHECK(write(full[1], text, BYTES) == BYTES);
	copy = dup(full[1]);
	CHECK(pipe2(packets, O_DIRECT | O_CLOEXEC) == 0);
	CHECK(write(packets[1], "first", 5) == 5 && write(packets[1], "second one", 10) == 10);
	CHECK(pipe(no_writer) == 0 && write(no_writer[1], "last words", 10) == 10);
	close(no_writer[1]);
	CHECK(pipe(no_reader) == 0);
	close(no_reader[0]);
	CHECK(pipe(empty) == 0);
	CHECK(mkfifo("fifo", 0600) == 0 || errno == EEXIST);
	fifo_read = open("fifo", O_RDONLY | O_NONBLOCK);
	fifo_write = open("fifo", O_WRONLY);
	CHECK(write(fifo_write, "in the fifo", 11) == 11);
	wait_for_move();

	CHECK(fcntl(full[0], F_GETPIPE_SZ) == 131072);
	CHECK(read(full[0], got, BYTES) == BYTES && memcmp(got, text, BYTES) == 0);
	CHECK(read(full[0], got, 1) == -1 && errno == EAGAIN);
	CHECK(write(copy, "more", 4) == 4 && read(full[0], got, 9) == 4);
	close(copy);
	close(full[1]);
	CHECK(read(full[0], got, 1) == 0);
	CHECK(read(packets[0], got, 100) == 5 && memcmp(got, "first", 5) == 0);
	CHECK(read(packets[0], got, 100) == 10 && memcmp(got, "second one", 10) == 0);
	CHECK(fcntl(packets[1], F_GETFL) & O_DIRECT && fcntl(packets[1], F_GETFD) == FD_CLOEXEC);
	CHECK(write(packets[1], "a", 1) == 1 && write(packets[1], "b", 1) == 1);
	CHECK(read(packets[0], got, 100) == 1);
	CHECK(read(no_writer[0], got, 100) == 10 && memcmp(got, "last words", 10) == 0);
	CHECK(read(no_writer[0], got, 100) == 0);
	CHECK(write(no_reader[1], "x", 1) == -1 && errno == EPIPE);
	CHECK(write(empty[1], "x", 1) == 1 && read(empty[0], got, 9) == 1);
	CHECK(!(fcntl(empty[0], F_GETFL) & O_NONBLOCK));
	CHECK(read(fifo_read, got, 100) == 11 && memcmp(got, "in the fifo", 11) == 0);
	CHECK(fcntl(fifo_read, F_GETFL) & O_NONBLOCK && !(fcntl(fifo_write, F_GETFL) & O_NONBLOCK));
	CHECK(write(fifo_write, "y", 1) == 1 && read(fifo_read, got, 100) == 1);
	close(fifo_write);
	CHECK(read(fifo_read, got, 100) == 0);
	return done();
}
