; RUN: -O2 --migrate=full
; A record in a loop names the induction variables that code generation would make: of the bytes from the start of the
; array here, not an index beside that.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK-LABEL: define i64 @sum(
; CHECK: [[AT:%.*]] = phi i64
; CHECK-NEXT: [[SUM:%.*]] = phi i64
; CHECK-NEXT: callbr
; CHECK: getelementptr i8, ptr %a, i64 [[AT]]
; CHECK: add {{.*}}i64 [[AT]], 120
; CHECK: call {{.*}}@__hcc_poll() {{.*}}"deopt"(ptr %a, i64 [[AT]], i64 [[SUM]])
define i64 @sum(ptr noalias %a, ptr noalias %out) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i64 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr inbounds { i64, i64, i64 }, ptr %a, i64 %i
  %x = load volatile i64, ptr %p
  %t = xor i64 %s, %x
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, 1000
  br i1 %more, label %loop, label %done
done:
  ret i64 %t
}
