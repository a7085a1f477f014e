# What the tests, the demo and the benchmarks leave behind.
CLEAN += check demo

include $(srcdir)/tests/fuzz/rules.mk
