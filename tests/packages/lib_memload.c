/* A client of memcached that compares every byte: memload HOST PORT MODE N
 *   fill    store N values (some of half a megabyte), read nothing
 *   check   read them all, many at a time
 *   load    N connections, until there is a file `stop`: store and read, count up, read slowly
 *   come    the same on connections that are made anew for some requests each; one that is refused is
 *           counted, and tried again
 * Prints what was done, or what is wrong; exit status 0 or 1. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGE = 500000, MOST = 600000, KEYS_AT_ONCE = 50 };

static struct sockaddr_in server = {.sin_family = AF_INET};
static char value[MOST], line[4096];

static _Noreturn __attribute__((format(printf, 1, 2))) void wrong(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	putchar('\n');
	exit(1);
}

/* ---- Values: bytes that follow from the key and a number ------------------------------------- */

static size_t bytes_of(unsigned key)
{
	return key % 1000 == 999 ? LARGE : key * 7919u % 1500 + 1;
}

static void make(char *out, size_t n, unsigned key, unsigned turn)
{
	uint32_t x = key * 2654435761u + turn * 40503u + 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		out[i] = (char)(x >> 24);
	}
}

/* ---- The connection ------------------------------------------------------------------------- */

struct connection {
	int fd;
	char in[65536];
	size_t at, end;
};

/* Returns 0; -1 when it was refused. */
static int open_connection(struct connection *c)
{
	const int yes = 1;

	c->at = c->end = 0;
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(c->fd, (void *)&server, sizeof server)) {
		if (errno != ECONNREFUSED)
			wrong("connect: %s", strerror(errno));
		close(c->fd);
		return -1;
	}
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	return 0;
}

static void put(struct connection *c, const char *p, size_t n)
{
	while (n) {
		ssize_t done = send(c->fd, p, n, MSG_NOSIGNAL);

		if (done < 0)
			wrong("send: %s", strerror(errno));
		p += done;
		n -= (size_t)done;
	}
}

static int next_byte(struct connection *c)
{
	if (c->at == c->end) {
		ssize_t n = read(c->fd, c->in, sizeof c->in);

		if (n <= 0)
			wrong("read: %s", n ? strerror(errno) : "the server has closed the connection");
		c->at = 0;
		c->end = (size_t)n;
	}
	return (unsigned char)c->in[c->at++];
}

static void next_line(struct connection *c)
{
	size_t n = 0;

	do {
		if (n + 1 == sizeof line)
			wrong("a line is too long");
		line[n] = (char)next_byte(c);
	} while (line[n++] != '\n');
	line[n >= 2 ? n - 2 : 0] = 0;
}

static void expect(struct connection *c, const char *want)
{
	next_line(c);
	if (strcmp(line, want))
		wrong("answer is '%s', expected '%s'", line, want);
}

static void set(struct connection *c, const char *name, size_t n, int is_quiet)
{
	char head[128];

	put(c, head, (size_t)snprintf(head, sizeof head, "set %s 7 0 %zu%s\r\n", name, n,
		is_quiet ? " noreply" : ""));
	put(c, value, n);
	put(c, "\r\n", 2);
	if (!is_quiet)
		expect(c, "STORED");
}

/* The next value of a get: the one that lies in `value`. */
static void compare(struct connection *c, const char *name, size_t n, unsigned pause_us)
{
	char want[128];

	snprintf(want, sizeof want, "VALUE %s 7 %zu", name, n);
	expect(c, want);
	for (size_t i = 0; i < n; i++) {
		if (pause_us && i % 65536 == 65535)
			usleep(pause_us);
		if (next_byte(c) != (unsigned char)value[i])
			wrong("%s: byte %zu of %zu is wrong", name, i, n);
	}
	expect(c, "");
}

/* ---- Modes ---------------------------------------------------------------------------------- */

static void fill(struct connection *c, unsigned n)
{
	char name[64];

	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof name, "key:%u", i);
		make(value, bytes_of(i), i, 0);
		set(c, name, bytes_of(i), i % 100 != 99 && i + 1 < n);
	}
}

static void check(struct connection *c, unsigned n)
{
	char name[64], request[KEYS_AT_ONCE * 24];

	for (unsigned i = 0; i < n; i += KEYS_AT_ONCE) {
		size_t bytes = (size_t)sprintf(request, "get");
		unsigned end = i + KEYS_AT_ONCE < n ? i + KEYS_AT_ONCE : n;

		for (unsigned k = i; k < end; k++)
			bytes += (size_t)sprintf(request + bytes, " key:%u", k);
		bytes += (size_t)sprintf(request + bytes, "\r\n");
		put(c, request, bytes);
		for (unsigned k = i; k < end; k++) {
			snprintf(name, sizeof name, "key:%u", k);
			make(value, bytes_of(k), k, 0);
			compare(c, name, bytes_of(k), 0);
		}
		expect(c, "END");
	}
}

/* Store and read a value, and count up. */
static void turn(struct connection *c, unsigned id, unsigned n)
{
	size_t bytes = n % 40 == 39 ? LARGE : (n * 131 + id) % 3000 + 1;
	char name[64], request[128];

	snprintf(name, sizeof name, "own:%u:%u", id, n % 10);
	make(value, bytes, id, n);
	set(c, name, bytes, 0);
	put(c, request, (size_t)snprintf(request, sizeof request, "get %s\r\nincr count:%u 1\r\n", name,
		id));
	compare(c, name, bytes, bytes == LARGE ? 100000 : 0);
	expect(c, "END");
	snprintf(request, sizeof request, "%u", n + 1);
	expect(c, request);
}

static unsigned run(unsigned id, int comes, unsigned *refused)
{
	static struct connection c;
	char name[64];
	unsigned n = 0;

	while (open_connection(&c))
		usleep(10000);
	value[0] = '0';
	snprintf(name, sizeof name, "count:%u", id);
	set(&c, name, 1, 0);
	while (access("stop", F_OK)) {
		if (comes && n % 3 == 2) {
			close(c.fd);
			while (open_connection(&c)) {
				++*refused;
				usleep(1000);
			}
		}
		turn(&c, id, n++);
		if (comes)
			usleep(2000);
	}
	return n;
}

static int load(unsigned n, int comes)
{
	unsigned sum = 0, refused = 0, got[2];
	int ends[2], status, result = 0;

	if (pipe(ends))
		return 1;
	for (unsigned i = 0; i < n; i++)
		if (fork() == 0) {
			got[1] = 0;
			got[0] = run(i + (comes ? 1000 : 0), comes, &got[1]);
			exit(write(ends[1], got, sizeof got) != sizeof got);
		}
	close(ends[1]);
	while (read(ends[0], got, sizeof got) == sizeof got) {
		sum += got[0];
		refused += got[1];
	}
	while (wait(&status) > 0)
		result |= status != 0;
	printf("turns %u refused %u\n", sum, refused);
	return result;
}

int main(int argc, char **argv)
{
	static struct connection c;
	const char *mode = argc > 4 ? argv[3] : "";
	unsigned n = argc > 4 ? (unsigned)atoi(argv[4]) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 5 || !inet_aton(argv[1], &server.sin_addr))
		wrong("usage: memload ADDRESS PORT fill|check|load|come N");
	server.sin_port = htons((uint16_t)atoi(argv[2]));
	if (!strcmp(mode, "load") || !strcmp(mode, "come"))
		return load(n, *mode == 'c');
	if (open_connection(&c))
		wrong("connect: refused");
	if (*mode == 'f')
		fill(&c, n);
	else
		check(&c, n);
	return 0;
}
