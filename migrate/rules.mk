# hcc-migrate. It checks snapshots by the runtime's own code, compiled for the host.

PROGRAMS += bin/hcc-migrate

migrate_objs = main error isa image process file status report final request take move far stream receive restore gate \
	inspect clones descriptors objects sockets tcp tcp_read tcp_make segment lock shared extract

bin/hcc-migrate: $(migrate_objs:%=obj/migrate/%.o) obj/runtime/snapshot.o obj/runtime/hash.o obj/runtime/match.o obj/runtime/states.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ELF_LIBS) $(ZSTD_LIBS)
