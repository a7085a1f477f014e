; RUN: -O0
; What lives across setjmp is in portable memory; the frame's base is the only value of its record and
; the first of every other record.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare i32 @setjmp(ptr) returns_twice
declare void @g(i64)

; CHECK-LABEL: define i64 @f(ptr %buf, i64 %x)
; CHECK: store i64 %x, ptr
; CHECK: call i32 @__hcc_setjmp(ptr %{{.*}}, ptr %hcc.base, ptr @f, i32 [[SITE:[0-9]+]]) #{{[0-9]+}} [ "deopt"(ptr %hcc.base) ]
; CHECK: call void @g(i64 %{{.*}}) #{{[0-9]+}} [ "deopt"(ptr %hcc.base
; CHECK: ret i64
define i64 @f(ptr %buf, i64 %x) {
  %r = call i32 @setjmp(ptr %buf) returns_twice
  %c = icmp eq i32 %r, 0
  br i1 %c, label %a, label %b
a:
  call void @g(i64 %x)
  br label %b
b:
  ret i64 %x
}
