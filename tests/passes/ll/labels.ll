; RUN: -O0 --migrate=leaf
; A label is a number that may be stored anywhere; numbers count from 1, so null stays apart.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK: @table = internal global [2 x ptr] [ptr inttoptr (i64 1 to ptr), ptr inttoptr (i64 2 to ptr)]
@table = internal global [2 x ptr] [ptr blockaddress(@f, %a), ptr blockaddress(@f, %b)]
@table2 = internal global [1 x ptr] [ptr blockaddress(@twice, %a)]

; CHECK-LABEL: define i32 @f(
; CHECK: [[N:%.*]] = ptrtoint ptr %{{.*}} to i64
; CHECK: switch i64 [[N]], label %hcc.nolabel [
; CHECK-NEXT: i64 1, label %a
; CHECK-NEXT: i64 2, label %b
; CHECK-NOT: indirectbr
define i32 @f(i64 %i) {
  %p = getelementptr [2 x ptr], ptr @table, i64 0, i64 %i
  %l = load ptr, ptr %p
  indirectbr ptr %l, [label %a, label %b]
a:
  ret i32 1
b:
  ret i32 2
}

; A label listed twice has one case that is reached, and the phi its two entries.
; CHECK-LABEL: define i32 @twice(
; CHECK: switch i64 %{{.*}}, label %hcc.nolabel [
; CHECK-NEXT: i64 1, label %a
; CHECK-NEXT: i64 2147483649, label %a
define i32 @twice(i64 %i) {
  %p = getelementptr [1 x ptr], ptr @table2, i64 0, i64 %i
  %l = load ptr, ptr %p
  indirectbr ptr %l, [label %a, label %a]
a:
  %r = phi i32 [ 1, %0 ], [ 1, %0 ]
  ret i32 %r
}
