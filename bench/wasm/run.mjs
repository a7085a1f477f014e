// run.mjs PROGRAM.wasm ARG...: run a WASI program by V8. Its processor seconds, without those of compiling
// it, go to the file that BENCH_SECONDS names.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, cpuUsage, env, exit } from 'node:process';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1', args: argv.slice(2), env: {}, returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(argv[2]));
const program = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
const before = cpuUsage();
const status = wasi.start(program);
const used = cpuUsage(before);
if (env.BENCH_SECONDS)
	writeFileSync(env.BENCH_SECONDS, `${(used.user + used.system) / 1e6}\n`);
exit(status);
