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

; Round a loop, where each of two phis is the other's value.
; CHECK-LABEL: define void @round(
; CHECK-NOT: = phi ptr
; CHECK: call void @f() {{.*}}[ "deopt"(ptr %p) ]
; CHECK: [[PLACE:%.*]] = getelementptr i8, ptr %p, i64 8
; CHECK: store i32 0, ptr [[PLACE]]
define void @round(ptr %p, ptr %n) {
  %x = getelementptr i8, ptr %p, i64 8
  store i32 1, ptr %x
  br label %head
head:
  %q = phi ptr [ %x, %0 ], [ %r, %tail ]
  call void @f()
  store i32 0, ptr %q
  %c = load volatile i1, ptr null
  br i1 %c, label %other, label %tail
other:
  %y = getelementptr i8, ptr %p, i64 8
  store i32 2, ptr %y
  br label %tail
tail:
  %r = phi ptr [ %q, %head ], [ %y, %other ]
  br label %head
}

; Two that compare the same in another way are not one.
; CHECK-LABEL: define void @ways(
; CHECK: phi i1
; CHECK: ret void
define void @ways(i64 %x, i1 %c) {
  br i1 %c, label %a, label %b
a:
  %p = icmp eq i64 %x, 7
  call void @f()
  br label %c2
b:
  %q = icmp ne i64 %x, 7
  call void @f()
  br label %c2
c2:
  %r = phi i1 [ %p, %a ], [ %q, %b ]
  call void @f()
  br i1 %r, label %a2, label %b2
a2:
  call void @f()
  br label %b2
b2:
  ret void
}

; Not where what it is made of is another by then: the phi is the offset of the one before.
; CHECK-LABEL: define void @previous(
; CHECK: [[NOW:%.*]] = phi ptr [ %start,
; CHECK: [[BEFORE:%.*]] = phi ptr [ %first,
; CHECK: call void @f() {{.*}}[ "deopt"(ptr [[NOW]], ptr [[BEFORE]]) ]
; CHECK: store i32 0, ptr [[BEFORE]]
define void @previous(ptr %start) {
  %first = getelementptr i8, ptr %start, i64 8
  br label %head
head:
  %p = phi ptr [ %start, %0 ], [ %next, %head ]
  %q = phi ptr [ %first, %0 ], [ %x, %head ]
  call void @f()
  store i32 0, ptr %q
  %x = getelementptr i8, ptr %p, i64 8
  %next = load ptr, ptr %p
  %c = load volatile i1, ptr null
  br i1 %c, label %head, label %done
done:
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
; CHECK: [[WIDE:%.*]] = zext i1 %flag to i32
; CHECK: call void @f() {{.*}}[ "deopt"(i32 [[WIDE]]) ]
; CHECK-NEXT: ret i1 %flag
define i1 @values(i32 %x, i32 %y) {
  %flag = icmp eq i32 %x, %y
  call void @f()
  ret i1 %flag
}
