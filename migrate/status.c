/* What a process answers to a request, a line on the status FIFO (snapshot.h). It comes from another
 * program, so nothing of it is taken on trust. */
#include "migrate.h"

#include <stdlib.h>
#include <string.h>

/* The text after "KEY=NUMBER ", and the number; NULL when the line does not go on that way. */
static const char *take_number(const char *text, const char *key, int base, uint64_t *out)
{
	const char *digits = base == 16 ? "0123456789abcdef" : "0123456789";
	size_t n = strlen(key);
	char *end;

	if (strncmp(text, key, n) || !text[n] || !strchr(digits, text[n]))
		return NULL;
	*out = strtoull(text + n, &end, base);
	return *end == ' ' ? end + 1 : NULL;
}

/* "frames=12 wait_ns=3" */
static int is_list(const char *s)
{
	for (;;) {
		size_t name = strspn(s, "abcdefghijklmnopqrstuvwxyz_"), digits;

		if (!name || s[name] != '=')
			return 0;
		s += name + 1;
		digits = strspn(s, "0123456789");
		if (!digits || (s[digits] && s[digits] != ' '))
			return 0;
		if (!s[digits])
			return 1;
		s += digits + 1;
	}
}

struct status status_parse(const char *line)
{
	static const struct {
		const char *word;
		enum status_kind kind;
	} kinds[] = {
		{"written ", STATUS_WRITTEN},
		{"decline ", STATUS_DECLINE},
		{"thread ", STATUS_THREAD},
		{"refuse ", STATUS_REFUSE},
		{"fail ", STATUS_FAIL},
	};
	struct status out = {.kind = STATUS_UNKNOWN, .text = line, .call = -1};
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t n = strlen(kinds[i].word);

		if (strncmp(line, kinds[i].word, n))
			continue;
		out.kind = kinds[i].kind;
		out.text = line + n;
	}
	if (out.kind == STATUS_DECLINE || out.kind == STATUS_THREAD) {
		out.text = take_number(out.text, "thread=", 10, &number);
		out.thread = number < INT32_MAX ? (pid_t)number : 0;
		number = 0;
		if (out.text)
			out.text = take_number(out.text, "pc=", 16, &out.pc);
		if (out.text && out.kind == STATUS_THREAD) {
			out.text = take_number(out.text, "call=", 10, &number);
			out.call = number && number < 10000 ? (int)number - 1 : -1;
			number = 0;
		}
	}
	if (out.kind == STATUS_FAIL)
		out.text = take_number(out.text, "errno=", 10, &number);
	else if (out.kind == STATUS_WRITTEN && !is_list(out.text))
		out.text = NULL;
	out.error = number < 4096 ? (int)number : 0;
	if (!out.text || !*out.text)
		out = (struct status){.kind = STATUS_UNKNOWN, .text = line};
	return out;
}
