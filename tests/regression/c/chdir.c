/* A program that has changed its folder, started by a relative path: under an emulator its executable
 * could not be found from its command line. */
#include "../../programs/c/moved.h"
#include <errno.h>
#include <sys/stat.h>

int main(void)
{
	char here[4096], after[4096];

	mkdir("sub", 0755);
	CHECK(chdir("sub") == 0);
	CHECK(getcwd(here, sizeof here) != NULL);
	unlink("stay");
	if (access("../stay", F_OK) == 0)
		close(open("stay", O_CREAT | O_WRONLY, 0644));
	else
		CHECK((symlink("../ready.1", "ready.1") == 0 && symlink("../moved.1", "moved.1") == 0) ||
			errno == EEXIST);
	wait_for_move();
	CHECK(getcwd(after, sizeof after) != NULL && strcmp(here, after) == 0);
	return done();
}
