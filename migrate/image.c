/* Executables made by hcc: their table, and names for addresses. */
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../runtime/hcc_unpack.h"

Elf_Scn *image_section(Elf *elf, const char *name)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *s;

		if (gelf_getshdr(section, &header)
				&& (s = elf_strptr(elf, names, header.sh_name))
				&& !strcmp(s, name))
			return section;
	}
	return NULL;
}

static int read_meta(struct image *out, Elf *elf, struct error *e)
{
	Elf_Scn *section = image_section(elf, HCC_META_SECTION);
	Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;
	const struct hcc_meta_header *m;

	if (!data || !data->d_buf || data->d_size < sizeof *m) {
		fail(e, "%s: not built by hcc", out->path);
		return 0;
	}
	out->meta = malloc(data->d_size);
	if (!out->meta)
		return fail(e, "%s: %s", out->path, strerror(ENOMEM));
	memcpy(out->meta, data->d_buf, data->d_size);
	m = out->meta;
	if (memcmp(m->magic, HCC_META_MAGIC, sizeof m->magic))
		return fail(e, "%s: table of hcc has no magic number", out->path);
	if (m->version != HCC_META_VERSION)
		return fail(e, "%s: table of hcc has version %u, expected %u", out->path,
			m->version, HCC_META_VERSION);
	out->isa = isa_by_id(m->isa);
	if (!out->isa)
		return fail(e, "%s: table of hcc is for an unknown ISA %u", out->path, m->isa);
	if (m->bytes > data->d_size || hcc_meta_check(m))
		return fail(e, "%s: table of hcc is damaged", out->path);
	return 1;
}

int image_open(struct image *out, const char *path, struct error *e)
{
	Elf *elf = NULL;
	struct stat st;
	int result;

	/* What is no file must not hold us up. */
	*out = (struct image){.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
	snprintf(out->path, sizeof out->path, "%s", path);
	if (out->fd < 0 || fstat(out->fd, &st)) {
		result = errno == ENOENT ? 0 : -1;
		fail(e, "%s: %s", path, strerror(errno));
		image_close(out);
		return result;
	}
	if (!S_ISREG(st.st_mode)) {
		fail(e, "%s: not a regular file", path);
		image_close(out);
		return 0;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(out->fd, ELF_C_READ, NULL);
	result = 0;
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		fail(e, "%s: not an ELF executable", path);
	else
		result = read_meta(out, elf, e);
	elf_end(elf);
	if (result <= 0)
		image_close(out);
	return result;
}

int write_bytes(int fd, const void *bytes, size_t n_bytes)
{
	const char *at = bytes;

	while (n_bytes) {
		ssize_t n = write(fd, at, n_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		n_bytes -= (size_t)n;
	}
	return 0;
}

/* All of a file that appears whole. */
static int write_whole(const char *path, const void *bytes, size_t n_bytes, struct error *e)
{
	char temporary[PATH_MAX + 32];
	int fd;

	snprintf(temporary, sizeof temporary, "%s.hcc-%ld", path, (long)getpid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
	if (fd < 0)
		return fail(e, "%s: %s", temporary, strerror(errno));
	if (write_bytes(fd, bytes, n_bytes) || close(fd) || rename(temporary, path)) {
		fail(e, "%s: %s", path, strerror(errno));
		unlink(temporary);
		return -1;
	}
	return 0;
}

int image_extract(const struct image *image, const struct isa *isa, const char *path,
	struct error *e)
{
	const struct hcc_fat_header *record = NULL;
	Elf *elf = elf_begin(image->fd, ELF_C_READ, NULL);
	Elf_Scn *section;
	Elf_Data *data;
	char name[64];
	int result;

	snprintf(name, sizeof name, HCC_EXE_SECTION_PREFIX "%s", isa->name);
	section = elf ? image_section(elf, name) : NULL;
	data = section ? elf_rawdata(section, NULL) : NULL;
	if (data && data->d_buf)
		record = data->d_buf;
	if (!section) {
		fail(e, "%s: carries no executable for %s", image->path, isa->name);
		result = 0;
	} else if (!record || data->d_size < sizeof *record
			|| memcmp(record->magic, HCC_FAT_MAGIC, sizeof record->magic)
			|| record->elf_bytes > data->d_size - sizeof *record) {
		result = fail(e, "%s: section %s is damaged", image->path, name);
	} else {
		result = write_whole(path, record + 1, record->elf_bytes, e) ? -1 : 1;
	}
	elf_end(elf);
	return result;
}

void image_close(struct image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	if (image->clones_fd > 0)
		close(image->clones_fd);
	free(image->meta);
	*image = (struct image){.fd = -1};
}

/* The name of the last symbol at or below pc. */
static void find_symbol(Elf *elf, uint64_t pc, char *out, size_t bytes)
{
	Elf_Scn *section = image_section(elf, ".symtab");
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	uint64_t best = 0;
	GElf_Shdr header;
	GElf_Sym symbol;

	if (!data || !gelf_getshdr(section, &header))
		return;
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		const char *name;
		int type = GELF_ST_TYPE(symbol.st_info);

		if ((type != STT_FUNC && type != STT_NOTYPE) || symbol.st_shndx == SHN_UNDEF
				|| symbol.st_shndx >= SHN_LORESERVE
				|| symbol.st_value >= pc || symbol.st_value < best
				|| (type == STT_NOTYPE && symbol.st_value == best))
			continue;
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (!name || !*name || *name == '$')
			continue;
		best = symbol.st_value;
		snprintf(out, bytes, "%s", name);
	}
}

const char *image_function_at(const struct image *image, uint64_t pc)
{
	static char name[256];
	Elf *elf = elf_begin(image->fd, ELF_C_READ, NULL);

	snprintf(name, sizeof name, "?");
	if (elf)
		find_symbol(elf, pc, name, sizeof name);
	elf_end(elf);
	return name;
}

struct hcc_meta_site image_site(const struct image *image, uint32_t site_idx)
{
	struct hcc_meta_site site;

	if (hcc_meta_find_site(image->meta, site_idx, &site))
		return (struct hcc_meta_site){0};
	return site;
}

const struct hcc_meta_function *image_function(const struct image *image, uint32_t function_idx)
{
	return (const struct hcc_meta_function *)((char *)image->meta
		+ image->meta->functions_off) + function_idx;
}

const char *image_string(const struct image *image, uint32_t off)
{
	return (const char *)image->meta + image->meta->strings_off + off;
}
