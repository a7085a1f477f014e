/* The table of ISAs, and lists of them. */
#include "target.h"

#include "config.h"
#include "diag.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static const struct hcc_isa *const isas[] = {
	&hcc_isa_x86_64,
	&hcc_isa_aarch64,
};

const struct hcc_isa *hcc_isa_find(const char *name, size_t name_bytes)
{
	for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
		if (strlen(isas[i]->name) == name_bytes && !memcmp(isas[i]->name, name, name_bytes))
			return isas[i];
	return NULL;
}

/* Whether this hcc was configured for the ISA: its libc and builtins are there. */
static int configured(const char *name, size_t name_bytes)
{
	const char *list = HCC_DEFAULT_TARGETS;

	while (*list) {
		size_t n = strcspn(list, ",");

		if (n == name_bytes && !memcmp(list, name, n))
			return 1;
		list += n + (list[n] == ',');
	}
	return 0;
}

int targets_parse(struct targets *targets, const char *list, const char *origin)
{
	targets->n_isas = 0;
	for (;;) {
		size_t n = strcspn(list, ",");
		const struct hcc_isa *isa = hcc_isa_find(list, n);

		if (!isa || !configured(list, n)) {
			diag_error("%s: ISA '%.*s' is not one of " HCC_DEFAULT_TARGETS, origin,
				(int)n, list);
			return 2;
		}
		for (size_t i = 0; i < targets->n_isas; i++) {
			if (targets->isa[i] == isa) {
				diag_error("%s: ISA '%s' is named twice", origin, isa->name);
				return 2;
			}
		}
		if (targets->n_isas == HCC_MAX_ISAS)
			diag_bug("more than %d ISAs", HCC_MAX_ISAS);
		targets->isa[targets->n_isas++] = isa;
		if (!list[n])
			break;
		list += n + 1;
	}
	for (size_t i = 1; i < targets->n_isas; i++) {
		const struct hcc_isa *isa = targets->isa[i];

		if (!strcmp(isa->name, HCC_HOST_ISA)) {
			memmove(targets->isa + 1, targets->isa, i * sizeof *targets->isa);
			targets->isa[0] = isa;
		}
	}
	return 0;
}

char *targets_text(const struct targets *targets)
{
	char *text = text_copy(targets->isa[0]->name);

	for (size_t i = 1; i < targets->n_isas; i++) {
		char *longer = text_format("%s,%s", text, targets->isa[i]->name);

		free(text);
		text = longer;
	}
	return text;
}
