; RUN: -O0 --migrate=full
; Arrays of 16 bytes or more are aligned to 16; but not others' data, nor what programs walk over.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

; CHECK-DAG: @array = global [2 x double] zeroinitializer{{.*}}, align 16
@array = global [2 x double] zeroinitializer, align 8
; CHECK-DAG: @own = {{.*}}global [17 x i8] zeroinitializer{{.*}}, align 16
@own = internal global [17 x i8] zeroinitializer, align 1
; CHECK-DAG: @more = global [2 x double] zeroinitializer{{.*}}, align 64
@more = global [2 x double] zeroinitializer, align 64
; CHECK-DAG: @small = global [15 x i8] zeroinitializer{{.*}}, align 1
@small = global [15 x i8] zeroinitializer, align 1
; CHECK-DAG: @record = global { double, double } zeroinitializer{{.*}}, align 8
@record = global { double, double } zeroinitializer, align 8
; CHECK-DAG: @weak = weak global [2 x double] zeroinitializer{{.*}}, align 8
@weak = weak global [2 x double] zeroinitializer, align 8
; CHECK-DAG: @common = weak global [2 x double] zeroinitializer{{.*}}, align 8
@common = common global [2 x double] zeroinitializer, align 8
; CHECK-DAG: @section = global [2 x double] zeroinitializer, section "table", align 8
@section = global [2 x double] zeroinitializer, section "table", align 8
; CHECK-DAG: @thread = thread_local(localexec) global [2 x double] zeroinitializer{{.*}}, align 8
@thread = thread_local(localexec) global [2 x double] zeroinitializer, align 8
; CHECK-DAG: @other = external global [2 x double]
@other = external global [2 x double], align 8

define ptr @f() {
  store ptr @own, ptr @other
  ret ptr @own
}
