; RUN: -O2 --polls=flag
; A jump through a constant table of labels is one by the index; the table's numbers are not loaded.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-musl"

@table = internal constant [4 x ptr] [ptr blockaddress(@run, %b), ptr blockaddress(@run, %a),
	ptr blockaddress(@run, %done), ptr blockaddress(@run, %a)]
@partial = internal constant [2 x ptr] [ptr blockaddress(@part, %a), ptr blockaddress(@part, %a)]

; CHECK-LABEL: define i64 @run(
; CHECK-NOT: @table
; CHECK: [[INDEX:%.*]] = load i64, ptr
; CHECK-NOT: @table
; CHECK: switch i64 [[INDEX]], label %{{.*}} [
; CHECK-NEXT: i64 0, label %[[B:.*]]
; CHECK-NEXT: i64 1, label %[[A:.*]]
; CHECK-NEXT: i64 2, label %[[DONE:.*]]
; CHECK-NEXT: i64 3, label %[[A]]
; CHECK-NEXT: ]
define i64 @run(ptr %p) {
entry:
  br label %next
next:
  %s = phi i64 [ 0, %entry ], [ %sa, %a ], [ %sb, %b ]
  %at = phi ptr [ %p, %entry ], [ %then, %a ], [ %then, %b ]
  %i = load i64, ptr %at
  %then = getelementptr i8, ptr %at, i64 8
  %label.at = getelementptr [4 x ptr], ptr @table, i64 0, i64 %i
  %label = load ptr, ptr %label.at
  indirectbr ptr %label, [label %a, label %b, label %done]
a:
  %sa = add i64 %s, 1
  br label %next
b:
  %sb = mul i64 %s, 3
  br label %next
done:
  ret i64 %s
}

; A label that the table does not have stays reachable.
; CHECK-LABEL: i64 @part(
; CHECK: ret i64
define i64 @part(i64 %i, ptr %out) {
entry:
  store ptr blockaddress(@part, %b), ptr %out
  %label.at = getelementptr [2 x ptr], ptr @partial, i64 0, i64 %i
  %label = load ptr, ptr %label.at
  %k = load volatile ptr, ptr %out
  %pick = icmp eq ptr %k, null
  %to = select i1 %pick, ptr %label, ptr %k
  indirectbr ptr %to, [label %a, label %b]
a:
  ret i64 1
b:
  ret i64 2
}
