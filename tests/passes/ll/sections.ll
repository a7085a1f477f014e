; RUN: -O0 --migrate=leaf
; One section a function and datum, unique in the program; constructors become .init_array entries.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK: @c = constant i32 1, section ".rodata.hcc.0123456789abcdef.c", align 4
@c = unnamed_addr constant i32 1
; CHECK: @d = global i32 1, section ".data.hcc.0123456789abcdef.d"
@d = global i32 1
; CHECK: @z = global i32 0, section ".bss.hcc.0123456789abcdef.z"
@z = global i32 0
; CHECK: @t = thread_local(localexec) global i32 1, section ".tdata.hcc.0123456789abcdef.t"
@t = thread_local global i32 1
; CHECK: @tz = thread_local(localexec) global i32 0, section ".tbss.hcc.0123456789abcdef.tz"
@tz = thread_local global i32 0
; CHECK: @mine = global i32 1, section "my_set"
@mine = global i32 1, section "my_set"
; CHECK-NOT: llvm.global_ctors
; CHECK: @hcc.init = internal global ptr @init, section ".init_array"
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @init, ptr null }]

; CHECK: define internal void @init() section ".text.hcc.0123456789abcdef.init"
define internal void @init() {
  ret void
}
