/* Writes an ELF relocatable by libelf. */
#include "metaobj.h"

#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "hcc_format.h"

static const char names[] = "\0" HCC_META_SECTION "\0" HCC_CLONES_SECTION "\0.shstrtab\0.note.GNU-stack";

static Elf_Scn *add_section(Elf *elf, const char *name, uint32_t type, uint64_t flags, void *data,
			    size_t bytes)
{
	Elf_Scn *section = elf_newscn(elf);
	Elf64_Shdr *header = section ? elf64_getshdr(section) : NULL;
	Elf_Data *contents = section ? elf_newdata(section) : NULL;

	if (!header || !contents)
		return NULL;
	for (size_t i = 1; i < sizeof names; i += strlen(names + i) + 1)
		if (!strcmp(names + i, name))
			header->sh_name = (uint32_t)i;
	header->sh_type = type;
	header->sh_flags = flags;
	contents->d_buf = data;
	contents->d_size = bytes;
	contents->d_align = type == SHT_PROGBITS ? 16 : 1;
	contents->d_version = EV_CURRENT;
	return section;
}

static int write_elf(Elf *elf, const struct hcc_isa *isa, const struct buffer *blob, bool has_clones)
{
	Elf64_Ehdr *header = elf64_newehdr(elf);
	Elf_Scn *strings;

	if (!header)
		return -1;
	header->e_ident[EI_DATA] = ELFDATA2LSB;
	header->e_type = ET_REL;
	header->e_machine = isa->elf_machine;
	header->e_version = EV_CURRENT;
	if (!add_section(elf, HCC_META_SECTION, SHT_PROGBITS, SHF_ALLOC, blob->data, blob->bytes) ||
	    (has_clones && !add_section(elf, HCC_CLONES_SECTION, SHT_PROGBITS, 0, (void *)names, 1)) ||
	    !add_section(elf, ".note.GNU-stack", SHT_PROGBITS, 0, NULL, 0))
		return -1;
	strings = add_section(elf, ".shstrtab", SHT_STRTAB, 0, (void *)names, sizeof names);
	if (!strings)
		return -1;
	header->e_shstrndx = (uint16_t)elf_ndxscn(strings);
	return elf_update(elf, ELF_C_WRITE) < 0 ? -1 : 0;
}

int metaobj_write(const char *path, const struct hcc_isa *isa, const struct buffer *blob, bool has_clones)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), result;
	Elf *elf;

	if (fd < 0)
		return hcc_error("%s: %s", path, strerror(errno));
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	result = elf ? write_elf(elf, isa, blob, has_clones) : -1;
	if (result)
		hcc_error("%s: %s", path, elf_errmsg(-1));
	elf_end(elf);
	close(fd);
	return result;
}
