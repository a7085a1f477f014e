/* Move every alloca to the portable stack, whose layout is fixed here, in the IR, so that a pointer
 * to a local has one value on every ISA. The native stack then holds only what code generation puts
 * there.
 *
 *     %a = alloca i32              %old = load ptr, @__hcc_psp
 *     ...                          %base = getelementptr i8, %old, -16
 *     ret                    -->   store %base, @__hcc_psp; fence
 *                                  %a = getelementptr i8, %base, 0
 *                                  ...
 *                                  fence; store (%base + 16), @__hcc_psp
 *                                  ret
 *
 * The single-thread fences keep accesses to the frame between the two stores also as a signal
 * handler sees them. Frames and the pointer are 16-aligned; a frame that needs more is aligned at
 * run time and keeps the old pointer in itself, so that no value but %base is live throughout.
 *
 * A function may have several frames, each where its allocas are needed only (regions.c).
 */
#include "ir.h"
#include "passes.h"
#include "regions.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_ALIGN 16
#define BASE_NAME "hcc.base"
/* What a small frame's addresses are made from is the old pointer, which is to be restored; else both would
 * be kept. AArch64 reaches as far below an address by one instruction. */
#define FROM_OLD_BYTES 256

struct frame {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	LLVMValueRef psp;         /* the thread-local @__hcc_psp */
	LLVMValueRef base;
	int64_t base_off;         /* from the lowest address of the frame */
	bool from_old;            /* base is the old pointer */
	uint64_t bytes, align;
	uint64_t old_off;         /* where an over-aligned frame keeps the old pointer */
	struct hcc_list statics;
	uint64_t *offset;         /* of each of them */
};

/* What of a function matters. */
struct survey {
	struct hcc_list statics, dynamics, saves, restores, markers;
	bool has_setjmp, over_aligned;
};

static LLVMValueRef psp_global(LLVMModuleRef module)
{
	LLVMValueRef g = LLVMGetNamedGlobal(module, "__hcc_psp");

	if (!g) {
		g = LLVMAddGlobal(module, hcc_ptr_type(module), "__hcc_psp");
		LLVMSetThreadLocalMode(g, LLVMLocalExecTLSModel);
		LLVMSetAlignment(g, 8);
	}
	return g;
}

static LLVMValueRef psp_address(struct frame *frame)
{
	LLVMTypeRef ptr = hcc_ptr_type(frame->unit->module);
	LLVMTypeRef type = LLVMFunctionType(ptr, &ptr, 1, 0);
	LLVMValueRef f = hcc_declare(frame->unit->module, "llvm.threadlocal.address.p0", type);

	return LLVMBuildCall2(frame->builder, type, f, &frame->psp, 1, "");
}

static LLVMValueRef load_psp(struct frame *frame, const char *name)
{
	return LLVMBuildLoad2(frame->builder, hcc_ptr_type(frame->unit->module),
		psp_address(frame), name);
}

static void fence(struct frame *frame)
{
	LLVMBuildFence(frame->builder, LLVMAtomicOrderingSequentiallyConsistent, 1, "");
}

static void store_psp(struct frame *frame, LLVMValueRef value)
{
	fence(frame);
	LLVMBuildStore(frame->builder, value, psp_address(frame));
	fence(frame);
}

static bool named(LLVMValueRef call, const char *prefix)
{
	return !strncmp(hcc_callee_name(call), prefix, strlen(prefix));
}

static void survey(struct survey *out, LLVMValueRef f)
{
	LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(f);

	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b) {
			LLVMOpcode opcode = LLVMGetInstructionOpcode(i);

			if (opcode == LLVMAlloca && b == entry
					&& LLVMIsAConstantInt(LLVMGetOperand(i, 0))) {
				hcc_list_add(&out->statics, i);
				out->over_aligned |= LLVMGetAlignment(i) > FRAME_ALIGN;
			} else if (opcode == LLVMAlloca)
				hcc_list_add(&out->dynamics, i);
			else if (opcode != LLVMCall)
				continue;
			else if (hcc_call_is_setjmp(i))
				out->has_setjmp = true;
			else if (named(i, "llvm.lifetime."))
				hcc_list_add(&out->markers, i);
			else if (named(i, "llvm.stacksave"))
				hcc_list_add(&out->saves, i);
			else if (named(i, "llvm.stackrestore"))
				hcc_list_add(&out->restores, i);
		}
}

