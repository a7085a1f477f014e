/* Assembly: which files an input stands for. */
#include "assembly.h"

#include "config.h"
#include "diag.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

const char assembly_refusal[] = "assembly is for one ISA only";

static char *part_name(const char *source, const struct hcc_isa *isa)
{
	const char *slash = strrchr(source, '/'), *dot_ = strrchr(source, '.');
	const char *suffix = dot_ && (!slash || dot_ > slash) ? dot_ : source + strlen(source);
	struct targets all = {0};
	int stem_bytes = (int)(suffix - source);

	targets_parse(&all, HCC_DEFAULT_TARGETS, "configure");
	for (size_t i = 0; i < all.n_isas; i++) {
		int bytes = (int)strlen(all.isa[i]->name);
		const char *dot = source + stem_bytes - bytes - 1;

		if (dot > (slash ? slash + 1 : source) && *dot == '.' &&
			!strncmp(dot + 1, all.isa[i]->name, (size_t)bytes)) {
			stem_bytes -= bytes + 1;
			break;
		}
	}
	return text_format("%.*s.%s%s", stem_bytes, source, isa->name, suffix);
}

bool assembly_is_common(const char *source)
{
	const char *suffix = strrchr(source, '.');
	struct targets all = {0};
	bool has_parts = false;

	targets_parse(&all, HCC_DEFAULT_TARGETS, "configure");
	for (size_t i = 0; i < all.n_isas; i++) {
		char *path = part_name(source, all.isa[i]);

		has_parts |= file_exists(path);
		free(path);
	}
	return suffix && !strcmp(suffix, ".S") && !has_parts && file_exists(source);
}

char *assembly_part(const char *source, const struct hcc_isa *isa)
{
	return assembly_is_common(source) ? text_copy(source) : part_name(source, isa);
}

int assembly_check(const struct options *options, const char *source)
{
	char *found = NULL, *lacking = NULL;
	int status = 1;

	for (size_t i = 0; i < options->targets.n_isas; i++) {
		char *path = assembly_part(source, options->targets.isa[i]);
		char **which = file_exists(path) ? &found : &lacking;

		free(*which);
		*which = path;
	}
	if (!found)
		diag_error("%s: %s", source, assembly_refusal);
	else if (lacking)
		diag_error("%s: there is '%s', but no '%s'", source, found, lacking);
	else if (options->mode != MODE_OBJECT && options->mode != MODE_LINK &&
		options->mode != MODE_RELOCATABLE)
		diag_error("%s: assembly of several ISAs goes into an object only", source);
	else
		status = 0;
	free(found);
	free(lacking);
	return status;
}
