; RUN: -O2 --no-reach-list=%s/no-reach.txt
; An integer of an odd width is recorded at a width that registers have, a wide parameter by a value of
; its own. Code generation failed with the first, and noted an address for the second.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare i64 @g(ptr, ptr)

; CHECK-LABEL: define {{.*}}i64 @f(
; CHECK: [[WIDE:%.*]] = freeze i128 %w
; CHECK: [[ODD:%.*]] = zext i48 %{{.*}} to i64
; CHECK: call i64 @g(ptr null, ptr null) {{.*}}"deopt"(
; CHECK-SAME: i128 [[WIDE]]
; CHECK-SAME: i64 [[ODD]])
; CHECK-LABEL: define {{.*}}i64 @f.resume(
; CHECK: call i64 %{{[.0-9]+}}(ptr nest %{{[.0-9]+}}, ptr null, ptr null) {{.*}}i64 %{{[0-9]+}}) ]
define i64 @f(<3 x i16> %v, ptr %p, i8 %a, i8 %b, ptr %q, i64 %c, i64 %d, i128 %w, i64 %e, i64 %h) {
entry:
  %odd = bitcast <3 x i16> %v to i48
  %r = call i64 @g(ptr null, ptr null)
  %low = trunc i48 %odd to i32
  %x = zext i48 %odd to i64
  %y = trunc i128 %w to i64
  %z = zext i8 %a to i64
  %z2 = zext i8 %b to i64
  %m = load i64, ptr %p
  %n = load i64, ptr %q
  %t0 = add i64 %r, %x
  %t1 = xor i64 %t0, %y
  %t2 = add i64 %t1, %z
  %t3 = mul i64 %t2, %z2
  %t4 = add i64 %t3, %m
  %t5 = xor i64 %t4, %n
  %t6 = add i64 %t5, %c
  %t7 = mul i64 %t6, %d
  %t8 = add i64 %t7, %e
  %t9 = xor i64 %t8, %h
  ret i64 %t9
}
