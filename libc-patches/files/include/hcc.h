/* What a program can say to hcc. Not needed by any program, and harmless to other compilers. */
#ifndef _HCC_H
#define _HCC_H

/* Before a function: the process cannot be moved while this function is active, with whatever it
 * calls. A request waits until it has returned. */
#ifdef __hcc__
#define HCC_NO_MIGRATE __attribute__((__annotate__("hcc-no-migrate"), __noinline__))
#else
#define HCC_NO_MIGRATE
#endif

#endif
