/* State of the process that travels with it, for the runtime: neutral data, at one address on every
 * ISA. The runtime's native code writes it. */
#include "hcc_process.h"

struct hcc_process __hcc_process;
struct hcc_attributes __hcc_attributes;
struct hcc_sigaction __hcc_sigactions[HCC_SIGNALS];

_Thread_local struct hcc_altstack __hcc_altstack;
_Thread_local uint32_t __hcc_fenv;
_Thread_local void *__hcc_psp;
_Thread_local struct hcc_thread __hcc_thread;
