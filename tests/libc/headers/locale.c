/* Headers: locale.h langinfo.h monetary.h libintl.h nl_types.h
 * musl's C and UTF-8 locales; message catalogues that are not there. */
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <monetary.h>
#include <nl_types.h>
#include <stdlib.h>
#include <time.h>
#include "lib_log.h"

static void items(locale_t where)
{
	static const nl_item names[] = {
		CODESET,
		RADIXCHAR,
		THOUSEP,
		YESEXPR,
		NOEXPR,
		CRNCYSTR,
		D_T_FMT,
		D_FMT,
		T_FMT,
		T_FMT_AMPM,
		AM_STR,
		PM_STR,
		ERA,
		DAY_1,
		DAY_7,
		ABDAY_1,
		ABDAY_4,
		MON_1,
		MON_12,
		ABMON_2,
		ABMON_11,
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		SHOW(nl_langinfo(names[i]));
		CHECK(i == 0 || strcmp(nl_langinfo_l(names[i], where), nl_langinfo(names[i])) == 0);
	}
}

static void conventions(void)
{
	const struct lconv *c = localeconv();

	SHOW(c->decimal_point);
	SHOW(c->thousands_sep);
	SHOW(c->grouping);
	SHOW(c->int_curr_symbol);
	SHOW(c->currency_symbol);
	SHOW(c->mon_decimal_point);
	SHOW(c->positive_sign);
	SHOW(c->negative_sign);
	SHOW((unsigned char)c->int_frac_digits);
	SHOW((unsigned char)c->n_sign_posn);
	SHOW((unsigned char)c->int_p_sep_by_space);
}

int main(void)
{
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0), mixed, before;
	char text[100];

	SHOW(setlocale(LC_ALL, NULL));
	items(utf8);
	SHOW(setlocale(LC_ALL, "C.UTF-8"));
	items(utf8);
	conventions();
	SHOW(setlocale(LC_NUMERIC, "de_DE"));
	SHOW(setlocale(LC_ALL, NULL));
	SHOW(setlocale(LC_CTYPE, NULL));
	SHOW(setlocale(LC_ALL, "POSIX"));
	SHOW(setlocale(99, "C"));
	SHOW(setlocale(LC_ALL, "C;C;C;C;C;C"));
	mixed = newlocale(LC_CTYPE_MASK, "C.UTF-8", duplocale(newlocale(LC_ALL_MASK, "C", 0)));
	SHOW(mixed);
	before = uselocale(mixed);
	SHOW(before == LC_GLOBAL_LOCALE);
	SHOW(nl_langinfo(CODESET));
	SHOW(uselocale((locale_t)0) == mixed);
	SHOW(uselocale(LC_GLOBAL_LOCALE) == mixed);
	SHOW(nl_langinfo(CODESET));
	freelocale(mixed);
	SHOW(strfmon(text, sizeof(text), "%n|%i|%=*#6.2n|%-10.1n|%!n|%%", 1234.567, 89.5, 12.3,
		4.56, 7.0));
	SHOW(text);
	SHOW(strfmon_l(text, sizeof(text), utf8, "%^12.3n", 1234.5));
	SHOW(text);
	SHOW(strfmon(text, 3, "%n", 1234.5));
	SHOW(strtod_l("1.5", NULL, utf8));
	SHOW(strtof_l("1.5", NULL, utf8));
	CHECK(strtold_l("1.5", NULL, utf8) == 1.5L);
	SHOW(strftime_l(text, sizeof(text), "%a %b", gmtime(&(time_t){0}), utf8));
	SHOW(text);
	SHOW(gettext("text"));
	SHOW(ngettext("one", "many", 1));
	SHOW(ngettext("one", "many", 2));
	SHOW(dgettext("domain", "text"));
	SHOW(dcgettext("domain", "text", LC_MESSAGES));
	SHOW(dngettext("domain", "one", "many", 5));
	SHOW(dcngettext("domain", "one", "many", 5, LC_MESSAGES));
	SHOW(textdomain(NULL));
	SHOW(textdomain("mine"));
	SHOW(textdomain(NULL));
	SHOW(bindtextdomain("mine", "/nowhere"));
	SHOW(bindtextdomain("mine", NULL));
	SHOW(bind_textdomain_codeset("mine", "UTF-8"));
	SHOW(bind_textdomain_codeset("mine", "KOI8-R"));
	SHOW(catopen("no such catalogue", NL_CAT_LOCALE) == (nl_catd)-1);
	SHOW(NL_SETD);
	return 0;
}
