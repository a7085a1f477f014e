/* The thread of a timer has fresh thread-locals each time that it calls the program's function. What the
 * runtime keeps among them is the thread's still. */
#include <string.h>
#include "libc.h"
#include "pthread_impl.h"
#include "hcc_process.h"

void __reset_tls(void)
{
	void *psp = __hcc_psp;
	struct hcc_thread thread = __hcc_thread;
	struct hcc_altstack altstack = __hcc_altstack;
	char *block = (char *)__get_tp();
	struct tls_module *image = libc.tls_head;

	memcpy(block, image->image, image->len);
	memset(block + image->len, 0, image->size - image->len);
	__hcc_psp = psp;
	__hcc_thread = thread;
	__hcc_altstack = altstack;
}
