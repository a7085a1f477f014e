/* C11 7.17: atomics of 16 bytes and of odd sizes, which a library may lock for. */
/* flags: -latomic */
#include <stdatomic.h>
#include "lib_conformance.h"

struct odd { char b[3]; };
struct two { long a; void *p; };

static _Atomic struct two two;
static _Atomic unsigned __int128 wide = 5;
static _Atomic struct odd odd;

int main(void)
{
	for (int i = 0; i < 3; i++) {
		struct two t = atomic_load(&two), next = {t.a + VIA(i) + 1, &two};
		tick();
		SHOW(atomic_compare_exchange_strong(&two, &t, next)), SHOW(atomic_load(&two).a);
		unsigned __int128 w = atomic_load(&wide);
		tick();
		SHOW(atomic_compare_exchange_strong(&wide, &w, w * w << 20)), SHOW(w = atomic_exchange(&wide, w + 7));
		struct odd o = odd;
		o.b[i] = (char)(VIA(i) + 'a');
		odd = o;
		o = odd;
		SHOW(o.b[VIA(i)]);
	}
	return 0;
}
