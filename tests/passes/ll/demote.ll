; RUN: -O0
; Values that a stack map cannot name exactly live in portable memory across a call; aggregates are split, but for
; setjmp's sake.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @g()
declare {i64, i1} @llvm.sadd.with.overflow.i64(i64, i64)

; CHECK-LABEL: define i64 @f(i64 %x, <8 x float> %v, i128 %k)
; CHECK: store <8 x float> %v, ptr
; CHECK: [[SUM:%.*]] = extractvalue { i64, i1 } %s, 0
; CHECK: [[WIDE:%.*]] = freeze i128 %k
; CHECK: call void @g() #{{[0-9]+}} [ "deopt"(i128 [[WIDE]], ptr %hcc.base, i64 [[SUM]]) ]
; CHECK: add i64 [[SUM]], %i
define i64 @f(i64 %x, <8 x float> %v, i128 %k) {
  %s = call {i64, i1} @llvm.sadd.with.overflow.i64(i64 %x, i64 %x)
  call void @g()
  %a = extractvalue {i64, i1} %s, 0
  %e = extractelement <8 x float> %v, i32 3
  %i = fptosi float %e to i64
  %b = add i64 %a, %i
  %t = trunc i128 %k to i64
  %c = add i64 %b, %t
  ret i64 %c
}

declare [2 x i64] @pair([2 x i64])
declare i32 @setjmp(ptr) returns_twice

; CHECK-LABEL: define [2 x i64] @split([2 x i64] %s, i1 %again)
; CHECK: [[S0:%.*]] = extractvalue [2 x i64] %s, 0
; CHECK-NEXT: [[S1:%.*]] = extractvalue [2 x i64] %s, 1
; CHECK: [[P:%.*]] = phi [2 x i64]
; CHECK-NEXT: [[P0:%.*]] = extractvalue [2 x i64] [[P]], 0
; CHECK-NEXT: [[P1:%.*]] = extractvalue [2 x i64] [[P]], 1
; CHECK: call void @g() {{.*}}i64 [[S0]], i64 [[P0]], i64 [[P1]])
; CHECK: [[A:%.*]] = insertvalue [2 x i64] poison, i64 [[P0]], 0
; CHECK: [[ARG:%.*]] = insertvalue [2 x i64] [[A]], i64 [[P1]], 1
; CHECK: [[Q:%.*]] = call [2 x i64] @pair([2 x i64] [[ARG]])
; CHECK-NEXT: [[Q0:%.*]] = extractvalue [2 x i64] [[Q]], 0
; CHECK-NEXT: [[Q1:%.*]] = extractvalue [2 x i64] [[Q]], 1
; CHECK-NEXT: [[N:%.*]] = add i64 [[Q1]], [[S0]]
; CHECK: call void @g() {{.*}}i64 [[S0]], i64 [[Q0]], i64 [[Q1]], i64 [[N]])
; CHECK: ret [2 x i64]
define [2 x i64] @split([2 x i64] %s, i1 %again) {
  br label %loop
loop:
  %p = phi [2 x i64] [ %s, %0 ], [ %r, %loop ]
  call void @g()
  %q = call [2 x i64] @pair([2 x i64] %p)
  %q1 = extractvalue [2 x i64] %q, 1
  %s0 = extractvalue [2 x i64] %s, 0
  %n = add i64 %q1, %s0
  %r = insertvalue [2 x i64] %q, i64 %n, 0
  call void @g()
  br i1 %again, label %loop, label %out
out:
  ret [2 x i64] %q
}

; CHECK-LABEL: define i64 @jump([2 x i64] %s, ptr %buf)
; CHECK: store [2 x i64] %s, ptr
; CHECK: load [2 x i64], ptr
define i64 @jump([2 x i64] %s, ptr %buf) {
  %j = call i32 @setjmp(ptr %buf) returns_twice
  call void @g()
  %x = extractvalue [2 x i64] %s, 0
  ret i64 %x
}
