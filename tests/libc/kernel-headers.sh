#!/bin/sh
# Headers: sys/kd.h sys/vt.h sys/soundcard.h
# The kernel's headers for the neutral ABI: what applications include of them compiles alone and
# with libc's, and their numbers are the ones that libc has.
set -eu

include=$BUILD/lib/hcc/include
status=0
for header in aio_abi audit auxvec blkpg btrfs can capability cdrom cn_proc close_range dccp \
	dm-ioctl dma-buf elf errno ethtool falloc fanotify fb fcntl fib_rules fiemap filter fs \
	fuse futex genetlink gpio hdreg hidraw hiddev i2c i2c-dev icmp if if_addr if_alg if_arp \
	if_bridge if_ether if_link if_packet if_tun if_vlan in in6 inet_diag inotify input \
	io_uring ioctl ip ipv6 joystick kcmp kd kernel keyctl landlock limits loop magic major \
	mdio memfd mii mman module mount mqueue neighbour net_tstamp netfilter netfilter_ipv4 \
	netlink nl80211 openat2 param perf_event pidfd pkt_sched poll posix_types ppp-ioctl \
	prctl ptrace quota random reboot rfkill rtc rtnetlink sched seccomp securebits serial \
	signal signalfd snmp sock_diag socket sockios soundcard stat stddef string swab sysinfo \
	taskstats tcp tiocl tls types udp uhid uinput un unistd userfaultfd utsname uuid \
	uvcvideo vfio version vhost videodev2 virtio_net vm_sockets vt watchdog wireless xattr; do
	if [ ! -f "$include/linux/$header.h" ]; then
		echo "no <linux/$header.h>"
		status=1
	fi
	echo "#include <linux/$header.h>" >"$header.c"
done
for header in unistd types ioctl ioctls termbits byteorder socket param errno mman stat auxvec; do
	printf '#include <asm/%s.h>\n' "$header" >"asm-$header.c"
done
for header in sys/kd sys/vt sys/soundcard sound/asound mtd/mtd-user; do
	printf '#include <%s.h>\n' "$header" >"$(echo "$header" | tr / -).c"
done
for file in *.c; do
	"$HCC" -Wall -Werror -fsyntax-only "$file" || status=1
done

# All system calls that both sides name have one number.
sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/\1/p' "$include/bits/syscall.h" >names
{
	echo '#include <sys/syscall.h>'
	echo '#include <asm/unistd.h>'
	# Only what both have: __NR_ is undone between the two.
	while read -r name; do
		echo "#ifdef __NR_$name"
		echo "_Static_assert(__NR_$name == SYS_$name, \"$name\");"
		echo '#endif'
	done <names
} >numbers.c
"$HCC" -w -fsyntax-only numbers.c || status=1
[ "$(grep -c . names)" -gt 250 ] || { echo "syscall.h names too few calls"; status=1; }

# And the headers stand beside libc's where applications mix them.
cat >mixed.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/kd.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <linux/vt.h>
_Static_assert(BLKGETSIZE64 == _IOR(0x12, 114, size_t), "asm-generic ioctl");
_Static_assert(sizeof(struct sockaddr_nl) == 12 && sizeof(struct nlmsghdr) == 16, "netlink");
_Static_assert(KDGETMODE == 0x4B3B && VT_ACTIVATE == 0x5606, "consoles");
_Static_assert(sizeof(struct perf_event_attr) >= 128, "perf");
END
"$HCC" -Wall -Werror -fsyntax-only mixed.c || status=1
exit $status
