/* Headers: pwd.h grp.h shadow.h mntent.h getopt.h syslog.h sys/syslog.h fmtmsg.h crypt.h paths.h
 * Tables in files, command lines, passwords, messages to a log that is not there. */
#include <crypt.h>
#include <fmtmsg.h>
#include <getopt.h>
#include <grp.h>
#include <mntent.h>
#include <paths.h>
#include <pwd.h>
#include <shadow.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syslog.h>
#include <syslog.h>
#include <unistd.h>
#include "lib_log.h"

static FILE *file_with(const char *text)
{
	FILE *f = fopen("table", "w+");

	fputs(text, f);
	rewind(f);
	return f;
}

static void users(void)
{
	FILE *f = file_with("root:x:0:0:The root:/root:/bin/sh\nbad line\nn:p:77:88:a,b:/h:\n");
	struct passwd *p, own, *result;
	char buffer[500];

	while ((p = fgetpwent(f)) != NULL)
		SAY("%s %s %d %d %s %s %s", p->pw_name, p->pw_passwd, p->pw_uid, p->pw_gid,
			p->pw_gecos, p->pw_dir, p->pw_shell);
	fclose(f);
	SHOW(getpwnam("root")->pw_uid);
	SHOW(getpwuid(0)->pw_name);
	SHOW(getpwnam("no such user"));
	SHOW(getpwuid(987654));
	SHOW(getpwnam_r("root", &own, buffer, sizeof(buffer), &result));
	SHOW(result == &own);
	SHOW(own.pw_name);
	SHOW(getpwuid_r(0, &own, buffer, 3, &result));
	SHOW(getpwuid_r(987654, &own, buffer, sizeof(buffer), &result));
	SHOW(result);
	setpwent();
	SHOW(getpwent()->pw_name);
	endpwent();
	own = (struct passwd){"name", "pw", 5, 6, "gecos", "/dir", "/shell"};
	SHOW(putpwent(&own, stdout));
}

static void groups(void)
{
	FILE *f = file_with("g:x:5:a,b,c\nempty:x:6:\nbad\n");
	struct group *g, own, *result;
	char buffer[500], *members[] = {"one", "two", NULL};
	int i;

	while ((g = fgetgrent(f)) != NULL) {
		SAY("%s %s %d", g->gr_name, g->gr_passwd, g->gr_gid);
		for (i = 0; g->gr_mem[i] != NULL; i++)
			SHOW(g->gr_mem[i]);
	}
	fclose(f);
	SHOW(getgrnam("root")->gr_gid);
	SHOW(getgrgid(0)->gr_name);
	SHOW(getgrnam("no such group"));
	SHOW(getgrnam_r("root", &own, buffer, sizeof(buffer), &result));
	SHOW(own.gr_name);
	SHOW(getgrgid_r(0, &own, buffer, 2, &result));
	setgrent();
	SHOW(getgrent()->gr_name);
	endgrent();
	own = (struct group){"name", "x", 9, members};
	SHOW(putgrent(&own, stdout));
}

static void shadows(void)
{
	FILE *f = file_with("u:$6$abc:19000:0:99999:7:::\nv:*:::::::\nbad\n");
	struct spwd *s, own, *result;
	char buffer[500];

	while ((s = fgetspent(f)) != NULL) {
		SAY("%s %s %ld %ld %ld %ld %ld %ld %lu", s->sp_namp, s->sp_pwdp, s->sp_lstchg,
			s->sp_min, s->sp_max, s->sp_warn, s->sp_inact, s->sp_expire, s->sp_flag);
		SHOW(putspent(s, stdout));
	}
	fclose(f);
	SHOW(getspnam("no such user"));
	SHOW(getspnam_r("no/user", &own, buffer, sizeof(buffer), &result));
	setspent();
	SHOW(getspent());
	endspent();
	SHOW(lckpwdf());
	SHOW(ulckpwdf());
}

