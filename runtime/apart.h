/* Put before what runs only in a move (rules.mk). */
#pragma clang section text = ".text.hcc-moves"
