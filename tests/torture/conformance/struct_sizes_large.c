/* C11 6.5.2.2, 6.9.1: structs of 21 to 40 chars as arguments, results, through function pointers
 * and variadic, alive across the calls. */
#define SIZES SIZES_21_TO_40
#include "lib_struct_sizes.h"
