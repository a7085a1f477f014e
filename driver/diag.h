/* The one place that prints. Messages are one line on stderr: "hcc: error: ...", lower case, no
 * final period, the subject first. */
#ifndef HCC_DIAG_H
#define HCC_DIAG_H

/* The name in front of messages; "hcc" until set. */
extern const char *diag_program;

/* The user's input is wrong, or the system failed us. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void diag_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An invariant of our own is broken: says where and aborts. */
#define diag_bug(...) diag_bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void diag_bug_at(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A line on stderr as it is, for those who asked for more (-v). */
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What was asked for, on stdout. */
void diag_out(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A NULL-terminated command on stderr, quoted so that a shell can read it again. */
void diag_command(char *const *argv);

/* Write out what stdout still holds: 0, or a negative errno. */
int diag_flush(void);

#endif