static void mounts(void)
{
	FILE *f = file_with(
		"# comment\nproc /proc proc rw,nosuid 0 0\n/dev/a\\040b /mnt ext4 ro,size=5 1 2\n");
	struct mntent *m, own;
	char buffer[200];

	while ((m = getmntent(f)) != NULL) {
		SAY("%s %s %s %s %d %d", m->mnt_fsname, m->mnt_dir, m->mnt_type, m->mnt_opts,
			m->mnt_freq, m->mnt_passno);
		SHOW(hasmntopt(m, "ro"));
		SHOW(hasmntopt(m, "size"));
	}
	fclose(f);
	f = setmntent("table", "r+");
	SHOW(getmntent_r(f, &own, buffer, sizeof(buffer))->mnt_dir);
	SHOW(addmntent(f, &own));
	SHOW(endmntent(f));
	SHOW(setmntent("/none", "r"));
	SHOW(_PATH_MOUNTED);
	SHOW(_PATH_DEVNULL);
	SHOW(_PATH_BSHELL);
}

static void options(int argc, char **argv, const char *spec)
{
	int c;

	optind = 0;
	SAY("getopt %s", spec);
	while ((c = getopt(argc, argv, spec)) != -1)
		SAY("  %c %d %s", c, c == '?' ? optopt : 0, optarg ? optarg : "");
	SAY("  rest from %d: %s", optind, optind < argc ? argv[optind] : "");
}

static void long_options(int argc, char **argv, int only)
{
	int flag = 0, index = -1, c;
	const struct option list[] = {
		{"verbose", no_argument, NULL, 'v'},
		{"output", required_argument, NULL, 'o'},
		{"level", optional_argument, NULL, 'l'},
		{"flag", no_argument, &flag, 5},
		{"version", no_argument, NULL, 'V'},
		{0},
	};

	optind = 0;
	SAY("getopt_long %d", only);
	while ((c = (only ? getopt_long_only : getopt_long)(argc, argv, "vo:l::", list, &index)) !=
		-1)
		SAY("  %d %s %d %d", c, optarg ? optarg : "", index, flag);
	SAY("  rest from %d: %s", optind, optind < argc ? argv[optind] : "");
}

static void lines(void)
{
	char *a[] = {"p", "-ab", "value", "-c", "-bx", "--", "-a", NULL},
	     *b[] = {"p", "word", "-a", "-b", "x", "more", "-z", NULL}, *c[] = {"p", "-b", NULL};
	char *d[] = {"p", "--verbose", "--out=file", "x", "--level", "--level=3", "--flag", "--ver",
		"--none", "-o", "y", "--output", NULL};
	char *e[] = {"p", "-verbose", "-output", "f", "-v", "-vx", NULL},
	     *f[] = {"p", "--verbose=5", "-lx", NULL};

	fflush(stdout);
	options(7, a, "ab:c");
	options(7, a, "ab::c");
	options(7, b, "+ab:");
	options(7, b, "-ab:");
	options(7, b, "ab:");
	options(2, c, ":b:");
	options(2, c, "b:");
	opterr = 0;
	options(2, c, "b:");
	opterr = 1;
	long_options(12, d, 0);
	long_options(6, e, 1);
	long_options(3, f, 0);
	optreset = 1;
	SHOW(optind);
}

static void passwords(void)
{
	static const char *const settings[] = {
		"ab",
		"$1$saltsalt$",
		"$5$saltstring",
		"$5$rounds=1000$salt",
		"$6$saltstring",
		"$6$rounds=1000$longersaltstring",
		"$2a$04$abcdefghijklmnopqrstuu",
		"*",
		"",
		"$9$x",
	};
	struct crypt_data data = {0};
	char block[64] = {0};
	uint64_t h = HASH_START;
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		SHOW(crypt("pass word", settings[i]));
	SHOW(crypt_r("", "$1$x$", &data));
	block[3] = block[17] = 1;
	setkey(block);
	encrypt(block, 0);
	SHOW(HASH_BYTES(h, block, 64));
	encrypt(block, 1);
	SHOW(block[3] + block[17] * 2 + block[5] * 4);
}

static void logs(int how, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(how, format, args);
	va_end(args);
}

int main(void)
{
	users();
	groups();
	shadows();
	mounts();
	lines();
	passwords();
	openlog("name", LOG_PID | LOG_NDELAY, LOG_USER);
	syslog(LOG_DEBUG, "libc test %d", 1);
	logs(LOG_DEBUG, "libc test %d", 2);
	SHOW(setlogmask(LOG_UPTO(LOG_ERR)));
	SHOW(setlogmask(0));
	closelog();
	SHOW(fmtmsg(MM_PRINT, "label:part", MM_ERROR, "text", "action", "tag"));
	SHOW(fmtmsg(MM_CONSOLE * 0, "label:part", MM_INFO, "text", NULL, NULL));
	unlink("table");
	return 0;
}
