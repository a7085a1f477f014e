; RUN: -O2 --migrate=leaf
; A frame is taken where the paths begin that need it, and given back where they have come together.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

declare void @use(ptr)
declare void @fail(ptr, ...)
declare i32 @ask(ptr)
declare void @abort() noreturn
declare void @llvm.lifetime.start.p0(i64, ptr)
declare void @llvm.lifetime.end.p0(i64, ptr)

; Within one block.
; CHECK-LABEL: define i32 @local(
; CHECK-NOT: @__hcc_psp
; CHECK: br i1
; CHECK: %hcc.base = load ptr
; CHECK: store ptr
; CHECK: call void @use(
; CHECK: fence syncscope("singlethread") seq_cst
; CHECK: store ptr %hcc.base
; CHECK: br label
; CHECK-NOT: @__hcc_psp
; CHECK: ret i32
define i32 @local(i32 %x, ptr %p) {
  %a = alloca i32, align 4
  %c = icmp sgt i32 %x, 10
  br i1 %c, label %then, label %done
then:
  call void @llvm.lifetime.start.p0(i64 4, ptr %a)
  call void @use(ptr %a)
  call void @llvm.lifetime.end.p0(i64 4, ptr %a)
  br label %done
done:
  %v = load i32, ptr %p
  ret i32 %v
}

; In a cycle: taken before it, given back behind it, and not on the path around it.
; CHECK-LABEL: define void @around(
; CHECK-NOT: @__hcc_psp
; CHECK: br i1
; CHECK: %hcc.base = load ptr
; CHECK: store ptr
; CHECK: call i32 @ask(
; CHECK: store ptr %hcc.base
; CHECK-NOT: @__hcc_psp
; CHECK: ret void
define void @around(i32 %x, ptr %p) {
  %a = alloca i32, align 4
  %c = icmp sgt i32 %x, 10
  br i1 %c, label %before, label %done
before:
  store volatile i32 1, ptr %p
  br label %loop
loop:
  call void @llvm.lifetime.start.p0(i64 4, ptr %a)
  %r = call i32 @ask(ptr %a)
  call void @llvm.lifetime.end.p0(i64 4, ptr %a)
  %again = icmp ne i32 %r, 0
  br i1 %again, label %loop, label %behind
behind:
  store volatile i32 2, ptr %p
  br label %done
done:
  store volatile i32 3, ptr %p
  ret void
}

; Where nothing returns: arguments of a call that reports an error. Never given back.
; CHECK-LABEL: define i32 @report(
; CHECK-NOT: @__hcc_psp
; CHECK: br i1
; CHECK: %hcc.base = load ptr
; CHECK: store ptr
; CHECK: call void @fail(
; CHECK-NOT: store ptr %hcc.base
; CHECK: unreachable
; CHECK-NOT: @__hcc_psp
define i32 @report(i32 %x, ptr %p) {
  %c = icmp sgt i32 %x, 10
  br i1 %c, label %bad, label %good, !prof !0
bad:
  call void (ptr, ...) @fail(ptr %p, i32 %x)
  call void @abort()
  unreachable
good:
  %v = mul i32 %x, 3
  ret i32 %v
}

; Without an end of its lifetime: until the return, and taken where that is dominated.
; CHECK-LABEL: define i32 @escaped(
; CHECK-NEXT: [[ADDRESS:%.*]] = call ptr @llvm.threadlocal.address.p0(ptr @__hcc_psp)
; CHECK: br i1
; CHECK: call void @use(
; CHECK-NOT: store ptr %hcc.base
; CHECK: load i32
; CHECK: store ptr %hcc.base
; CHECK-NEXT: fence
; CHECK-NEXT: ret i32
define i32 @escaped(i32 %x, ptr %p) {
  %a = alloca i32, align 4
  %c = icmp sgt i32 %x, 10
  br i1 %c, label %then, label %done
then:
  call void @use(ptr %a)
  br label %done
done:
  %v = load i32, ptr %p
  ret i32 %v
}
!0 = !{!"branch_weights", i32 1, i32 2000}
