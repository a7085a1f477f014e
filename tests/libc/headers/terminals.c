/* Headers: termios.h sys/termios.h sys/ioctl.h pty.h sys/ttydefaults.h stropts.h sys/stropts.h
 * Headers: utmp.h utmpx.h lastlog.h sys/mtio.h
 * A pseudo-terminal's modes, sizes, sessions and line discipline. */
#include <fcntl.h>
#include <lastlog.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <stropts.h>
#include <sys/ioctl.h>
#include <sys/mtio.h>
#include <sys/stropts.h>
#include <sys/termios.h>
#include <sys/ttydefaults.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <utmpx.h>
#include "lib_log.h"

static void show_modes(const struct termios *t)
{
	int i;

	printf("i %o o %o c %o l %o line %d speeds %d %d:", t->c_iflag, t->c_oflag, t->c_cflag,
		t->c_lflag, t->c_line, cfgetispeed(t) == B38400, cfgetospeed(t) == B38400);
	for (i = 0; i < 17; i++)
		printf(" %d", t->c_cc[i]);
	puts("");
}

static void modes(int master, int slave)
{
	struct winsize size = {24, 80, 5, 6}, got = {0};
	struct termios t, raw;
	char text[50] = "";
	int n = 0;

	memset(&t, 0, sizeof(t));
	SHOW(tcgetattr(slave, &t));
	show_modes(&t);
	SHOW(tcgetattr(0, &raw));
	SHOW(isatty(slave));
	SHOW(isatty(0));
	SHOW(ioctl(slave, TIOCSWINSZ, &size));
	SHOW(ioctl(master, TIOCGWINSZ, &got));
	SAY("%d %d %d %d", got.ws_row, got.ws_col, got.ws_xpixel, got.ws_ypixel);
	SHOW(tcsetwinsize(slave, &(struct winsize){10, 20, 0, 0}));
	SHOW(tcgetwinsize(slave, &got));
	SAY("%d %d", got.ws_row, got.ws_col);
	/* Canonical: a line at a time, erased and killed, echoed. */
	SHOW(write(master, "abd\177c\nmore", 10));
	SHOW(read(slave, text, sizeof(text)));
	SHOW(text);
	memset(text, 0, sizeof(text));
	SHOW(read(master, text, sizeof(text)) > 5);
	SHOW(ioctl(slave, FIONREAD, &n));
	SHOW(n);
	raw = t;
	cfmakeraw(&raw);
	show_modes(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	SHOW(cfsetispeed(&raw, B9600) + cfsetospeed(&raw, B19200));
	SHOW(cfsetspeed(&raw, 12345));
	SHOW(tcsetattr(slave, TCSANOW, &raw));
	SHOW(tcsetattr(slave, 77, &raw));
	SHOW(tcgetattr(slave, &t));
	SAY("%d %d", cfgetospeed(&t) == B19200, (t.c_lflag & (ICANON | ECHO)) == 0);
	SHOW(tcflush(slave, TCIOFLUSH));
	SHOW(write(master, "xy", 2));
	memset(text, 0, sizeof(text));
	SHOW(read(slave, text, sizeof(text)));
	SHOW(text);
	SHOW(write(slave, "\n", 1));
	SHOW(read(master, text, sizeof(text)));
	SHOW(tcdrain(slave));
	SHOW(tcflow(slave, TCOON));
	SHOW(tcsendbreak(slave, 0));
	SHOW(tcgetpgrp(slave));
	SHOW(tcgetsid(slave));
}

static void pairs(void)
{
	struct winsize size = {30, 90, 0, 0};
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, m, s, status;
	char name[50] = "", text[100] = "";
	pid_t pid;

	SHOW(master >= 0);
	SHOW(grantpt(master));
	SHOW(unlockpt(master));
	SHOW(ptsname_r(master, name, sizeof(name)));
	SHOW(strncmp(name, "/dev/pts/", 9));
	SHOW(strcmp(ptsname(master), name));
	SHOW(ptsname_r(master, name, 3));
	SHOW(ptsname(0));
	ptsname_r(master, name, sizeof(name));
	slave = open(name, O_RDWR | O_NOCTTY);
	SHOW(slave >= 0);
	HOST_SHOW(strcmp(ttyname(slave), name));
	HOST_SHOW(ttyname_r(slave, text, sizeof(text)));
	SHOW(ttyname(0));
	modes(master, slave);
	SHOW(isastream(master));
	close(master);
	close(slave);
	SHOW(openpty(&m, &s, name, NULL, &size));
	SHOW(ioctl(s, TIOCGWINSZ, &size));
	SHOW(size.ws_col);
	close(m);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int fd;

		if (login_tty(s) != 0)
			_exit(1);
		fd = open("/dev/tty", O_RDWR);
		_exit(isatty(0) && isatty(2) && tcgetpgrp(0) == getpid() &&
					tcgetsid(0) == getpid() && fd >= 0
				? 7
				: 8);
	}
	close(s);
	waitpid(pid, &status, 0);
	SHOW(status != 0);
	fflush(stdout);
	pid = forkpty(&m, NULL, NULL, &size);
	if (pid == 0) {
		char word[20];

		printf("ready\n");
		fflush(stdout);
		if (fgets(word, sizeof(word), stdin) != NULL)
			printf("got %s", word);
		exit(isatty(1) ? 3 : 4);
	}
	status = 0;
	while (status < 7)
		status += read(m, text + status, sizeof(text) - 1 - status);
	SHOW(text);
	SHOW(write(m, "word\n", 5));
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	close(m);
}

static void records(void)
{
	struct utmpx u = {.ut_type = USER_PROCESS, .ut_line = "tty1"};

	setutent();
	SHOW(getutent());
	SHOW(getutxent());
	SHOW(getutxid(&u));
	SHOW(getutxline(&u));
	SHOW(getutid(&u) == NULL && getutline(&u) == NULL);
	SHOW(pututxline(&u));
	SHOW(pututline(&u));
	SHOW(utmpname("/none"));
	SHOW(utmpxname("/none"));
	updwtmpx("/none", &u);
	updwtmp("/none", &u);
	setutxent();
	endutxent();
	endutent();
	SHOW(sizeof(u.ut_user) + sizeof(u.ut_line) + sizeof(u.ut_host));
	SHOW(sizeof(((struct lastlog *)0)->ll_host));
	SHOW(sizeof(struct mtget) > 0 && MTIOCTOP != 0);
	SHOW(TTYDEF_IFLAG & ICRNL ? 1 : 0);
	SHOW(CEOF);
}

int main(void)
{
	signal(SIGHUP, SIG_IGN);
	pairs();
	records();
	return 0;
}
