/* C11 6.5.2.2, 6.9.1: structs of 1 to 20 chars as arguments, results, through function pointers
 * and variadic, alive across the calls. */
#define SIZES SIZES_1_TO_20
#include "lib_struct_sizes.h"
