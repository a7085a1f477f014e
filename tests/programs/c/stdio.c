/* Output buffered before the move comes out once, after it; formats; strtok, rand and friends keep
 * their hidden state. */
#include "moved.h"
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

int main(int argc, char **argv)
{
	char text[] = "one,two;three four", *token, buffer[64], *copy = strdup(argv[0]);
	char *environment = getenv("PATH");
	unsigned seed = 7;
	int a, n = 0, first, second;
	double d;
	mbstate_t state = { 0 };
	wchar_t wide;

	printf("buffered before ");
	token = strtok(text, ",;");
	srand(1234);
	first = rand();
	rand_r(&seed);
	CHECK(mbrtowc(&wide, "\xe2\x82\xac", 1, &state) == (size_t)-2 || MB_CUR_MAX == 1);
	CHECK(fgetc(stdin) == EOF);
	wait_for_move();
	CHECK(feof(stdin));
	printf("and after\n");
	while (token) {
		printf("[%s]", token);
		token = strtok(NULL, ",; ");
	}
	puts("");
	second = rand();
	srand(1234);
	CHECK(rand() == first && rand() == second);
	CHECK(strcmp(argv[0], copy) == 0 && argv[argc] == NULL);
	CHECK(environment == getenv("PATH"));
	CHECK(setenv("HCC_TEST", "value", 1) == 0);
	wait_for_move();
	CHECK(strcmp(getenv("HCC_TEST"), "value") == 0);
	printf("%5d|%-5d|%05d|%+d|%x|%X|%#o|%u\n", 42, 42, 42, 42, 0xbeef, 0xbeef, 8, UINT_MAX);
	printf("%.3f|%10.2e|%g|%G|%a|%-12s|%.2s|%c|%%|%n", 3.14159, 12345.678, 1e-10, 1e20, 0.5, "left",
		"cut", 'c', &n);
	printf("%d\n", n);
	printf("%lld|%hhd|%hd|%zu|%td|%jd|%*d|%.*f\n", LLONG_MIN, (signed char)200, (short)70000,
		(size_t)1, (ptrdiff_t)-1, (intmax_t)5, 6, 7, 2, 1.005);
	CHECK(sscanf("12 3.5 word", "%d %lf %63s", &a, &d, buffer) == 3);
	printf("%d %g %s\n", a, d, buffer);
	CHECK(strtol("0x1fz", &token, 0) == 31 && *token == 'z');
	CHECK(strtod("1e400", NULL) > 1e308 && errno == ERANGE);
	printf("%d %d %d\n", toupper('a'), isdigit('7') != 0, atoi("-77"));
	printf("%.17g %.17g\n", strtod("0.1", NULL), strtod("123456789.123456789e-20", NULL));
	fflush(stdout);
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("unbuffered ");
	wait_for_move();
	printf("end\n");
	return done();
}
