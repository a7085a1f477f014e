; RUN: -O0 --migrate=full
; Offsets are made again behind a call, also where a phi has joined them.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @f()

; CHECK-LABEL: define void @joined(
; CHECK-NOT: phi
; CHECK: call void @f() {{.*}}[ "deopt"(ptr %p) ]
; CHECK: [[PLACE:%.*]] = getelementptr i8, ptr %p, i64 8
; CHECK: store i32 0, ptr [[PLACE]]
define void @joined(ptr %p, i1 %c) {
  br i1 %c, label %a, label %b
a:
  %x = getelementptr i8, ptr %p, i64 8
  store i32 1, ptr %x
  br label %c2
b:
  %y = getelementptr i8, ptr %p, i64 8
  store i32 2, ptr %y
  br label %c2
c2:
  %q = phi ptr [ %x, %a ], [ %y, %b ]
  call void @f()
  store i32 0, ptr %q
  ret void
}

; Others are not: another offset, another type.
; CHECK-LABEL: define void @apart(
; CHECK: %q = phi ptr
; CHECK: call void @f() {{.*}}[ "deopt"(ptr %q) ]
define void @apart(ptr %p, i1 %c) {
  br i1 %c, label %a, label %b
a:
  %x = getelementptr i8, ptr %p, i64 8
  br label %c2
b:
  %y = getelementptr i8, ptr %p, i64 16
  br label %c2
c2:
  %q = phi ptr [ %x, %a ], [ %y, %b ]
  call void @f()
  store i32 0, ptr %q
  ret void
}


; What is compared with a constant, or calculated from it, is not kept: what it is made of is.
; CHECK-LABEL: define i32 @constants(
; CHECK: call void @f() {{.*}}[ "deopt"(i32 %x) ]
; CHECK-DAG: [[FLAG:%.*]] = icmp eq i32 %x, 7
; CHECK-DAG: [[MORE:%.*]] = shl i32 %x, 2
; CHECK: select i1 [[FLAG]], i32 [[MORE]], i32 0
define i32 @constants(i32 %x) {
  %flag = icmp eq i32 %x, 7
  %more = shl i32 %x, 2
  call void @f()
  %r = select i1 %flag, i32 %more, i32 0
  ret i32 %r
}

; Two values that live anyway are as many as one.
; CHECK-LABEL: define i1 @values(
; CHECK: call void @f() {{.*}}[ "deopt"(i1 %flag) ]
; CHECK-NEXT: ret i1 %flag
define i1 @values(i32 %x, i32 %y) {
  %flag = icmp eq i32 %x, %y
  call void @f()
  ret i1 %flag
}
