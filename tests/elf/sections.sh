#!/bin/sh
# Shared data must be as large on every ISA; the message names the section and both sizes.
. "$SRC/tests/elf/common"
need x86_64 aarch64
small=$other large=$HOST_ISA

make_start
cat >main.c <<'END'
__attribute__((section(".text.hcc.main"))) int main(void) { return 0; }
END
fat main

# data FILE SECTION BYTES-ON-HOST BYTES-ON-OTHER [FLAGS-AND-TYPE]
data()
{
	case $2 in .text*) type=function ;; *) type=object ;; esac
	cat >"$1.c" <<END
#ifdef ISA_$HOST_ISA
#define BYTES $3
#else
#define BYTES $4
#endif
#if BYTES >= 0
#define STRING(x) #x
#define QUOTED(x) STRING(x)
__asm__(".section $2,${5:-\"aw\",@progbits}\n.globl sym_$1\n.type sym_$1,@$type\n"
	"sym_$1: .zero " QUOTED(BYTES) "\n.text");
#endif
END
	sed -i 's/"aw"/\\"aw\\"/; s/"a"/\\"a\\"/; s/"awT"/\\"awT\\"/; s/"ax"/\\"ax\\"/' "$1.c"
	fat "$1"
}

data same .data.hcc.x 24 24
link start.o main.o same.o
check_aligned sym_same

data one_more .data.hcc.x 25 24
check_error "app: section '.data.hcc.x' is 24 bytes on $small, 25 on $large" start.o main.o one_more.o
data less .rodata.hcc.x 24 32 '"a",@progbits'
check_error "app: section '.rodata.hcc.x' is 32 bytes on $small, 24 on $large" start.o main.o less.o
data bss .bss.hcc.x 8 16 '"aw",@nobits'
check_error "app: section '.bss.hcc.x' is 16 bytes on $small, 8 on $large" start.o main.o bss.o
data tls .tbss.hcc.x 8 16 '"awT",@nobits'
check_error "app: section '.tbss.hcc.x' is 16 bytes on $small, 8 on $large" start.o main.o tls.o
data absent .data.hcc.x 8 -1
check_error "app: section '.data.hcc.x' is 8 bytes on $large, absent on $small" start.o main.o absent.o
data missing .data.hcc.x -1 8
check_error "app: section '.data.hcc.x' is 8 bytes on $small, absent on $large" start.o main.o missing.o

# A function may be as large as it likes, and absent.
data text .text.hcc.x 100 4 '"ax",@progbits'
link start.o main.o text.o
check_aligned main
data only_host .text.hcc.y 100 -1 '"ax",@progbits'
link start.o main.o only_host.o
check_aligned main _start

# Joined sections: each object's part counts.
data part user_part 8 8
data part2 user_part 8 16
check_error "part2.o: section 'user_part' is 24 bytes on $small, 16 on $large" \
	start.o main.o part.o part2.o
data init .init_array 8 16 '"aw",@init_array'
check_error "init.o: section '.init_array' is 16 bytes on $small, 8 on $large" start.o main.o init.o

# One name, one section.
cp same.o same2.o
check_error "app: section '.data.hcc.x' is in same.o and in same2.o" start.o main.o same.o same2.o

# Private thread-locals have no place.
data private_tls .tbss 8 8 '"awT",@nobits'
check_error "private_tls.o: section '.tbss' cannot be thread-local" start.o main.o private_tls.o
exit $failed
