/* Headers: arpa/inet.h netdb.h net/if.h ifaddrs.h netinet/ether.h resolv.h arpa/nameser.h
 * Headers: arpa/nameser_compat.h
 * Addresses and names, numeric and from /etc; DNS messages made and read; no network is asked. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <arpa/nameser_compat.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib_log.h"

static void addresses(void)
{
	static const char *const fours[] = {"127.0.0.1", "1.2.3", "0x7f.1", "010.0.0.1",
		"256.1.1.1", "1.2.3.4.5", "4294967295", "", "1.2.3.4 x", "a", "0"};
	static const char *const sixes[] = {
		"::",
		"::1",
		"1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7::",
		"::ffff:1.2.3.4",
		"fe80::1%lo",
		"1::2::3",
		"12345::",
		":::",
		"1:2:3:4:5:6:7:8:9",
		"::1.2.3",
		"2001:db8:0:0:1:0:0:1",
		"ABCD:ef01::",
		"1:0:0:2:0:0:0:3",
		"::ffff:0:1",
		"0:0:0:0:0:ffff:102:304",
	};
	char text[60];
	struct in6_addr six;
	struct in_addr four;
	uint64_t h;
	size_t i;

	for (i = 0; i < sizeof(fours) / sizeof(*fours); i++) {
		four.s_addr = 0;
		SAY("%s: %d %x %d %x %x", fours[i], inet_aton(fours[i], &four), ntohl(four.s_addr),
			inet_pton(AF_INET, fours[i], &four), ntohl(inet_addr(fours[i])),
			inet_network(fours[i]));
	}
	for (i = 0; i < sizeof(sixes) / sizeof(*sixes); i++) {
		int r = inet_pton(AF_INET6, sixes[i], &six);

		h = HASH_START;
		if (r == 1)
			SAY("%s: %s %llx", sixes[i], inet_ntop(AF_INET6, &six, text, sizeof(text)),
				(unsigned long long)HASH_BYTES(h, &six, 16));
		else
			SAY("%s: %d", sixes[i], r);
	}
	SHOW(inet_pton(77, "1.2.3.4", &four));
	four.s_addr = htonl(0x01020304);
	SHOW(inet_ntop(AF_INET, &four, text, 5));
	SHOW(inet_ntop(77, &four, text, sizeof(text)));
	SHOW(inet_ntop(AF_INET, &four, text, sizeof(text)));
	SHOW(inet_ntoa(four));
	SHOW(ntohl(inet_makeaddr(0x7f, 0x112233).s_addr));
	SHOW(inet_lnaof(four));
	SHOW(inet_netof(four));
	SHOW(htons(0x1234));
	SHOW(ntohs(0x1234));
	SHOW(htonl(0x12345678));
	SHOW(IN6_IS_ADDR_LOOPBACK(&in6addr_loopback) && IN6_IS_ADDR_UNSPECIFIED(&in6addr_any));
	inet_pton(AF_INET6, "fe80::1", &six);
	SAY("%d %d %d %d", !!IN6_IS_ADDR_LINKLOCAL(&six), !!IN6_IS_ADDR_MULTICAST(&six),
		!!IN6_IS_ADDR_V4MAPPED(&six), !!IN6_IS_ADDR_SITELOCAL(&six));
	SAY("%d %d", IN_CLASSA(0x01020304), IN_MULTICAST(0xe0000001));
}

static void show_info(const char *node, const char *service, const struct addrinfo *hints)
{
	struct addrinfo *list = NULL, *p;
	int r = getaddrinfo(node, service, hints, &list);

	SAY("%s %s: %s", node ? node : "-", service ? service : "-", r ? gai_strerror(r) : "found");
	for (p = list; p != NULL; p = p->ai_next) {
		char host[100], port[30];

		SAY("  %d %d %d %d %s", p->ai_family == AF_INET6, p->ai_socktype, p->ai_protocol,
			(int)p->ai_addrlen, p->ai_canonname ? p->ai_canonname : "");
		CHECK(getnameinfo(p->ai_addr, p->ai_addrlen, host, sizeof(host), port, sizeof(port),
			      NI_NUMERICHOST | NI_NUMERICSERV) == 0);
		SAY("  %s %s", host, port);
	}
	if (list != NULL)
		freeaddrinfo(list);
}

static void infos(void)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = 0x5000};
	char host[100], port[30];

	show_info("127.0.0.1", "80", &hints);
	show_info("::1", "65535", &hints);
	show_info("::1", "65536", &hints);
	show_info("name", "80", &hints);
	show_info("1.2.3.4", "http", &hints);
	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_CANONNAME | AI_NUMERICHOST;
	show_info("1.2.3.4", "http", &hints);
	show_info("::1", NULL, &hints);
	show_info(NULL, NULL, &hints);
	hints.ai_flags = AI_PASSIVE;
	show_info(NULL, "domain", &hints);
	hints.ai_flags = 0;
	show_info(NULL, "nosuchservice", &hints);
	show_info("localhost", "7", &hints);
	hints.ai_socktype = 77;
	show_info("127.0.0.1", "7", &hints);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	SHOW(getnameinfo(
		(void *)&a, sizeof(a), host, sizeof(host), port, sizeof(port), NI_NUMERICHOST));
	SHOW(port);
	SHOW(getnameinfo((void *)&a, 3, host, sizeof(host), port, sizeof(port), 0));
	SHOW(getnameinfo((void *)&a, sizeof(a), host, 2, port, sizeof(port), NI_NUMERICHOST));
	SHOW(gai_strerror(EAI_SYSTEM));
	SHOW(gai_strerror(99));
}

static void show_host(const struct hostent *h)
{
	char text[60];

	if (h == NULL) {
		SAY("no host: %s", hstrerror(h_errno));
		return;
	}
	SAY("%s %d %d %s", h->h_name, h->h_addrtype == AF_INET6, h->h_length,
		inet_ntop(h->h_addrtype, h->h_addr_list[0], text, sizeof(text)));
}

static void tables(void)
{
	struct in_addr a = {htonl(INADDR_LOOPBACK)};
	struct hostent h, *hp;
	struct servent s, *sp;
	struct protoent *pp;
	char buffer[2000];
	int error = 0;

	show_host(gethostbyname("127.0.0.1"));
	show_host(gethostbyname2("::1", AF_INET6));
	show_host(gethostbyname("localhost"));
	show_host(gethostbyaddr(&a, 4, AF_INET));
	SHOW(gethostbyname_r("1.2.3.4", &h, buffer, sizeof(buffer), &hp, &error));
	show_host(hp);
	SHOW(gethostbyname_r("1.2.3.4", &h, buffer, 5, &hp, &error));
	SHOW(gethostbyname2_r("::2", AF_INET6, &h, buffer, sizeof(buffer), &hp, &error));
	show_host(hp);
	SHOW(gethostbyaddr_r(&a, 4, AF_INET, &h, buffer, sizeof(buffer), &hp, &error));
	sp = getservbyname("http", "tcp");
	SHOW(sp != NULL ? ntohs(sp->s_port) : 0);
	sp = getservbyport(htons(53), "udp");
	SHOW(sp != NULL ? sp->s_name : NULL);
	SHOW(getservbyname_r("domain", "udp", &s, buffer, sizeof(buffer), &sp));
	SHOW(getservbyport_r(htons(53), "tcp", &s, buffer, sizeof(buffer), &sp));
	SHOW(getservbyname("none", NULL));
	pp = getprotobyname("tcp");
	SAY("%s %d %s", pp->p_name, pp->p_proto, pp->p_aliases[0] ? pp->p_aliases[0] : "");
	pp = getprotobynumber(58);
	SHOW(pp->p_name);
	SHOW(getprotobynumber(253));
	setprotoent(1);
	SHOW(getprotoent()->p_name);
	SHOW(getprotoent()->p_name);
	endprotoent();
	setservent(0);
	SHOW(getservent());
	endservent();
	sethostent(0);
	SHOW(gethostent());
	endhostent();
	setnetent(0);
	SHOW(getnetent());
	SHOW(getnetbyname("loopback"));
	SHOW(getnetbyaddr(127, AF_INET));
	endnetent();
	SHOW(hstrerror(HOST_NOT_FOUND));
	h_errno = TRY_AGAIN;
	fflush(stdout);
	herror("herror");
	SHOW(*__h_errno_location());
}

static void interfaces(void)
{
	struct if_nameindex *list = if_nameindex();
	struct ifaddrs *all = NULL, *p;
	struct ifreq r = {.ifr_name = "lo"};
	struct ifconf conf;
	struct ifreq many[20];
	char name[IF_NAMESIZE];
	int i, n = 0, s = socket(AF_INET, SOCK_DGRAM, 0);

	for (i = 0; list != NULL && list[i].if_index != 0; i++)
		n += strcmp(list[i].if_name, "lo") == 0 && list[i].if_index == if_nametoindex("lo");
	HOST_SHOW(n);
	if_freenameindex(list);
	SHOW(if_nametoindex("lo"));
	SHOW(if_indextoname(1, name));
	SHOW(if_nametoindex("none"));
	SHOW(if_indextoname(9999, name));
	SHOW(ioctl(s, SIOCGIFFLAGS, &r));
	SAY("%d %d", !!(r.ifr_flags & IFF_LOOPBACK), !!(r.ifr_flags & IFF_UP));
	SHOW(ioctl(s, SIOCGIFADDR, &r));
	SHOW(inet_ntoa(((struct sockaddr_in *)&r.ifr_addr)->sin_addr));
	SHOW(ioctl(s, SIOCGIFMTU, &r));
	SHOW(r.ifr_mtu > 0);
	SHOW(ioctl(s, SIOCGIFINDEX, &r));
	SHOW(r.ifr_ifindex);
	conf.ifc_len = sizeof(many);
	conf.ifc_req = many;
	SHOW(ioctl(s, SIOCGIFCONF, &conf));
	for (i = n = 0; i < conf.ifc_len / (int)sizeof(*many); i++)
		n += strcmp(many[i].ifr_name, "lo") == 0;
	SHOW(n);
	close(s);
	HOST_SHOW(getifaddrs(&all));
	for (n = 0, p = all; p != NULL; p = p->ifa_next)
		if (strcmp(p->ifa_name, "lo") == 0 && p->ifa_addr &&
			p->ifa_addr->sa_family == AF_INET)
			n += ((struct sockaddr_in *)p->ifa_addr)->sin_addr.s_addr ==
				     htonl(INADDR_LOOPBACK) &&
			     ((struct sockaddr_in *)p->ifa_netmask)->sin_addr.s_addr ==
				     htonl(0xff000000);
	HOST_SHOW(n);
	freeifaddrs(all);
}

static void ethernet(void)
{
	struct ether_addr a, *p = ether_aton("1:2:a:ff:0:10");
	char text[30], host[30];

	SHOW(ether_ntoa(p));
	SHOW(ether_ntoa_r(p, text));
	SHOW(ether_aton("1:2:3"));
	SHOW(ether_aton_r("00:11:22:33:44:55", &a));
	SHOW(a.ether_addr_octet[5]);
	SHOW(ether_line("1:2:3:4:5:6 host", &a, host));
	SHOW(ether_ntohost(host, &a));
	SHOW(ether_hostton("host", &a));
}

static void queries(void)
{
	unsigned char q[NS_PACKETSZ], answer[] = {
					      0x12,
					      0x34,
					      0x81,
					      0x80,
					      0,
					      1,
					      0,
					      2,
					      0,
					      0,
					      0,
					      0,
					      3,
					      'w',
					      'w',
					      'w',
					      4,
					      't',
					      'e',
					      's',
					      't',
					      0,
					      0,
					      1,
					      0,
					      1,
					      0xc0,
					      12,
					      0,
					      1,
					      0,
					      1,
					      0,
					      0,
					      0x0e,
					      0x10,
					      0,
					      4,
					      10,
					      0,
					      0,
					      1,
					      0xc0,
					      16,
					      0,
					      5,
					      0,
					      1,
					      0,
					      0,
					      0,
					      5,
					      0,
					      2,
					      0xc0,
					      12,
				      };
	unsigned char *names[4] = {NULL};
	unsigned char packed[50];
	char text[300];
	ns_msg m;
	ns_rr rr;
	int n, i;

	SHOW(n = res_mkquery(
		     QUERY, "www.example.org", ns_c_in, ns_t_mx, NULL, 0, NULL, q, sizeof(q)));
	q[0] = q[1] = 0;
	for (i = 0; i < n; i++)
		printf(" %02x", q[i]);
	puts("");
	SHOW(res_mkquery(QUERY, "bad..name", ns_c_in, ns_t_a, NULL, 0, NULL, q, sizeof(q)));
	SHOW(ns_initparse(answer, sizeof(answer), &m));
	SAY("%x %d %d %d %d", ns_msg_id(m), ns_msg_getflag(m, ns_f_qr),
		ns_msg_getflag(m, ns_f_rcode), ns_msg_count(m, ns_s_qd), ns_msg_count(m, ns_s_an));
	SHOW(ns_parserr(&m, ns_s_qd, 0, &rr));
	SAY("%s %d %d", ns_rr_name(rr), ns_rr_type(rr), ns_rr_class(rr));
	for (i = 0; i < 2; i++) {
		SHOW(ns_parserr(&m, ns_s_an, i, &rr));
		SAY("%s %d %u %d", ns_rr_name(rr), ns_rr_type(rr), ns_rr_ttl(rr), ns_rr_rdlen(rr));
	}
	SHOW(ns_name_uncompress(
		ns_msg_base(m), ns_msg_end(m), ns_rr_rdata(rr), text, sizeof(text)));
	SHOW(text);
	SHOW(ns_parserr(&m, ns_s_an, 2, &rr));
	SHOW(ns_initparse(answer, 20, &m));
	SHOW(ns_get16(answer) + ns_get32(answer + 4));
	ns_put16(0x1234, packed);
	ns_put32(0x56789abc, packed + 2);
	SHOW(packed[0] * 256 + packed[5]);
	SHOW(ns_skiprr(answer + 12, answer + sizeof(answer), ns_s_qd, 1));
	SHOW(dn_expand(answer, answer + sizeof(answer), answer + 42, text, sizeof(text)));
	SHOW(text);
	SHOW(dn_skipname(answer + 12, answer + sizeof(answer)));
	SHOW(dn_comp("host.test", packed, sizeof(packed), names, names + 4));
	SHOW(packed[0] * 100 + packed[5]);
	SHOW(res_init());
}

int main(void)
{
	addresses();
	infos();
	tables();
	interfaces();
	ethernet();
	queries();
	return 0;
}
