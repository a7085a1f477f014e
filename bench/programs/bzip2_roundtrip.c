/* bzip2's library, from memory to memory. */
#include "roundtrip.h"

#include "bzlib.h"

/* What the library calls where it is built without stdio. */
void bz_internal_error(int error)
{
	printf("bzip2: error %d\n", error);
	exit(1);
}

static int pack(unsigned char *to, size_t *to_bytes, const unsigned char *from, size_t from_bytes, int round)
{
	unsigned bytes = (unsigned)*to_bytes;
	int error = BZ2_bzBuffToBuffCompress((char *)to, &bytes, (char *)from, (unsigned)from_bytes,
					     9 - round % 9, 0, 0);

	*to_bytes = bytes;
	return error;
}

static int unpack(unsigned char *to, size_t *to_bytes, const unsigned char *from, size_t from_bytes,
		  int round)
{
	unsigned bytes = (unsigned)*to_bytes;
	int error = BZ2_bzBuffToBuffDecompress((char *)to, &bytes, (char *)from, (unsigned)from_bytes, 0, 0);

	(void)round;
	*to_bytes = bytes;
	return error;
}

int main(int argc, char **argv)
{
	return roundtrip(argc, argv, pack, unpack);
}
