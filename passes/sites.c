/* The section that tells the table builder what the stack map does not: types, source lines, resume
 * clones (hcc_format.h, struct hcc_sites_function). One constant per function, the same for every
 * ISA. */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "liveness.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	char *data;
	size_t n, capacity;
};

static void put(struct bytes *b, const void *data, size_t n)
{
	if (b->n + n > b->capacity) {
		b->capacity = 2 * (b->n + n);
		b->data = hcc_realloc(b->data, b->capacity);
	}
	if (n)
		memcpy(b->data + b->n, data, n);
	b->n += n;
}

static void pad(struct bytes *b, size_t align)
{
	static const char zeros[8];

	put(b, zeros, -b->n & (align - 1));
}

static void put_site(struct bytes *b, const struct hcc_site *site)
{
	struct hcc_sites_site head = {
		.line = site->line,
		.n_values = (uint16_t)site->n_values,
		.flags = (uint16_t)site->flags,
	};

	put(b, &head, sizeof head);
	for (uint32_t i = 0; i < site->n_values; i++) {
		uint8_t type = (uint8_t)hcc_value_type(hcc_recorded_type(site->values[i]));

		put(b, &type, 1);
	}
	pad(b, 4);
}

static LLVMValueRef constant_record(struct hcc_unit *unit, const struct hcc_function *f,
	size_t id, const struct bytes *tail, size_t strings_off)
{
	LLVMModuleRef m = unit->module;
	LLVMValueRef fields[] = {
		hcc_const_int(m, 64, sizeof(struct hcc_sites_function) + tail->n),
		f->function,
		f->resume ? f->resume : LLVMConstNull(hcc_ptr_type(m)),
		hcc_const_int(m, 32, id),
		hcc_const_int(m, 32, f->n_sites),
		hcc_const_int(m, 32, f->flags),
		hcc_const_int(m, 32, strings_off),
		LLVMConstStringInContext2(unit->context, tail->data, tail->n, 1),
	};

	return LLVMConstStructInContext(unit->context, fields, sizeof fields / sizeof *fields, 1);
}

static void emit(struct hcc_unit *unit, const struct hcc_function *f, size_t id)
{
	struct bytes tail = { 0 };
	size_t length, strings_off;
	const char *name = LLVMGetValueName2(f->function, &length), *file;
	LLVMValueRef record, g;

	for (uint32_t s = 0; s < f->n_sites; s++)
		put_site(&tail, &f->sites[s]);
	strings_off = sizeof(struct hcc_sites_function) + tail.n;
	put(&tail, name, length + 1);
	file = LLVMGetSourceFileName(unit->module, &length);
	put(&tail, file, length);
	put(&tail, "", 1);
	pad(&tail, 8);
	record = constant_record(unit, f, id, &tail, strings_off);
	g = LLVMAddGlobal(unit->module, LLVMTypeOf(record), "hcc.sites");
	LLVMSetInitializer(g, record);
	LLVMSetGlobalConstant(g, 1);
	LLVMSetLinkage(g, LLVMInternalLinkage);
	LLVMSetSection(g, HCC_SITES_SECTION);
	LLVMSetAlignment(g, 8);
	free(tail.data);
}

void hcc_emit_sites(struct hcc_unit *unit)
{
	for (size_t i = 0; i < unit->n_functions; i++)
		emit(unit, &unit->functions[i], i);
}