static uint64_t align_up(uint64_t x, uint64_t align)
{
	return (x + align - 1) & -align;
}

static uint64_t alloca_bytes(struct frame *frame, LLVMValueRef alloca)
{
	LLVMTargetDataRef layout = LLVMGetModuleDataLayout(frame->unit->module);

	return LLVMABISizeOfType(layout, LLVMGetAllocatedType(alloca))
		* LLVMConstIntGetZExtValue(LLVMGetOperand(alloca, 0));
}

/* Buffers of variadic arguments are in use one at a time. */
static bool is_variadic_buffer(LLVMValueRef alloca)
{
	size_t length;

	return !strncmp(LLVMGetValueName2(alloca, &length), HCC_VARIADIC_BUFFER,
		strlen(HCC_VARIADIC_BUFFER));
}

/* Give each alloca of the frame its offset. */
static void place(struct frame *frame)
{
	uint64_t buffer_bytes = 0;

	frame->offset = hcc_alloc((frame->statics.n + 1) * sizeof *frame->offset);
	frame->align = FRAME_ALIGN;
	for (size_t i = 0; i < frame->statics.n; i++)
		if (is_variadic_buffer(frame->statics.item[i])
				&& alloca_bytes(frame, frame->statics.item[i]) > buffer_bytes)
			buffer_bytes = alloca_bytes(frame, frame->statics.item[i]);
	frame->bytes = buffer_bytes;
	for (size_t i = 0; i < frame->statics.n; i++) {
		uint64_t align = LLVMGetAlignment(frame->statics.item[i]);

		if (is_variadic_buffer(frame->statics.item[i]))
			continue;
		frame->bytes = align_up(frame->bytes, align);
		frame->offset[i] = frame->bytes;
		frame->bytes += alloca_bytes(frame, frame->statics.item[i]);
		if (align > frame->align)
			frame->align = align;
	}
	if (frame->align > FRAME_ALIGN) {
		frame->old_off = align_up(frame->bytes, 8);
		frame->bytes = frame->old_off + 8;
	}
	frame->bytes = align_up(frame->bytes, frame->align);
}

static LLVMValueRef align_down(struct frame *frame, LLVMValueRef pointer, uint64_t align)
{
	LLVMTypeRef ptr = hcc_ptr_type(frame->unit->module), i64 = hcc_int_type(frame->unit->module, 64);
	LLVMTypeRef params[] = { ptr, i64 };
	LLVMTypeRef type = LLVMFunctionType(ptr, params, 2, 0);
	LLVMValueRef args[] = { pointer, LLVMConstInt(i64, -align, 1) };

	return LLVMBuildCall2(frame->builder, type,
		hcc_declare(frame->unit->module, "llvm.ptrmask.p0.i64", type), args, 2, "");
}

/* One of the ends of the frame, one of which is its base. */
static LLVMValueRef frame_end(struct frame *frame, int64_t off)
{
	return off ? hcc_build_offset(frame->builder, frame->unit->module, frame->base, off, "")
		: frame->base;
}

/* The debug location of prologues and epilogues is the function's, line 0, as a call needs one to be
 * inlinable; nothing is inlined any more, so none is needed. */
static void enter(struct frame *frame, LLVMValueRef before)
{
	LLVMValueRef old;

	LLVMPositionBuilderBefore(frame->builder, before);
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	old = load_psp(frame, "hcc.psp");
	if (frame->align > FRAME_ALIGN) {
		frame->base = hcc_build_offset(frame->builder, frame->unit->module, old,
			-(int64_t)frame->bytes, "");
		frame->base = align_down(frame, frame->base, frame->align);
		LLVMSetValueName2(frame->base, BASE_NAME, strlen(BASE_NAME));
	} else if (frame->from_old && frame->bytes <= FROM_OLD_BYTES) {
		frame->base = old;
		frame->base_off = (int64_t)frame->bytes;
		LLVMSetValueName2(old, BASE_NAME, strlen(BASE_NAME));
	} else {
		frame->base = hcc_build_offset(frame->builder, frame->unit->module, old,
			-(int64_t)frame->bytes, BASE_NAME);
	}
	store_psp(frame, frame_end(frame, -frame->base_off));
	if (frame->align > FRAME_ALIGN)
		LLVMBuildStore(frame->builder, old, hcc_build_offset(frame->builder,
			frame->unit->module, frame->base, (int64_t)frame->old_off, ""));
}

