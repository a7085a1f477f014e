#ifndef HCC_VERIFY_ISA_PRIVATE_H
#define HCC_VERIFY_ISA_PRIVATE_H

#include "isa.h"

extern const struct isa isa_x86_64, isa_aarch64;

#endif
