; RUN: -O0
; A loop that goes on without a call asks by code that the runtime changes: one that leads to the recorded
; call of the poll. The clone has it, too.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK-LABEL: define i64 @sum(ptr %p, i64 %n)
; CHECK: loop:
; CHECK-NEXT: [[I:%.*]] = phi i64 [ 0, %entry ], [ %{{.*}}, %hcc.rest ]
; CHECK-NEXT: [[S:%.*]] = phi i64 [ 0, %entry ], [ %{{.*}}, %hcc.rest ]
; CHECK-NEXT: callbr void asm sideeffect "hcc.poll ${0:l}", "!i"()
; CHECK-NEXT: to label %hcc.rest [label %hcc.poll]
; CHECK: hcc.rest:
; CHECK-NOT: call
; CHECK: br i1 %{{.*}}, label %loop, label %done
; CHECK: hcc.poll:
; CHECK-NEXT: call preserve_allcc void @__hcc_poll() {{.*}}[ "deopt"(ptr %p, i64 %n, i64 [[I]], i64 [[S]]) ]
; CHECK-NEXT: br label %hcc.rest
; CHECK-NOT: @__hcc_poll_flag
; CHECK-LABEL: define internal i64 @sum.resume(ptr nest %0)
; CHECK: callbr void asm sideeffect "hcc.poll ${0:l}", "!i"()
define i64 @sum(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i64 [ 0, %entry ], [ %t, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  %t = add i64 %s, %v
  %next = add i64 %i, 1
  %e = icmp ult i64 %next, %n
  br i1 %e, label %loop, label %done
done:
  ret i64 %t
}
