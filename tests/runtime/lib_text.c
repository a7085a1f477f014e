/* For the host.
 *   text PID FILE         how many bytes of the executable segments of FILE differ in the process, and its
 *                         executable memory that is anonymous, or writable as well
 *   text --filter APP...  run APP where no memory can be made executable */
#include <elf.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int filter(char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 77;
	execv(argv[0], argv);
	return 1;
}

static unsigned long differing(FILE *file, FILE *memory, const Elf64_Phdr *segment)
{
	char *want = malloc(segment->p_filesz), *got = malloc(segment->p_filesz);
	unsigned long n = 0;

	if (!want || !got || fseek(file, (long)segment->p_offset, SEEK_SET) ||
	    fread(want, 1, segment->p_filesz, file) != segment->p_filesz ||
	    fseek(memory, (long)segment->p_vaddr, SEEK_SET) ||
	    fread(got, 1, segment->p_filesz, memory) != segment->p_filesz)
		exit(1);
	for (size_t i = 0; i < segment->p_filesz; i++)
		n += want[i] != got[i];
	free(want);
	free(got);
	return n;
}

int main(int argc, char **argv)
{
	char path[64], line[4096], protection[8], name[4096];
	unsigned long n = 0;
	FILE *file, *memory, *maps;
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	if (argc > 2 && !strcmp(argv[1], "--filter"))
		return filter(argv + 2);
	snprintf(path, sizeof path, "/proc/%s/mem", argv[1]);
	memory = fopen(path, "r");
	file = fopen(argv[2], "r");
	snprintf(path, sizeof path, "/proc/%s/maps", argv[1]);
	maps = fopen(path, "r");
	if (!memory || !file || !maps || fread(&header, sizeof header, 1, file) != 1)
		return 1;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		if (fseek(file, (long)(header.e_phoff + i * sizeof segment), SEEK_SET) ||
		    fread(&segment, sizeof segment, 1, file) != 1)
			return 1;
		if (segment.p_type == PT_LOAD && segment.p_flags & PF_X)
			n += differing(file, memory, &segment);
	}
	printf("%lu bytes differ\n", n);
	while (fgets(line, sizeof line, maps)) {
		int n_fields = sscanf(line, "%*s %7s %*s %*s %*s %4095s", protection, name);

		if (n_fields >= 1 && protection[2] == 'x' && (protection[1] == 'w' || n_fields == 1))
			fputs(line, stdout);
	}
	return 0;
}
