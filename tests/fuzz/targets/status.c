/* What hcc-migrate reads from the process that it asks: lines of the status FIFO.
 * runs: 100000 */
#include <string.h>

#include "lib_fuzz.h"
#include "migrate/migrate.h"

static const char *const seeds[] = {
	"written threads=2 frames=3 pages_bytes=4096 file_bytes=40960 wait_ns=1 capture_ns=2 write_ns=3 sync_ns=4",
	"decline thread=4711 pc=0000000001010040 a frame has no record",
	"decline thread=0 pc=0 it has child processes",
	"thread thread=4711 pc=0000000001010040 call=-1 it runs",
	"refuse descriptor 3 is a socket",
	"fail errno=28 cannot write the snapshot",
	"hello",
};

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	if (n >= sizeof seeds / sizeof *seeds)
		return 0;
	memcpy(out, seeds[n], strlen(seeds[n]));
	return strlen(seeds[n]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	char line[HCC_STATUS_BYTES + 1];
	struct status status;
	struct error e = {0};

	if (bytes >= HCC_STATUS_BYTES)
		return -1;
	memcpy(line, data, bytes);
	line[bytes] = 0;
	fuzz_begin(bytes);
	status = status_parse(line);
	fuzz_check(status.text >= line && status.text <= line + strlen(line), "text is elsewhere");
	fuzz_check(*status.text || !*line, "no text");
	fuzz_check(status.error >= 0 && status.error < 4096, "errno %d", status.error);
	if (status.kind == STATUS_WRITTEN)
		fuzz_check(!status.text[strspn(status.text, "abcdefghijklmnopqrstuvwxyz_=0123456789 ")],
			"'%s'", status.text);
	fail(&e, "process 1: %s", status.text);
	fuzz_message(e.text);
	fuzz_end(-1, "process 1: ");
	return 0;
}
