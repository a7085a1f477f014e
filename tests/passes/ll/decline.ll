; RUN: -O0 --migrate=none --no-reach-list=%s/no-reach.txt
; A unit that is kept out of migration says which of its functions decline: those that can be on a
; stack when a capture is asked for. They have no resume clone.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK: @hcc.sites = {{.*}} ptr @outer, ptr null, i32 0, i32 0, i32 2, i32 40, [{{[0-9]+}} x i8] c"outer\00
; CHECK: @hcc.sites.1 = {{.*}} ptr @waits, ptr null, i32 1, i32 0, i32 2, i32 40, [{{[0-9]+}} x i8] c"waits\00
; CHECK-NOT: @hcc.sites.2

declare void @g(i64)
declare i64 @strlen(ptr)

; CHECK-NOT: deopt
; CHECK-NOT: resume
define void @outer(i64 %n) {
  call void @waits(i64 %n)
  ret void
}

define void @waits(i64 %n) {
  call void @g(i64 %n)
  ret void
}

define i64 @leaf(ptr %s) {
  %n = call i64 @strlen(ptr %s)
  ret i64 %n
}
