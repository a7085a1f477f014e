; RUN: -O0 --migrate=full
; What is used least of too many values across a call gets a home: stored once, loaded behind the call,
; named in the record by the home's address alone.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @f(i64)

; CHECK-LABEL: define void @crowded(
; CHECK: [[HOME:%.*]] = alloca i64
; CHECK: store i64 [[VALUE:%.*]], ptr [[HOME]]
; CHECK: call void @f(i64 0) {{.*}}"deopt"({{.*}}ptr [[HOME]]
; CHECK-NOT: i64 [[VALUE]]
; CHECK: [[AGAIN:%.*]] = load i64, ptr [[HOME]]
; CHECK: call void @f(i64 [[AGAIN]]) {{.*}}"deopt"({{.*}}i64 %h{{.*}})
; CHECK: ret void
define void @crowded(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %g, i64 %h, i64 %i) {
  call void @f(i64 0)
  call void @f(i64 %a)
  call void @f(i64 %b)
  call void @f(i64 %c)
  call void @f(i64 %d)
  call void @f(i64 %e)
  call void @f(i64 %g)
  call void @f(i64 %h)
  call void @f(i64 %i)
  ret void
}

; In a loop that makes no call but polls it is loaded before the loop.
; CHECK-LABEL: define i64 @loop(
; CHECK: [[HOME:%.*]] = alloca i64
; CHECK: call void @f(i64 0) {{.*}}ptr [[HOME]]
; CHECK: [[AGAIN:%.*]] = load i64, ptr [[HOME]]
; CHECK-NEXT: br label %head
; CHECK: head:
; CHECK-NOT: load i64, ptr [[HOME]]
; CHECK: add i64 {{%.*}}, [[AGAIN]]
; CHECK: ret i64
define i64 @loop(i64 %n, i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %g, i64 %h) {
  call void @f(i64 0)
  call void @f(i64 %a)
  call void @f(i64 %b)
  call void @f(i64 %c)
  call void @f(i64 %d)
  call void @f(i64 %e)
  call void @f(i64 %g)
  call void @f(i64 %h)
  br label %head
head:
  %x = phi i64 [ 0, %0 ], [ %y, %head ]
  %y = add i64 %x, %n
  %more = icmp ult i64 %y, 1000
  br i1 %more, label %head, label %done
done:
  ret i64 %y
}

; No more than survive calls in registers: none.
; CHECK-LABEL: define void @few(
; CHECK-NOT: alloca
; CHECK: ret void
define void @few(i64 %a, i64 %b, i64 %c) {
  call void @f(i64 0)
  call void @f(i64 %a)
  call void @f(i64 %b)
  call void @f(i64 %c)
  ret void
}
