/* Headers: ar.h arpa/ftp.h arpa/telnet.h arpa/tftp.h cpio.h elf.h link.h tar.h net/ethernet.h
 * Headers: net/if_arp.h net/route.h netinet/icmp6.h netinet/if_ether.h netinet/igmp.h
 * Headers: netinet/in_systm.h netinet/ip.h netinet/ip6.h netinet/ip_icmp.h netinet/udp.h
 * Headers: netinet/tcp.h netpacket/packet.h scsi/scsi.h scsi/scsi_ioctl.h scsi/sg.h byteswap.h
 * Headers: endian.h sys/param.h sys/procfs.h sys/reg.h sys/user.h sys/sysmacros.h values.h
 * Headers: dlfcn.h
 * What lies on wires and in files has one layout; bytes in any order; what a static program is
 * told of itself. */
#include <ar.h>
#include <arpa/ftp.h>
#include <arpa/telnet.h>
#include <arpa/tftp.h>
#include <byteswap.h>
#include <cpio.h>
#include <dlfcn.h>
#include <elf.h>
#include <endian.h>
#include <link.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/igmp.h>
#include <netinet/in.h>
#include <netinet/in_systm.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <scsi/scsi.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <stddef.h>
#include <sys/param.h>
#include <sys/procfs.h>
#include <sys/reg.h>
#include <sys/sysmacros.h>
#include <sys/user.h>
#include <tar.h>
#include <values.h>
#include "lib_log.h"

#define SIZE(type) SAY(#type " %zu", sizeof(type))
#define AT(type, field) SAY(#type "." #field " %zu", offsetof(type, field))

static void wires(void)
{
	struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = 17};
	struct ip6_hdr six = {.ip6_flow = htonl(6 << 28 | 0x12345)};
	struct tcphdr tcp = {.syn = 1, .ack = 1, .doff = 5};
	uint64_t h = HASH_START;

	SIZE(struct ether_header);
	SIZE(struct ether_arp);
	SIZE(struct arphdr);
	SIZE(struct arpreq);
	SIZE(struct rtentry);
	SIZE(struct iphdr);
	SIZE(struct ip);
	AT(struct ip, ip_src);
	SIZE(struct ip_timestamp);
	SIZE(struct ip6_hdr);
	SIZE(struct ip6_frag);
	SIZE(struct icmp);
	SIZE(struct icmphdr);
	AT(struct icmp, icmp_dun);
	SIZE(struct icmp6_hdr);
	SIZE(struct nd_neighbor_advert);
	SIZE(struct nd_opt_prefix_info);
	SIZE(struct igmp);
	SIZE(struct udphdr);
	SIZE(struct tcphdr);
	AT(struct tcphdr, window);
	SIZE(struct sockaddr_in);
	SIZE(struct sockaddr_in6);
	SIZE(struct sockaddr_storage);
	SIZE(struct sockaddr_ll);
	AT(struct sockaddr_ll, sll_addr);
	SIZE(struct packet_mreq);
	SIZE(struct ip_mreqn);
	SIZE(struct ipv6_mreq);
	SIZE(struct group_req);
	SIZE(struct ifreq);
	SIZE(struct ifconf);
	SIZE(struct tcp_info);
	SIZE(struct tftphdr);
	SIZE(n_long);
	SHOW(HASH_BYTES(h, &ip, sizeof(ip)));
	SHOW(HASH_BYTES(h, &six, sizeof(six)));
	SHOW(HASH_BYTES(h, &tcp, sizeof(tcp)));
	SAY("%x %x %d %d", ETHERTYPE_IPV6, ETH_P_ALL, ARPHRD_ETHER, ARPOP_REPLY);
	SAY("%d %d %d %d %d", RTF_GATEWAY, ICMP_TIMXCEED, ICMP6_ECHO_REPLY,
		IGMP_HOST_MEMBERSHIP_QUERY, IPPROTO_ICMPV6);
	SAY("%d %d %d %d %d", PRELIM, IAC, TELOPT_ECHO, ACK, PACKET_OUTGOING);
	SAY("%d %d %d %zu", INQUIRY, READ_10, SG_IO, sizeof(struct sg_io_hdr));
	SHOW(SCSI_IOCTL_GET_IDLUN);
}

