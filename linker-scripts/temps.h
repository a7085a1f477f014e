/* Temporary files: one folder, gone at the end unless it is to be kept; and outputs that appear
 * under their names only when all of them are complete. */
#ifndef HCC_LD_TEMPS_H
#define HCC_LD_TEMPS_H

#include "object.h"
#include "options.h"

struct temps {
	char *dir;
	bool keep;
	char *outputs[HCC_MAX_ISAS]; /* final names: app, app.aarch64 */
	char *pending[HCC_MAX_ISAS]; /* what is renamed to them */
};

/* Returns 0; -1 after a message. */
int temps_make(struct temps *temps, const struct options *options);

/* Give the outputs their names, mode 0777 & ~umask. Returns 0; -1 after a message, then none of
 * them is there. */
int temps_commit(struct temps *temps, const struct options *options);

/* Remove what is left. */
void temps_remove(struct temps *temps, const struct options *options);

#endif
