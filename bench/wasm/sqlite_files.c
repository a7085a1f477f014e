/* What SQLite wants of a system, where it has none (SQLITE_OS_OTHER): databases are in memory, so no file
 * is ever opened. */
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "sqlite3.h"

static int open_none(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	(void)vfs, (void)name, (void)flags, (void)out;
	file->pMethods = NULL;
	return SQLITE_CANTOPEN;
}

static int delete_none(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs, (void)name, (void)sync;
	return SQLITE_OK;
}

static int has_none(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs, (void)name, (void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	if (strlen(name) >= (size_t)room)
		return SQLITE_CANTOPEN;
	strcpy(out, name);
	return SQLITE_OK;
}

static int no_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
	(void)vfs;
	memset(out, 0, (size_t)bytes);
	return bytes;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

/* Julian days, as SQLite has them, of the time since 1970. */
static int current_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2440587.5 + (double)time(NULL) / 86400;
	return SQLITE_OK;
}

int sqlite3_os_init(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1, .szOsFile = sizeof(sqlite3_file), .mxPathname = 100, .zName = "none",
		.xOpen = open_none, .xDelete = delete_none, .xAccess = has_none,
		.xFullPathname = full_name, .xRandomness = no_randomness, .xSleep = no_sleep,
		.xCurrentTime = current_time,
	};

	return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void)
{
	return SQLITE_OK;
}
