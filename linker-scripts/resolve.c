/* Symbol resolution over archives. Undefined and multiply defined symbols are left to lld, which
 * reports them with their places. */
#include "resolve.h"

#include <string.h>
#include <unistd.h>

#include "diag.h"

_Static_assert(HCC_MAX_ISAS <= 8, "struct symbol_state has 8 bits");

struct resolver {
	struct resolution *out;
	const struct options *options;
	struct archive *group[256]; /* archives of the group at hand, or the last archive */
	size_t n_group;
	bool in_group;
	bool whole[16]; /* of --push-state: the last is in force */
	size_t depth;
};

static struct symbol_state *symbol_at(struct resolution *resolution, uint32_t idx)
{
	resolution->symbols = hcc_grow(resolution->symbols, &resolution->symbols_capacity,
				       (size_t)idx + 1, sizeof *resolution->symbols);
	return &resolution->symbols[idx];
}

static bool is_definition(const Elf64_Sym *symbol)
{
	return ELF64_ST_BIND(symbol->st_info) != STB_LOCAL && symbol->st_shndx != SHN_UNDEF &&
	       symbol->st_name;
}

static bool is_strong_reference(const Elf64_Sym *symbol)
{
	return ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL && symbol->st_shndx == SHN_UNDEF &&
	       symbol->st_name;
}

/* Number the symbols that an archive's member defines. */
static void index_member(struct resolution *resolution, struct object *object, size_t n_isas)
{
	for (size_t i = 0; i < n_isas; i++) {
		size_t capacity = 0;

		for (const struct piece *piece = object->pieces[i]; piece; piece = piece->next)
			for (size_t s = 0; s < piece->n_symbols; s++) {
				const Elf64_Sym *symbol = &piece->symbols[s];

				if (!is_definition(symbol))
					continue;
				object->defined[i] = hcc_grow(object->defined[i], &capacity,
							      object->n_defined[i] + 1,
							      sizeof *object->defined[i]);
				object->defined[i][object->n_defined[i]++] =
					strmap_add(&resolution->names,
						   piece_symbol_name(piece, symbol));
			}
	}
}

/* A reference to X is one to __wrap_X, and one to __real_X one to X. That X may be needed no more is not
 * looked at: a member too many does no harm. */
static void note_wrapped(struct resolution *resolution, const struct options *options,
			 const char *name, size_t isa_idx)
{
	for (size_t i = 0; i < options->wrapped.n; i++) {
		const char *wrapped = options->wrapped.items[i], *other = NULL;

		if (!strcmp(name, wrapped))
			other = hcc_format("__wrap_%s", name);
		else if (!strncmp(name, "__real_", 7) && !strcmp(name + 7, wrapped))
			other = wrapped;
		if (other)
			symbol_at(resolution, strmap_add(&resolution->names, other))->needed |=
				(uint8_t)(1u << isa_idx);
	}
}

static void note_symbols(struct resolution *resolution, const struct options *options,
			 const struct object *object, size_t isa_idx)
{
	for (const struct piece *piece = object->pieces[isa_idx]; piece; piece = piece->next)
		for (size_t s = 0; s < piece->n_symbols; s++) {
			const Elf64_Sym *symbol = &piece->symbols[s];
			struct symbol_state *state;

			if (!is_definition(symbol) && !is_strong_reference(symbol))
				continue;
			state = symbol_at(resolution,
					  strmap_add(&resolution->names,
						     piece_symbol_name(piece, symbol)));
			if (is_definition(symbol))
				state->defined |= (uint8_t)(1u << isa_idx);
			else
				state->needed |= (uint8_t)(1u << isa_idx);
			if (is_strong_reference(symbol))
				note_wrapped(resolution, options, piece_symbol_name(piece, symbol),
					     isa_idx);
		}
}

static int take(struct resolver *resolver, struct object *object)
{
	const struct options *options = resolver->options;
	struct resolution *out = resolver->out;

	for (size_t i = 0; i < options->n_isas && !object->builtin; i++)
		if (!object->pieces[i])
			return hcc_error("%s: has no %s object; was it compiled by hcc?",
					 object->name, options->isas[i]->name);
	object->taken = true;
	out->objects = hcc_grow(out->objects, &out->capacity, out->n_objects + 1,
				sizeof *out->objects);
	out->objects[out->n_objects++] = object;
	for (size_t i = 0; i < options->n_isas; i++)
		note_symbols(out, options, object, i);
	return object_read_sections(object, options->n_isas);
}

static bool is_needed(struct resolution *resolution, const struct object *object, size_t n_isas)
{
	for (size_t i = 0; i < n_isas; i++)
		for (size_t d = 0; d < object->n_defined[i]; d++) {
			struct symbol_state *state = symbol_at(resolution, object->defined[i][d]);

			if ((state->needed & ~state->defined) >> i & 1)
				return true;
		}
	return false;
}

/* Take members until no more is needed. Returns how many, or -1. */
static int search_archive(struct resolver *resolver, struct archive *archive)
{
	int n_taken = 0, n_before;

	do {
		n_before = n_taken;
		for (size_t i = 0; i < archive->n_members; i++) {
			struct object *member = archive->members[i];

			if (member->taken ||
			    !is_needed(resolver->out, member, resolver->options->n_isas))
				continue;
			if (take(resolver, member) < 0)
				return -1;
			n_taken++;
		}
	} while (n_taken != n_before);
	return n_taken;
}

