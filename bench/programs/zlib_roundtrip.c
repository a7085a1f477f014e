/* zlib, from memory to memory: levels 6, 9 and 1 in turn. */
#include "roundtrip.h"

#include "zlib.h"

static int pack(unsigned char *to, size_t *to_bytes, const unsigned char *from, size_t from_bytes, int round)
{
	static const int levels[] = { 6, 9, 1 };
	uLongf bytes = *to_bytes;
	int error = compress2(to, &bytes, from, from_bytes, levels[round % 3]);

	*to_bytes = bytes;
	return error;
}

static int unpack(unsigned char *to, size_t *to_bytes, const unsigned char *from, size_t from_bytes,
		  int round)
{
	uLongf bytes = *to_bytes;
	int error = uncompress(to, &bytes, from, from_bytes);

	(void)round;
	*to_bytes = bytes;
	return error;
}

int main(int argc, char **argv)
{
	return roundtrip(argc, argv, pack, unpack);
}
