; RUN: -O1 --migrate=full
; What is left of an array of variable size when the optimiser has made values of it, a stack pointer saved
; and restored, goes: restored in the midst of a region, it gave back the region's frame.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare ptr @llvm.stacksave.p0()
declare void @llvm.stackrestore.p0(ptr)
declare void @f(ptr)

; CHECK-LABEL: define void @saved(
; CHECK: [[BASE:%.*]] = load ptr, ptr [[PSP:%.*]],
; CHECK: [[FRAME:%.*]] = getelementptr i8, ptr [[BASE]], i64 -64
; CHECK: store ptr {{%.*}}, ptr {{%.*}}
; CHECK: call void @f(ptr null)
; CHECK: call void @f(
; CHECK-NOT: store ptr
; CHECK: call void @f(
; CHECK: store ptr [[BASE]], ptr
; CHECK-NOT: store ptr
; CHECK: ret void
define void @saved(i1 %c, i64 %n) {
  %place = alloca [16 x i32]
  br i1 %c, label %in, label %out
in:
  call void @f(ptr null)
  %old = call ptr @llvm.stacksave.p0()
  call void @f(ptr %place)
  call void @llvm.stackrestore.p0(ptr %old)
  call void @f(ptr %place)
  br label %out
out:
  ret void
}
