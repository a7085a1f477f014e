; RUN: -O0 --migrate=leaf
; Variadic arguments lie in 8-byte slots, 16-aligned where the type asks; small integers are widened.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare i32 @printf(ptr, ...)
declare void @llvm.va_start.p0(ptr)
declare void @llvm.va_copy.p0(ptr, ptr)
declare void @llvm.va_end.p0(ptr)

; CHECK-LABEL: define i32 @caller(
; CHECK: [[W:%.*]] = sext i32 %i to i64
; CHECK: store i64 [[W]], ptr [[S:%.*]], align 8
; CHECK: [[Q:%.*]] = getelementptr i8, ptr [[BUF:%.*]], i64 16
; CHECK: store fp128 %q, ptr [[Q]]
; CHECK: call i32 @printf(ptr %f, ptr [[BUF]]) [[NOBUILTIN:#[0-9]+]]
; CHECK: call i32 @printf(ptr %f, ptr @hcc.novariadic)
; CHECK-NOT: call i32 (ptr, ...)
define i32 @caller(ptr %f, i32 %i, fp128 %q) {
  %r = call i32 (ptr, ...) @printf(ptr %f, i32 %i, fp128 %q)
  %s = call i32 (ptr, ...) @printf(ptr %f)
  ret i32 %r
}

; CHECK-LABEL: define i32 @callee(
; CHECK-SAME: i32 %n, ptr [[VA:%[0-9]+]])
; CHECK: store ptr [[VA]], ptr [[AP:%.*]], align
; CHECK: [[L:%.*]] = load ptr, ptr [[AP]]
; CHECK: store ptr [[L]], ptr %
; CHECK-NOT: llvm.va_end
define i32 @callee(i32 %n, ...) {
  %ap = alloca ptr
  %copy = alloca ptr
  call void @llvm.va_start.p0(ptr %ap)
  call void @llvm.va_copy.p0(ptr %copy, ptr %ap)
  %p = load ptr, ptr %copy
  %v = load i32, ptr %p
  call void @llvm.va_end.p0(ptr %ap)
  ret i32 %v
}
; CHECK: attributes [[NOBUILTIN]] = { {{.*}}nobuiltin
