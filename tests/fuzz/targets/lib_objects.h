/* Objects for the linker's targets, in the shape that hcc-cc1 gives them. */
#ifndef HCC_FUZZ_OBJECTS_H
#define HCC_FUZZ_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

/* A native object with two functions, data, thread-locals, call sites, a stack map, unwind data and
 * relocations. Returns its size. */
size_t objects_native(uint8_t *out, uint16_t machine);
/* The same for both ISAs in one. */
size_t objects_fat(uint8_t *out);

/* Unwind data of two functions of 32 bytes: CFA = rsp + 8 (sp + 16), and from their second byte on 8
 * more, with a register saved. 76 bytes. */
size_t objects_eh_frame(uint8_t *out, uint16_t machine, uint32_t va, uint32_t other_va);

#endif
