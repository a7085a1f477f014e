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
 */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_ALIGN 16
#define BASE_NAME "hcc.base"

struct frame {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	LLVMValueRef psp;         /* the thread-local @__hcc_psp */
	LLVMValueRef base;
	uint64_t bytes, align;
	uint64_t old_off;         /* where an over-aligned frame keeps the old pointer */
	struct hcc_list statics, dynamics, saves, restores, exits;
	bool has_setjmp;
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

/* Sort what matters into the frame's lists; lifetime markers go, only an alloca can have them. */
static void survey(struct frame *frame, LLVMValueRef f)
{
	LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(f);
	LLVMValueRef next;

	HCC_FOR_BLOCKS(b, f)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
			LLVMOpcode opcode = LLVMGetInstructionOpcode(i);

			next = LLVMGetNextInstruction(i);
			if (opcode == LLVMAlloca)
				hcc_list_add(b == entry && LLVMIsAConstantInt(LLVMGetOperand(i, 0))
					? &frame->statics : &frame->dynamics, i);
			else if (opcode == LLVMRet)
				hcc_list_add(&frame->exits, i);
			else if (opcode != LLVMCall)
				continue;
			else if (hcc_call_is_setjmp(i))
				frame->has_setjmp = true;
			else if (named(i, "llvm.lifetime."))
				LLVMInstructionEraseFromParent(i);
			else if (named(i, "llvm.stacksave"))
				hcc_list_add(&frame->saves, i);
			else if (named(i, "llvm.stackrestore"))
				hcc_list_add(&frame->restores, i);
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

/* Give each static alloca its offset; returns them in the order of the list. */
static uint64_t *place(struct frame *frame)
{
	uint64_t *offset = hcc_alloc(frame->statics.n * sizeof *offset);

	frame->align = FRAME_ALIGN;
	for (size_t i = 0; i < frame->statics.n; i++) {
		uint64_t align = LLVMGetAlignment(frame->statics.item[i]);

		frame->bytes = align_up(frame->bytes, align);
		offset[i] = frame->bytes;
		frame->bytes += alloca_bytes(frame, frame->statics.item[i]);
		if (align > frame->align)
			frame->align = align;
	}
	if (frame->align > FRAME_ALIGN) {
		frame->old_off = align_up(frame->bytes, 8);
		frame->bytes = frame->old_off + 8;
	}
	/* A frame that longjmp may look for has a place of its own on the stack. */
	if (frame->has_setjmp && !frame->bytes)
		frame->bytes = FRAME_ALIGN;
	frame->bytes = align_up(frame->bytes, frame->align);
	return offset;
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

/* The debug location of prologues and epilogues is the function's, line 0, as a call needs one to be
 * inlinable; nothing is inlined any more, so none is needed. */
static void enter(struct frame *frame, LLVMValueRef f)
{
	LLVMValueRef old;

	LLVMPositionBuilderBefore(frame->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f)));
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	old = load_psp(frame, "hcc.psp");
	if (frame->align > FRAME_ALIGN) {
		frame->base = hcc_build_offset(frame->builder, frame->unit->module, old,
			-(int64_t)frame->bytes, "");
		frame->base = align_down(frame, frame->base, frame->align);
		LLVMSetValueName2(frame->base, BASE_NAME, strlen(BASE_NAME));
	} else {
		frame->base = hcc_build_offset(frame->builder, frame->unit->module, old,
			-(int64_t)frame->bytes, BASE_NAME);
	}
	store_psp(frame, frame->base);
	if (frame->align > FRAME_ALIGN)
		LLVMBuildStore(frame->builder, old, hcc_build_offset(frame->builder,
			frame->unit->module, frame->base, (int64_t)frame->old_off, ""));
}

static void leave(struct frame *frame, LLVMValueRef ret)
{
	LLVMModuleRef module = frame->unit->module;
	LLVMValueRef before = LLVMGetPreviousInstruction(ret), old;

	/* A musttail call must stay right before its ret; it runs on the caller's frame. */
	if (!before || !hcc_is_call(before)
	    || LLVMGetTailCallKind(before) != LLVMTailCallKindMustTail)
		before = ret;
	LLVMPositionBuilderBefore(frame->builder, before);
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	if (frame->align > FRAME_ALIGN)
		old = LLVMBuildLoad2(frame->builder, hcc_ptr_type(module),
			hcc_build_offset(frame->builder, module, frame->base,
				(int64_t)frame->old_off, ""), "");
	else
		old = hcc_build_offset(frame->builder, module, frame->base,
			(int64_t)frame->bytes, "");
	store_psp(frame, old);
}

static void lower_static(struct frame *frame, LLVMValueRef alloca, uint64_t offset)
{
	LLVMValueRef place;

	LLVMPositionBuilderBefore(frame->builder, alloca);
	LLVMSetCurrentDebugLocation2(frame->builder, NULL);
	place = hcc_build_offset(frame->builder, frame->unit->module, frame->base,
		(int64_t)offset, "");
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

static void lower_function(struct frame *frame, LLVMValueRef f)
{
	uint64_t *offset;

	survey(frame, f);
	offset = place(frame);
	if (frame->bytes || frame->dynamics.n) {
		if (!frame->bytes)
			frame->bytes = FRAME_ALIGN;
		enter(frame, f);
		hcc_move_variables(frame->unit->module, f, &frame->statics, offset, frame->base);
		for (size_t i = 0; i < frame->statics.n; i++)
			lower_static(frame, frame->statics.item[i], offset[i]);
		for (size_t i = 0; i < frame->exits.n; i++)
			leave(frame, frame->exits.item[i]);
	}
	for (size_t i = 0; i < frame->dynamics.n; i++)
		lower_dynamic(frame, frame->dynamics.item[i]);
	for (size_t i = 0; i < frame->saves.n; i++)
		lower_save(frame, frame->saves.item[i]);
	for (size_t i = 0; i < frame->restores.n; i++)
		lower_restore(frame, frame->restores.item[i]);
	free(offset);
}

bool hcc_is_frame_base(LLVMValueRef value)
{
	size_t length;

	return !strcmp(LLVMGetValueName2(value, &length), BASE_NAME);
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
	for (size_t i = 0; i < functions.n; i++) {
		struct frame frame = {
			.unit = unit,
			.builder = builder,
			.psp = psp_global(unit->module),
		};

		lower_function(&frame, functions.item[i]);
		hcc_list_free(&frame.statics);
		hcc_list_free(&frame.dynamics);
		hcc_list_free(&frame.saves);
		hcc_list_free(&frame.restores);
		hcc_list_free(&frame.exits);
	}
	hcc_list_free(&functions);
	LLVMDisposeBuilder(builder);
	LLVMSetIsNewDbgInfoFormat(unit->module, records);
	return 0;
}
