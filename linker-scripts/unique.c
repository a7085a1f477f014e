/* Renames sections of objects that are in a program twice. Only digits change: no string grows. */
#include "unique.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

enum { ID_DIGITS = 16 };

struct ids {
	struct strmap map;
	size_t *objects; /* by number in map: the first object that has it */
	size_t capacity;
};

/* The <tu> in the name of a shared section, or NULL. */
static const char *find_id(const struct input_section *section)
{
	const char *id;

	if (!class_is_shared(section->class) || class_is_joined(section->class) ||
	    section->flags & SHF_GROUP || !(id = strstr(section->name, ".hcc.")))
		return NULL;
	id += strlen(".hcc.");
	for (int i = 0; i < ID_DIGITS; i++)
		if (!isxdigit((unsigned char)id[i]))
			return NULL;
	return id[ID_DIGITS] == '.' ? id : NULL;
}

/* The piece's names of sections, to be written to. */
static char *own_names(struct piece *piece)
{
	size_t idx;
	const Elf64_Shdr *header;

	if (piece->names)
		return piece->names;
	if (elf_getshdrstrndx(piece->elf, &idx) < 0 ||
	    !(header = elf64_getshdr(elf_getscn(piece->elf, idx))))
		hcc_bug("no names of sections");
	piece->names_off = header->sh_offset;
	piece->names_bytes = header->sh_size;
	piece->names = hcc_alloc(piece->names_bytes);
	memcpy(piece->names, piece->image + piece->names_off, piece->names_bytes);
	return piece->names;
}

/* The same for an object on all ISAs, and another for each object. */
static void rename_section(struct piece *piece, size_t idx, const char *id, size_t object)
{
	struct input_section *section = &piece->sections[idx];
	const Elf64_Shdr *header = elf64_getshdr(elf_getscn(piece->elf, idx));
	char digits[ID_DIGITS + 1];
	char *name = own_names(piece) + header->sh_name;

	snprintf(digits, sizeof digits, "%016llx",
		 strtoull(id, NULL, 16) + object * 0x9e3779b97f4a7c15ull);
	memcpy(name + (id - section->name), digits, ID_DIGITS);
	section->name = name;
}

static void look_at(struct ids *ids, struct piece *piece, size_t object)
{
	for (size_t s = 1; s < piece->n_sections; s++) {
		const char *id = find_id(&piece->sections[s]);
		size_t n = ids->map.n_entries;
		uint32_t number;

		if (!id)
			continue;
		number = strmap_add_bytes(&ids->map, id, ID_DIGITS);
		if (ids->map.n_entries > n) {
			ids->objects = hcc_grow(ids->objects, &ids->capacity, n + 1,
						sizeof *ids->objects);
			ids->objects[n] = object;
		} else if (ids->objects[number] != object) {
			rename_section(piece, s, id, object);
		}
	}
}

void make_names_unique(const struct resolution *resolution, const struct options *options)
{
	struct ids ids = { 0 };

	for (size_t o = 0; o < resolution->n_objects; o++)
		for (size_t i = 0; i < options->n_isas; i++) {
			struct piece *piece = resolution->objects[o]->pieces[i];

			for (; piece; piece = piece->next)
				look_at(&ids, piece, o);
		}
	strmap_free(&ids.map);
	free(ids.objects);
}