static void leave(struct frame *frame, LLVMValueRef at)
{
	LLVMModuleRef module = frame->unit->module;
	LLVMValueRef before = LLVMGetPreviousInstruction(at), old;

	/* A musttail call must stay right before its ret; it runs on the caller's frame. */
	if (!before || !hcc_is_call(before)
	    || LLVMGetTailCallKind(before) != LLVMTailCallKindMustTail)
		before = at;
	LLVMPositionBuilderBefore(frame->builder, before);
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	if (frame->align > FRAME_ALIGN)
		old = LLVMBuildLoad2(frame->builder, hcc_ptr_type(module),
			hcc_build_offset(frame->builder, module, frame->base,
				(int64_t)frame->old_off, ""), "");
	else
		old = frame_end(frame, (int64_t)frame->bytes - frame->base_off);
	store_psp(frame, old);
}

static void lower_static(struct frame *frame, LLVMValueRef alloca, uint64_t offset, LLVMValueRef before)
{
	LLVMValueRef place;

	LLVMPositionBuilderBefore(frame->builder, before);
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	place = hcc_build_offset(frame->builder, frame->unit->module, frame->base,
		(int64_t)offset - frame->base_off, "");
	LLVMReplaceAllUsesWith(alloca, place);
	LLVMInstructionEraseFromParent(alloca);
}

static void lower_dynamic(struct frame *frame, LLVMValueRef alloca)
{
	LLVMModuleRef module = frame->unit->module;
	LLVMTypeRef i64 = hcc_int_type(module, 64);
	uint64_t align = LLVMGetAlignment(alloca);
	LLVMValueRef bytes, top;

	LLVMPositionBuilderBefore(frame->builder, alloca);
	bytes = LLVMBuildZExtOrBitCast(frame->builder, LLVMGetOperand(alloca, 0), i64, "");
	bytes = LLVMBuildMul(frame->builder, bytes, LLVMConstInt(i64,
		LLVMABISizeOfType(LLVMGetModuleDataLayout(module), LLVMGetAllocatedType(alloca)),
		0), "");
	bytes = LLVMBuildNeg(frame->builder, bytes, "");
	top = load_psp(frame, "");
	top = LLVMBuildGEP2(frame->builder, hcc_int_type(module, 8), top, &bytes, 1, "");
	top = align_down(frame, top, align > FRAME_ALIGN ? align : FRAME_ALIGN);
	store_psp(frame, top);
	LLVMReplaceAllUsesWith(alloca, top);
	LLVMInstructionEraseFromParent(alloca);
}

static void lower_save(struct frame *frame, LLVMValueRef call)
{
	LLVMPositionBuilderBefore(frame->builder, call);
	LLVMReplaceAllUsesWith(call, load_psp(frame, ""));
	LLVMInstructionEraseFromParent(call);
}

static void lower_restore(struct frame *frame, LLVMValueRef call)
{
	LLVMPositionBuilderBefore(frame->builder, call);
	store_psp(frame, LLVMGetOperand(call, 0));
	LLVMInstructionEraseFromParent(call);
}

