/* Children before and after the move: fork, system, popen, pipes. */
#include "moved.h"
#include <signal.h>
#include <sys/wait.h>

static int forked(int value)
{
	int ends[2], status, got = 0;
	pid_t child;

	CHECK(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		value *= 2;
		_exit(write(ends[1], &value, sizeof value) == sizeof value ? 7 : 1);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	CHECK(read(ends[0], &got, sizeof got) == sizeof got);
	close(ends[0]);
	close(ends[1]);
	return got;
}

static void shell(void)
{
	char line[64] = "";
	FILE *p = popen("echo from a shell", "r");

	CHECK(p && fgets(line, sizeof line, p));
	fputs(line, stdout);
	CHECK(pclose(p) == 0);
	CHECK(WEXITSTATUS(system("exit 5")) == 5);
}

int main(void)
{
	printf("%d\n", forked(21));
	shell();
	wait_for_move();
	printf("%d\n", forked(100));
	shell();
	CHECK(waitpid(-1, NULL, WNOHANG) == -1);
	wait_for_move();
	CHECK(getpid() == getpid() && getppid() > 0);
	CHECK(kill(getpid(), 0) == 0);
	return done();
}
