/* Compresses the segment of the clones, after the second link: what lies behind it in the file moves up, by a
 * multiple of the segments' alignment, so that addresses and offsets still agree; the compressed bytes go to
 * the end, before a new table of section headers. */
#include "compress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "buffer.h"
#include "diag.h"
#include "hcc_format.h"

/* 2 MB of clones in 0.1 s; the levels above gain 8 % and take ten times as long. */
#define LEVEL 12

/* Parts of the file: [0, start), the segment, [behind, n_bytes). */
struct file {
	const struct image *image;
	const char *bytes;
	size_t n_bytes, start, behind;
	Elf64_Phdr segment;
};

static void find_segment(struct file *file)
{
	const Elf64_Shdr *clones = image_section(file->image, HCC_RESUME_SECTION, NULL);
	const Elf64_Phdr *p;

	file->bytes = elf_rawfile(file->image->elf, &file->n_bytes);
	p = (const Elf64_Phdr *)(file->bytes + file->image->header->e_phoff);
	file->behind = file->n_bytes;
	for (size_t i = 0; i < file->image->header->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && clones && clones->sh_addr - p[i].p_vaddr < p[i].p_memsz)
			file->segment = p[i];
	file->start = file->segment.p_offset;
	for (size_t i = 0; i < file->image->header->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && p[i].p_offset > file->start && p[i].p_offset < file->behind)
			file->behind = p[i].p_offset;
	if (!file->start || file->behind == file->n_bytes ||
	    (file->behind - file->start) % file->segment.p_align)
		hcc_bug("%s: no segment of clones to compress", file->image->path);
}

static size_t moved(const struct file *file, size_t off)
{
	return off < file->start ? off :
	       off < file->behind ? file->start : off - (file->behind - file->start);
}

static int add_clones(struct buffer *out, const struct file *file)
{
	size_t bytes = file->segment.p_filesz, room = ZSTD_compressBound(bytes), n;
	struct hcc_clones_header header = {
		.magic = HCC_CLONES_MAGIC, .va = file->segment.p_vaddr, .bytes = bytes,
	};
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	char *packed = hcc_alloc(room);

	if (!zstd)
		hcc_bug("zstd: %s", strerror(ENOMEM));
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(zstd, packed, room, file->bytes + file->start, bytes);
	ZSTD_freeCCtx(zstd);
	if (!ZSTD_isError(n)) {
		buffer_add(out, &header, sizeof header);
		buffer_add(out, packed, n);
	}
	free(packed);
	return ZSTD_isError(n) ? hcc_error("%s: zstd: %s", file->image->path, ZSTD_getErrorName(n)) : 0;
}

static void move_programs(struct buffer *out, const struct file *file)
{
	Elf64_Phdr *p = (void *)(out->data + file->image->header->e_phoff);

	for (size_t i = 0; i < file->image->header->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && p[i].p_offset == file->start)
			p[i] = (Elf64_Phdr){ .p_type = PT_NULL };
		else
			p[i].p_offset = moved(file, p[i].p_offset);
}

/* start, end: of the compressed clones in the output. */
static void add_sections(struct buffer *out, const struct file *f, size_t start, size_t end)
{
	Elf64_Ehdr *header;
	Elf_Scn *scn = NULL;
	size_t off = out->bytes;
	Elf64_Shdr none = *elf64_getshdr(elf_getscn(f->image->elf, 0));

	buffer_add(out, &none, sizeof none);
	while ((scn = elf_nextscn(f->image->elf, scn))) {
		Elf64_Shdr s = *elf64_getshdr(scn);

		if (s.sh_flags & SHF_ALLOC && s.sh_offset >= f->start && s.sh_offset < f->behind &&
		    s.sh_addr - f->segment.p_vaddr <= f->segment.p_memsz)
			s.sh_type = SHT_NOBITS;
		s.sh_offset = moved(f, s.sh_offset);
		if (!strcmp(elf_strptr(f->image->elf, f->image->names_idx, s.sh_name),
			    HCC_CLONES_SECTION)) {
			s.sh_offset = start;
			s.sh_size = end - start;
		}
		buffer_add(out, &s, sizeof s);
	}
	header = (void *)out->data;
	header->e_shoff = off;
}

static void align(struct buffer *out)
{
	buffer_add(out, "\0\0\0\0\0\0\0", -out->bytes & 7);
}

int compress_clones(const struct image *image)
{
	struct file file = { .image = image };
	struct buffer out = { 0 };
	size_t end, start;
	int result;

	find_segment(&file);
	/* The table of section headers is the last part, as lld writes it; else it stays, unused. */
	end = image->header->e_shoff + image->header->e_shnum * sizeof(Elf64_Shdr) == file.n_bytes ?
		image->header->e_shoff : file.n_bytes;
	buffer_add(&out, file.bytes, file.start);
	buffer_add(&out, file.bytes + file.behind, end - file.behind);
	align(&out);
	start = out.bytes;
	result = add_clones(&out, &file);
	end = out.bytes;
	if (!result) {
		align(&out);
		add_sections(&out, &file, start, end);
		move_programs(&out, &file);
		result = buffer_write(&out, image->path);
	}
	buffer_free(&out);
	return result;
}
