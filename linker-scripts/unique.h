/* Two compiles of the same words, as two objects of one program. */
#ifndef HCC_LD_UNIQUE_H
#define HCC_LD_UNIQUE_H

#include "resolve.h"

/* Give the sections of an object whose <tu> (hcc_format.h, "Sections of an object") an earlier object has
 * another one: in piece->sections, and in piece->names, which goes into the extracted copy. A cache
 * of compiles (ccache) hands out one object for two files that say the same, and an object may be
 * linked twice. Those in COMDAT groups stay as they are: one of them is dropped. Needs
 * object_read_sections. */
void make_names_unique(const struct resolution *resolution, const struct options *options);

#endif
