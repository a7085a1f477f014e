; RUN: -O0 --migrate=leaf
; No alloca is left; frames are taken at entry, given back at every return, between fences.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @use(ptr)
declare ptr @llvm.stacksave.p0()
declare void @llvm.stackrestore.p0(ptr)

; CHECK: @__hcc_psp = external thread_local(localexec) global ptr

; CHECK-LABEL: define void @fixed(
; CHECK: [[OLD:%.*]] = load ptr
; CHECK: %hcc.base = getelementptr i8, ptr [[OLD]], i64 -32
; CHECK: fence syncscope("singlethread") seq_cst
; CHECK: store ptr %hcc.base
; CHECK: fence syncscope("singlethread") seq_cst
; CHECK: getelementptr i8, ptr %hcc.base, i64 0
; CHECK: getelementptr i8, ptr %hcc.base, i64 16
; CHECK: [[BACK:%.*]] = getelementptr i8, ptr %hcc.base, i64 32
; CHECK: fence
; CHECK: store ptr [[BACK]]
; CHECK: ret void
; CHECK-NOT: alloca
define void @fixed() {
  %a = alloca i32, align 4
  %b = alloca [12 x i8], align 16
  call void @use(ptr %a)
  call void @use(ptr %b)
  ret void
}

; An over-aligned frame keeps the old pointer in itself.
; CHECK-LABEL: define void @aligned(
; CHECK: call ptr @llvm.ptrmask.p0.i64(ptr {{.*}}, i64 -64)
; CHECK: store ptr %hcc.psp, ptr
define void @aligned() {
  %a = alloca i32, align 64
  call void @use(ptr %a)
  ret void
}

; CHECK-LABEL: define void @variable(
; CHECK-NOT: alloca
; CHECK: call ptr @llvm.ptrmask.p0.i64(ptr {{.*}}, i64 -16)
; CHECK-NOT: stackrestore
define void @variable(i64 %n) {
  %s = call ptr @llvm.stacksave.p0()
  %a = alloca i32, i64 %n
  call void @use(ptr %a)
  call void @llvm.stackrestore.p0(ptr %s)
  ret void
}