static int search_group(struct resolver *resolver)
{
	int n_taken = 0, n_before;

	do {
		n_before = n_taken;
		for (size_t i = 0; i < resolver->n_group; i++) {
			int n = search_archive(resolver, resolver->group[i]);

			if (n < 0)
				return -1;
			n_taken += n;
		}
	} while (n_taken != n_before);
	return n_taken;
}

static int add_archive(struct resolver *resolver, struct archive *archive)
{
	for (size_t i = 0; i < archive->n_members; i++) {
		index_member(resolver->out, archive->members[i], resolver->options->n_isas);
		if (resolver->whole[resolver->depth] && take(resolver, archive->members[i]) < 0)
			return -1;
	}
	if (!resolver->in_group)
		resolver->n_group = 0;
	if (resolver->n_group == sizeof resolver->group / sizeof *resolver->group)
		return hcc_error("%s: too many archives in one group", archive->name);
	resolver->group[resolver->n_group++] = archive;
	return resolver->in_group ? 0 : search_archive(resolver, archive);
}

static int add_file(struct resolver *resolver, const char *path)
{
	struct string_list *files = &resolver->out->files;
	struct object *object;
	struct archive *archive;

	if (input_open(resolver->options, path, -1, &object, &archive) < 0)
		return -1;
	files->items = hcc_grow(files->items, &files->capacity, files->n + 1, sizeof *files->items);
	files->items[files->n++] = path;
	return object ? take(resolver, object) : add_archive(resolver, archive);
}

/* -lNAME: libNAME.a; -l:NAME: NAME. */
static int add_library(struct resolver *resolver, const char *name)
{
	const struct string_list *dirs = &resolver->options->library_dirs;

	for (size_t i = 0; i < dirs->n; i++) {
		char *path = *name == ':' ? hcc_format("%s/%s", dirs->items[i], name + 1) :
					    hcc_format("%s/lib%s.a", dirs->items[i], name);

		if (access(path, R_OK) == 0)
			return add_file(resolver, path);
	}
	return hcc_error("cannot find -l%s", name);
}

static int add_input(struct resolver *resolver, const struct input_arg *input)
{
	switch (input->kind) {
	case INPUT_FILE: return add_file(resolver, input->text);
	case INPUT_LIBRARY: return add_library(resolver, input->text);
	case INPUT_WHOLE: resolver->whole[resolver->depth] = true; return 0;
	case INPUT_NO_WHOLE: resolver->whole[resolver->depth] = false; return 0;
	case INPUT_PUSH_STATE:
		if (resolver->depth + 1 == sizeof resolver->whole / sizeof *resolver->whole)
			return hcc_error("--push-state: too deep");
		resolver->whole[resolver->depth + 1] = resolver->whole[resolver->depth];
		resolver->depth++;
		return 0;
	case INPUT_POP_STATE:
		if (!resolver->depth)
			return hcc_error("--pop-state without --push-state");
		resolver->depth--;
		return 0;
	case INPUT_GROUP_START:
		if (resolver->in_group)
			return hcc_error("--start-group inside a group");
		resolver->in_group = true;
		resolver->n_group = 0;
		return 0;
	case INPUT_GROUP_END:
		if (!resolver->in_group)
			return hcc_error("--end-group without --start-group");
		resolver->in_group = false;
		return search_group(resolver);
	}
	return 0;
}

/* Members of compiler-rt for each ISA, and what they need from the last group. */
static int add_builtins(struct resolver *resolver)
{
	const struct options *options = resolver->options;
	struct archive *builtins[HCC_MAX_ISAS] = { 0 };
	int n_taken;

	for (size_t i = 0; i < options->n_isas; i++) {
		struct object *object;

		if (!options->builtins[i])
			continue;
		if (input_open(options, options->builtins[i], (int)i, &object, &builtins[i]) < 0)
			return -1;
		if (!builtins[i])
			return hcc_error("%s: not an archive", options->builtins[i]);
		for (size_t m = 0; m < builtins[i]->n_members; m++)
			index_member(resolver->out, builtins[i]->members[m], options->n_isas);
	}
	do {
		n_taken = 0;
		for (size_t i = 0; i < options->n_isas; i++) {
			int n = builtins[i] ? search_archive(resolver, builtins[i]) : 0;

			if (n < 0)
				return -1;
			n_taken += n;
		}
		if (n_taken && search_group(resolver) < 0)
			return -1;
	} while (n_taken);
	return 0;
}

static void need_everywhere(struct resolution *resolution, const char *name, size_t n_isas)
{
	symbol_at(resolution, strmap_add(&resolution->names, name))->needed =
		(uint8_t)((1u << n_isas) - 1);
}

int resolve_inputs(struct resolution *resolution, const struct options *options)
{
	struct resolver resolver = { .out = resolution, .options = options };

	need_everywhere(resolution, options->entry, options->n_isas);
	for (size_t i = 0; i < options->undefined.n; i++)
		need_everywhere(resolution, options->undefined.items[i], options->n_isas);
	for (size_t i = 0; i < options->n_inputs; i++)
		if (add_input(&resolver, &options->inputs[i]) < 0)
			return -1;
	if (resolver.in_group)
		return hcc_error("--start-group without --end-group");
	return add_builtins(&resolver);
}