/* Take and give back the frames of a function, and put its static allocas there. */
static void lower_statics(struct hcc_unit *unit, LLVMBuilderRef builder, LLVMValueRef f,
	const struct survey *s)
{
	struct hcc_regions regions;
	struct frame *frames;

	/* A frame that longjmp may look for has a place of its own on the stack. */
	if (s->has_setjmp || s->dynamics.n || s->over_aligned || unit->opt_level == '0')
		hcc_regions_whole(&regions, f, &s->statics);
	else
		hcc_regions_find(&regions, f, &s->statics);
	frames = hcc_alloc(regions.n * sizeof *frames);
	for (size_t i = 0; i < s->statics.n; i++)
		hcc_list_add(&frames[regions.of[i]].statics, s->statics.item[i]);
	/* The first region is around the others: taken first, given back last. */
	for (size_t i = 0; i < regions.n; i++) {
		struct frame *frame = &frames[i];

		frame->unit = unit;
		frame->builder = builder;
		frame->psp = psp_global(unit->module);
		place(frame);
		frame->from_old = unit->opt_level != '0' && !s->has_setjmp;
		if (!frame->bytes && (frame->statics.n || (!i && (s->has_setjmp || s->dynamics.n))))
			frame->bytes = FRAME_ALIGN;
		if (frame->bytes)
			enter(frame, regions.region[i].enter);
	}
	for (size_t i = regions.n; i--;) {
		struct frame *frame = &frames[i];

		if (!frame->bytes)
			continue;
		for (size_t k = 0; k < regions.region[i].leave.n; k++)
			leave(frame, regions.region[i].leave.item[k]);
		hcc_move_variables(unit->module, f, &frame->statics, frame->offset, frame->base_off,
			frame->base);
	}
	for (size_t i = 0; i < regions.n; i++) {
		struct frame *frame = &frames[i];
		bool at_entry = frame->base
			&& LLVMGetInstructionParent(frame->base) == LLVMGetEntryBasicBlock(f);

		for (size_t k = 0; k < frame->statics.n; k++)
			lower_static(frame, frame->statics.item[k], frame->offset[k],
				at_entry ? frame->statics.item[k]
					: LLVMGetNextInstruction(frame->base));
		hcc_list_free(&frame->statics);
		free(frame->offset);
	}
	free(frames);
	hcc_regions_free(&regions);
}

/* What is left of arrays of variable size that the optimiser has made values of: to go back to what was
 * saved would give back the frame of a region that has been taken since. */
static void drop_saves(struct survey *s)
{
	for (size_t i = 0; i < s->restores.n; i++)
		LLVMInstructionEraseFromParent(s->restores.item[i]);
	for (size_t i = 0; i < s->saves.n; i++) {
		LLVMValueRef save = s->saves.item[i];

		LLVMReplaceAllUsesWith(save, LLVMConstNull(LLVMTypeOf(save)));
		LLVMInstructionEraseFromParent(save);
	}
	s->restores.n = s->saves.n = 0;
}

static void lower_function(struct hcc_unit *unit, LLVMBuilderRef builder, LLVMValueRef f)
{
	struct frame frame = { .unit = unit, .builder = builder, .psp = psp_global(unit->module) };
	struct survey s = { 0 };

	survey(&s, f);
	if (!s.dynamics.n)
		drop_saves(&s);
	if (s.statics.n || s.dynamics.n || s.has_setjmp)
		lower_statics(unit, builder, f, &s);
	for (size_t i = 0; i < s.markers.n; i++)
		LLVMInstructionEraseFromParent(s.markers.item[i]);
	for (size_t i = 0; i < s.dynamics.n; i++)
		lower_dynamic(&frame, s.dynamics.item[i]);
	for (size_t i = 0; i < s.saves.n; i++)
		lower_save(&frame, s.saves.item[i]);
	for (size_t i = 0; i < s.restores.n; i++)
		lower_restore(&frame, s.restores.item[i]);
	hcc_list_free(&s.statics);
	hcc_list_free(&s.dynamics);
	hcc_list_free(&s.saves);
	hcc_list_free(&s.restores);
	hcc_list_free(&s.markers);
}

bool hcc_is_frame_base(LLVMValueRef value)
{
	size_t length;

	return !strncmp(LLVMGetValueName2(value, &length), BASE_NAME, strlen(BASE_NAME));
}

LLVMValueRef hcc_frame_base(LLVMValueRef function)
{
	HCC_FOR_INSTRUCTIONS(i, LLVMGetEntryBasicBlock(function))
		if (hcc_is_frame_base(i))
			return i;
	return NULL;
}

int hcc_portable_stack(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	struct hcc_list functions = { 0 };
	bool records = LLVMIsNewDbgInfoFormat(unit->module);

	LLVMSetIsNewDbgInfoFormat(unit->module, 0);
	HCC_FOR_FUNCTIONS(f, unit->module)
		if (!LLVMIsDeclaration(f))
			hcc_list_add(&functions, f);
	for (size_t i = 0; i < functions.n; i++)
		lower_function(unit, builder, functions.item[i]);
	hcc_list_free(&functions);
	LLVMDisposeBuilder(builder);
	LLVMSetIsNewDbgInfoFormat(unit->module, records);
	return 0;
}
