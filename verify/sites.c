/* Sites and records of one executable as a whole. */
#include "verify.h"

static const struct function *entry(const struct image *image, uint64_t va)
{
	const struct function *function = image_function(image, va);

	return function && function->va == va ? function : NULL;
}

static void check_function(struct report *report, const struct calls *calls,
			   const struct hcc_meta_function *meta)
{
	const struct image *image = calls->image;
	const struct function *function = entry(image, meta->entry_va);
	const struct function *resume = entry(image, meta->resume_va);
	const char *name = image_string(image, meta->name_off);
	uint32_t n_sites = hcc_meta_n_sites(image->meta, meta);

	if (!function ||
	    (function->region != REGION_SHARED && function->region != REGION_PACKED))
		report_finding(report, image, NULL, meta->entry_va,
			       "the table has function '%s' here, where no shared function begins",
			       name);
	if (meta->flags & HCC_FUNCTION_DECLINES) {
		if (n_sites || meta->resume_va)
			report_finding(report, image, function, meta->entry_va,
				       "declines migration, but has sites or a clone");
		return;
	}
	if (!resume || resume->region != REGION_RESUME)
		report_finding(report, image, NULL, meta->resume_va,
			       "the table has the clone of '%s' here, where no clone begins", name);
	if (resume && resume->meta && resume->meta != meta)
		report_finding(report, image, function, meta->entry_va,
			       "its clone is said to be '%s', which is that of '%s'", resume->name,
			       image_string(image, resume->meta->name_off));
	for (uint32_t s = 0; s < n_sites; s++) {
		const struct hcc_meta_site *site = &image->meta_sites[meta->first_site + s];

		if (!calls->sites[meta->first_site + s].is_called)
			report_finding(report, image, function, meta->entry_va,
				       "site %u (%s:%u): no call of the function has its record", s,
				       image_string(image, meta->file_off), (unsigned)site->line);
	}
	report_count(report, COUNT_sites, n_sites);
}

void verify_sites(struct report *report, const struct calls *calls)
{
	const struct image *image = calls->image;
	const struct hcc_meta_return *returns = image->meta_returns;

	for (uint32_t i = 0; i < image->meta->n_functions; i++)
		check_function(report, calls, &image->meta_functions[i]);
	for (uint32_t i = 0; i < image->meta->n_returns; i++) {
		uint64_t va = returns[i].return_va;

		if (i && returns[i - 1].return_va == va)
			report_finding(report, image, image_function(image, va - 1), va,
				       "two records, of sites %u and %u",
				       image_site_number(image, &returns[i - 1]),
				       image_site_number(image, &returns[i]));
		else if (!calls->record_seen[i])
			report_finding(report, image, image_function(image, va - 1), va,
				       "record of site %u of '%s', but no call stands before it",
				       image_site_number(image, &returns[i]),
				       image_string(image, image_site_function(image, &returns[i])
								   ->name_off));
	}
	report_count(report, COUNT_calls, calls->n);
}
