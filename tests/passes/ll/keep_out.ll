; RUN: -O2 --no-migrate=named,absent
; A function kept out of migration, by annotation or by name, has neither polls nor records, and is
; not inlined; the one that calls it has both.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

@.text = private unnamed_addr constant [15 x i8] c"hcc-no-migrate\00", section "llvm.metadata"
@.file = private unnamed_addr constant [2 x i8] c"a\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @annotated, ptr @.text, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

declare void @g(i64)

; CHECK-LABEL: define {{.*}}@annotated(
; CHECK-NOT: poll
; CHECK-NOT: deopt
; CHECK: ret void
define internal void @annotated(i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @g(i64 %i)
  %next = add i64 %i, 1
  %e = icmp slt i64 %next, %n
  br i1 %e, label %loop, label %done
done:
  ret void
}

; CHECK-LABEL: define {{.*}}@named(
; CHECK-NOT: deopt
; CHECK: ret void
define internal void @named(i64 %n) {
  call void @g(i64 %n)
  ret void
}

; CHECK-LABEL: define void @caller(
; CHECK: call {{.*}}@annotated({{.*}}"deopt"
; CHECK: call {{.*}}@named({{.*}}"deopt"
define void @caller(i64 %n) {
  call void @annotated(i64 %n)
  call void @named(i64 %n)
  ret void
}
