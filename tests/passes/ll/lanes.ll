; RUN: -O0 --migrate=full
; Lanes by a variable number are in the portable frame; those by a constant stay.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK-LABEL: define i16 @take(
; CHECK: store <8 x i16> %v, ptr [[SLOT:%.*]], align 16
; CHECK: and i32 %{{.*}}, 7
; CHECK: getelementptr i16, ptr [[SLOT]], i64 %{{.*}}
; CHECK: extractelement <8 x i16> %v, i32 1
define i16 @take(<8 x i16> %v, i32 %i) {
  %a = extractelement <8 x i16> %v, i32 %i
  %b = extractelement <8 x i16> %v, i32 1
  %c = add i16 %a, %b
  ret i16 %c
}

; Packed lanes get a cell each; three of them, one of four.
; CHECK-LABEL: define i1 @packed(
; CHECK: zext <3 x i1> {{.*}} to <3 x i8>
; CHECK: and i64 %{{.*}}, 3
; CHECK: store i8 %{{.*}}, ptr %{{.*}}
; CHECK: trunc <3 x i8> %{{.*}} to <3 x i1>
define i1 @packed(<3 x i1> %v, i1 %x, i64 %i) {
  %w = insertelement <3 x i1> %v, i1 %x, i64 %i
  %a = extractelement <3 x i1> %w, i32 0
  ret i1 %a
}
