/* What follows runs only in a move: before whole files by rules.mk, or before the rest of one. */
#pragma clang section text = ".text.hcc-moves"
