/* What the parts of image.h need of each other. */
#ifndef HCC_VERIFY_IMAGE_PRIVATE_H
#define HCC_VERIFY_IMAGE_PRIVATE_H

#include "image.h"

/* Find the table of call sites and check that all its offsets lie within it.
 * Returns 0, also when there is none; -1 with a problem to be freed. */
int table_open(struct image *image, char **problem);

/* Fill in the functions, from symbols or, without those, from the table and .eh_frame. */
void functions_find(struct image *image);

/* Fill in the polls. */
void polls_find(struct image *image);

/* Fill in what image_is_referred knows. */
void references_find(struct image *image);

#endif
