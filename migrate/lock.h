/* Keeping the kernel from answering for a connection while no process has it. */
#ifndef HCC_MIGRATE_LOCK_H
#define HCC_MIGRATE_LOCK_H

#include <stdint.h>
#include <sys/socket.h>

/* A socket with this mark (SO_MARK) is not kept from anything. */
#define NETWORK_MARK 0x68636d76u

/* The two addresses of a connection. */
struct ends {
	struct sockaddr_storage own, peer;
};

/* Lock and unlock a connection in the network namespace of this program. Locking twice and unlocking
 * what is not locked are nothing. network_lock() returns 0; -1 and errno. */
int network_lock(const struct ends *e);
void network_unlock(const struct ends *e);

#endif
