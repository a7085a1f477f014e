/* Opens executables with libelf; finds sections and symbols. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"

int image_open(struct image *image, const char *path)
{
	Elf_Scn *section = NULL;

	*image = (struct image){
		.path = hcc_format("%s", path), .fd = open(path, O_RDONLY | O_CLOEXEC)};
	if (image->fd < 0)
		return hcc_error("%s: %s", path, strerror(errno));
	image->elf = elf_begin(image->fd, ELF_C_READ_MMAP, NULL);
	image->header =
		image->elf && elf_kind(image->elf) == ELF_K_ELF ? elf64_getehdr(image->elf) : NULL;
	if (!image->header || image->header->e_type != ET_EXEC ||
	    elf_getshdrstrndx(image->elf, &image->names_idx) < 0)
		return hcc_error("%s: not a static executable", path);
	while ((section = elf_nextscn(image->elf, section))) {
		const Elf64_Shdr *header = elf64_getshdr(section);
		Elf_Data *data;

		if (!header || header->sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		if (!data)
			return hcc_error("%s: %s", path, elf_errmsg(-1));
		image->symbols = data->d_buf;
		image->n_symbols = data->d_size / sizeof(Elf64_Sym);
		image->strings_idx = header->sh_link;
	}
	return 0;
}

void image_close(struct image *image)
{
	elf_end(image->elf);
	if (image->fd > 0)
		close(image->fd);
	free(image->path);
	*image = (struct image){ 0 };
}

const char *image_symbol_name(const struct image *image, const Elf64_Sym *symbol)
{
	const char *name = elf_strptr(image->elf, image->strings_idx, symbol->st_name);

	return name ? name : "";
}

const Elf64_Shdr *image_section(const struct image *image, const char *name, const char **data)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(image->elf, section))) {
		const Elf64_Shdr *header = elf64_getshdr(section);
		const char *found = header ?
			elf_strptr(image->elf, image->names_idx, header->sh_name) : NULL;

		if (!found || strcmp(found, name))
			continue;
		if (data) {
			Elf_Data *contents = elf_rawdata(section, NULL);

			*data = contents && contents->d_size == header->sh_size ?
				contents->d_buf : NULL;
		}
		return header;
	}
	return NULL;
}

const Elf64_Sym *image_symbol(const struct image *image, const char *name)
{
	for (size_t i = 0; i < image->n_symbols; i++)
		if (image->symbols[i].st_shndx != SHN_UNDEF &&
		    !strcmp(image_symbol_name(image, &image->symbols[i]), name))
			return &image->symbols[i];
	return NULL;
}
