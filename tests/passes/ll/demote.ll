; RUN: -O0
; Values that a stack map cannot name exactly live in portable memory across a call.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @g()
declare {i64, i1} @llvm.sadd.with.overflow.i64(i64, i64)

; CHECK-LABEL: define i64 @f(i64 %x, <8 x float> %v, i128 %k)
; CHECK: store <8 x float> %v, ptr
; CHECK: [[WIDE:%.*]] = freeze i128 %k
; CHECK: call void @g() #{{[0-9]+}} [ "deopt"(i128 [[WIDE]], ptr %hcc.base) ]
; CHECK: load { i64, i1 }, ptr
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
