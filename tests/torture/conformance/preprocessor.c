/* C11 6.10: macros: arguments, stringification, pasting, variadic, __VA_OPT__, recursion stopped, rescanning, conditions,
 * #if arithmetic, #line, #undef, _Pragma, predefined macros, __COUNTER__, include by macro, digraphs, spliced lines. */
%:define DIGRAPH(a) <:a:>
#include "lib_conformance.h"
#define STRING(x) #x
#define EXPANDED(x) STRING(x)
#define PASTE(a, b) a##b
#define PASTE2(a, b) PASTE(a, b)
#define COUNT(...) COUNT_(__VA_ARGS__, 5, 4, 3, 2, 1, 0)
#define COUNT_(a, b, c, d, e, n, ...) n
#define OPTIONAL(f, ...) f(1 __VA_OPT__(,) __VA_ARGS__)
#define GNU(f, args...) f(1, ##args)
#define EMPTY
#define LPAREN (
#define f(a) a * g
#define g(a) f(a) + 1
#define self self + 1
#define MAX(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define LOOP_3(x) for (int i_ = 0; i_ < 3; i_++) { x; }
#define X_LIST(X) X(red, 1) X(green, 2) X(blue, 4)
#define AS_ENUM(name, v) color_##name = v,
#define AS_NAME(name, v) [v] = #name,
#define UNIQUE PASTE2(unique_, __COUNTER__)

enum { X_LIST(AS_ENUM) };
static const char *const colors[] = { X_LIST(AS_NAME) };
static int UNIQUE = 1, UNIQUE = 2;

static NOINLINE int sum(int n, ...)
{
	__builtin_va_list args;
	int s = n;

	__builtin_va_start(args, n);
	for (int v; (v = __builtin_va_arg(args, int)) != 0;) {
		s += v;
		tick();
	}
	__builtin_va_end(args);
	return s;
}

static NOINLINE int one(int a) { tick(); return a; }
static NOINLINE int two(int a, int b) { tick(); return a * 10 + b; }

int main(void)
{
	int self_ = 3, array DIGRAPH(2) = <% 5, 6 %>, xy12 = 8, n = 0;

	SHOW(STRING(a  +   "b\n" /* c */ 'd')), SHOW(STRING(PASTE(a, b))), SHOW(EXPANDED(PASTE(a, b)));
	SHOW(EXPANDED(__LINE__ + self)), SHOW(PASTE2(x, PASTE(y, 12))), SHOW(COUNT(a, b, c)), SHOW(COUNT(a));
	SHOW(EXPANDED(f(2)(9))), SHOW(STRING()), SHOW(EXPANDED(EMPTY x EMPTY));
	SHOW(OPTIONAL(one)), SHOW(OPTIONAL(two, 2)), SHOW(GNU(one)), SHOW(GNU(two, 3)), SHOW(sum(1, 2, 3, 0));
	SHOW(MAX(VIA(3), MAX(one(2), 7))), SHOW(array[1] + self_), SHOW(EXPANDED(1 ## 2));
	LOOP_3(n += VIA(i_); n++)
	SHOW(n), SHOW(colors[color_blue]), SHOW(color_green | color_red), SHOW(unique_0 * 10 + unique_1);
#if defined MAX && !defined(NOTHING) && (1 ? 2 : 0) == 2 && -1 < 0 && -1 > 0u && 'a' == 97 && (0x7fffffffffffffff + 1 < 0 || 1)
	SHOW(VIA(1));
#elif 1 / 0
#error not here
#else
	SHOW(0);
#endif
#undef MAX
#ifdef MAX
	SHOW(-1);
#else
# if 0
	' an apostrophe is skipped
# elif __STDC_VERSION__ >= 201112L && __STDC__ == 1 && __STDC_HOSTED__ && __has_include(<stdio.h>) && __has_builtin(__builtin_clz)
	SHOW(VIA(2));
# endif
#endif
	for (int i = 0; i < 2; i++) {
#line 1000 "renamed.c"
		SHOW(__LINE__), SHOW(__FILE__), SHOW(VIA(__LINE__));
	}
	_Pragma("GCC diagnostic push") _Pragma(STRING(GCC diagnostic ignored "-Wunused"))
#pragma pack(push, 1)
	struct packed { char c; int i; } packed = {1, one(2)};
#pragma pack(pop)
	struct loose { char c; int i; };
	_Pragma("GCC diagnostic pop")
	SHOW(sizeof packed), SHOW(sizeof(struct loose)), SHOW(packed.i), SHOW("spliced \
line"), SHOW(sizeof __DATE__ + sizeof __TIME__), SHOW(sizeof "x" "y");
	SHOW(__CHAR_BIT__ * __SIZEOF_LONG__), SHOW(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__), SHOW(__INT_MAX__);
	SHOW(__COUNTER__), SHOW(__COUNTER__), SHOW(__INCLUDE_LEVEL__), SHOW(L"wide" "joined"[0] == 'w');
	return 0;
}