static void files(void)
{
	struct ar_hdr a;

	SAY("%s %d %s", ARMAG, (int)SARMAG, ARFMAG);
	SAY("%zu %zu", sizeof(a), sizeof(a.ar_name));
	SAY("%s %s %d %c", TMAGIC, TVERSION, TSUID, DIRTYPE);
	SAY("%s %o", MAGIC, C_ISREG);
	SIZE(Elf64_Ehdr);
	SIZE(Elf32_Ehdr);
	SIZE(Elf64_Phdr);
	SIZE(Elf64_Shdr);
	SIZE(Elf64_Sym);
	SIZE(Elf64_Rela);
	SIZE(Elf64_Dyn);
	SIZE(Elf64_Nhdr);
	AT(Elf64_Shdr, sh_entsize);
	SAY("%d %d %d %d", EM_X86_64, EM_AARCH64, EM_RISCV, PT_GNU_STACK);
	SAY("%ld %d", (long)ELF64_R_SYM(0x500000007), (int)ELF64_R_TYPE(0x500000007));
	SHOW(ELF64_ST_INFO(STB_WEAK, STT_FUNC));
	SIZE(struct elf_siginfo);
}

static void orders(void)
{
	SHOW(bswap_16(0x1234));
	SHOW(bswap_32(0x12345678));
	SHOW(bswap_64(0x123456789abcdef0));
	SHOW(htobe16(0x1234) + htole16(0x1234));
	SHOW(htobe32(0x12345678));
	SHOW(htobe64(0x123456789abcdef0));
	SHOW(be16toh(0x1234) + le16toh(1));
	SHOW(be32toh(0x12345678) + le32toh(1));
	SHOW(be64toh(0x123456789abcdef0) + le64toh(1));
	SHOW(BYTE_ORDER == LITTLE_ENDIAN);
	SHOW(howmany(10, 3) + roundup(10, 4) + powerof2(8) + MIN(1, 2) + MAX(3, 4));
	SHOW(MAXPATHLEN + NBBY + MAXHOSTNAMELEN);
	SHOW(setbit((unsigned char *)&(int){0}, 3));
	SHOW(major(makedev(300, 70000)) + minor(makedev(300, 70000)));
	SHOW(makedev(0x12345, 0x6789ab));
	SHOW(MAXINT);
	SHOW(MINLONG + MAXSHORT);
	SHOW(MAXDOUBLE);
	SHOW(BITSPERBYTE);
}

static int n_objects, n_loads, found_own;

static int visit(struct dl_phdr_info *info, size_t size, void *arg)
{
	int i;

	n_objects++;
	CHECK(size == sizeof(*info) && arg == &n_objects);
	for (i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD) {
			uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

			n_loads++;
			found_own |= (uintptr_t)visit - start < info->dlpi_phdr[i].p_memsz;
		}
	return 17;
}

/* A static executable has no dynamic linker: each function says so. */
static void linking(void)
{
	Dl_info info;
	void *m;

	SHOW(dl_iterate_phdr(visit, &n_objects));
	SAY("%d %d %d", n_objects > 0, n_loads > 0, found_own);
	SHOW(dlopen("libnone.so", RTLD_NOW));
	SHOW(dlerror());
	SHOW(dlerror());
	SHOW(dlopen("libnone.so", RTLD_LAZY | RTLD_GLOBAL));
	SHOW(dlsym(RTLD_DEFAULT, "printf"));
	SHOW(dlerror());
	SHOW(dlsym(RTLD_NEXT, "printf"));
	SHOW(dladdr(linking, &info));
	SHOW(dlinfo(NULL, 99, &m));
	SHOW(dlclose(NULL));
	SHOW(dlerror());
}

int main(void)
{
	wires();
	files();
	orders();
	linking();
	return 0;
}
