/* Keeping the kernel from answering for a connection while no process has it. */
#ifndef HCC_MIGRATE_LOCK_H
#define HCC_MIGRATE_LOCK_H

#include <stdint.h>

/* A socket with this mark (SO_MARK) is not kept from anything. */
#define NETWORK_MARK 0x68636d76u

/* By the connection's socket, whose addresses are what is locked and unlocked, in the network
 * namespace of this program. Unlocking what is not locked is nothing. network_lock() returns 0;
 * -1 and errno. */
int network_lock(int fd);
void network_unlock(int fd);

#endif
