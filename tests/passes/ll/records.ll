; RUN: -O0 --polls=flag --no-reach-list=%s/no-reach.txt
; Calls that can reach a migration point name what lives across them, others do not; casts and
; constant offsets are made again.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare i32 @g(i32)
declare i64 @strlen(ptr)

; CHECK-LABEL: define i64 @f(i64 %n, ptr %p, double %d)
; CHECK-SAME: gc "statepoint-example"
; CHECK: load atomic i32, ptr @__hcc_poll_flag monotonic
; CHECK: call i32 @g(i32 %{{.*}}) [[ID:#[0-9]+]] [ "deopt"(i64 %n, ptr %p, double %d, i64 %{{[^)]*}}) ]
; CHECK: [[FIELD:%.*]] = getelementptr i8, ptr %p, i64 8
; CHECK-NEXT: load i64, ptr [[FIELD]]
; CHECK: call i64 @strlen(ptr %p){{( #[0-9]+)?$}}
; CHECK: call preserve_allcc void @__hcc_poll() {{.*}}[ "deopt"(i64 %n, ptr %p, double %d, i64 %{{[^)]*}}) ]
define i64 @f(i64 %n, ptr %p, double %d) {
entry:
  %field = getelementptr i8, ptr %p, i64 8
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = trunc i64 %i to i32
  %r = call i32 @g(i32 %a)
  %v = load i64, ptr %field
  %l = call i64 @strlen(ptr %p)
  %next = add i64 %i, 1
  %e = icmp slt i64 %next, %n
  br i1 %e, label %loop, label %done
done:
  %k = fptosi double %d to i64
  %s = add i64 %k, %v
  %t = add i64 %s, %l
  ret i64 %t
}

; The leaf has nothing.
; CHECK-LABEL: define i32 @leaf(
; CHECK-NOT: gc
; CHECK: ret i32
define i32 @leaf(i32 %x) {
  %y = add i32 %x, 1
  ret i32 %y
}

; The clone dispatches on the site, to the call of the body, which is then of the next inner frame. A poll
; keeps its call, and the next inner frame has one of its own.
; CHECK-LABEL: define internal i64 @f.resume(ptr nest %0)
; CHECK-SAME: section ".text.hcc_resume"
; CHECK: switch i64 %{{.*}}, label %{{.*}} [
; CHECK-NEXT: i64 0,
; CHECK-NEXT: i64 1,
; CHECK: [[NEXT:%.*]] = phi ptr [ poison, %{{[0-9]+}} ], [ %{{[0-9]+}}, %{{[0-9]+}} ]
; CHECK: [[CALLEE:%.*]] = phi ptr [ @g, %{{[0-9]+}} ], [ %{{[0-9]+}}, %{{[0-9]+}} ]
; CHECK-NOT: call i32
; CHECK: call i32 [[CALLEE]](ptr nest [[NEXT]], i32 %{{.*}}) [[ID]] [ "deopt"(i64 %{{.*}}, ptr %{{.*}}, double %{{.*}}, i64 %{{.*}}) ]
; CHECK-NOT: call i32
; CHECK: call preserve_allcc void @__hcc_poll() {{.*}}[ "deopt"(
; CHECK: call void %{{[0-9]+}}(ptr nest %{{[0-9]+}}) {{.*}}[ "deopt"(
; CHECK-NOT: define internal i32 @leaf.resume
; CHECK: attributes [[ID]] = { "statepoint-id"="{{[01]}}" }
