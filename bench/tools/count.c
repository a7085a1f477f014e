/* A plugin for QEMU that counts the instructions a program of another ISA executes, and prints the number
 * at its end as `instructions N` (with -d plugin). It needs no header of QEMU's, which Debian does not
 * ship: what is used of the interface is declared here (docs/devel/tcg-plugins.rst and
 * include/qemu/qemu-plugin.h of QEMU 7.2, version 1 of the interface). */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct qemu_plugin_tb;
enum { INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*)(uint64_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int op, void *, uint64_t add);
void qemu_plugin_register_atexit_cb(uint64_t id, void (*)(uint64_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
void qemu_plugin_outs(const char *);

int qemu_plugin_version = 1;
static uint64_t n_instructions;

/* A block that is left in its midst by a signal or an exception counts as a whole. */
static void translated(uint64_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(block, INLINE_ADD_U64, &n_instructions,
						 qemu_plugin_tb_n_insns(block));
}

static void finished(uint64_t id, void *context)
{
	char line[64];

	(void)id, (void)context;
	snprintf(line, sizeof line, "instructions %llu\n", (unsigned long long)n_instructions);
	qemu_plugin_outs(line);
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info, (void)argc, (void)argv;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
