# The benchmark: what it measures needs an idle machine, so nothing else runs it.
# make bench BENCH='--quick --only lua' gives bench/run these options.
bench: all
	@BUILD="$(CURDIR)" sh $(srcdir)/bench/run $(BENCH)
.PHONY: bench
CLEAN += bench
