; RUN: -O0
; In the clone the loop has one entry, its header, with the way round and another: a frame finishes its round in a
; copy of the body. The way in from where the function begins is deleted: no frame comes there.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK-LABEL: define internal i64 @sum.resume(ptr nest %0)
; CHECK: phi i64 [ %{{[0-9]+}}, %[[#BODY:]] ], [ %{{.*}}, %[[#COPY:]] ]
; CHECK: callbr void asm sideeffect "hcc.poll ${0:l}", "!i"()
; CHECK-NEXT: to label %[[#BODY]] [label %{{.*}}]
; CHECK: [[#BODY]]:
; CHECK: load volatile i64
; CHECK: [[#COPY]]:
; CHECK: load volatile i64
; CHECK-NOT: load volatile i64

define i64 @sum(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i64 [ 0, %entry ], [ %more, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load volatile i64, ptr %at
  %more = add i64 %s, %v
  %next = add i64 %i, 1
  %again = icmp ult i64 %next, %n
  br i1 %again, label %loop, label %done
done:
  ret i64 %more
}
