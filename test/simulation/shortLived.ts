/**
 * How `node` runs what lives for seconds, and runs hardly anything often. With a new space so large that little is ever
 * collected, a seed costs a seventh less.
 */
export const ROOMY: readonly string[] = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** With optimizing compilers that wait for what is hot indeed: a twentieth less. */
const OPTIMIZES_LATE: readonly string[] = [
  '--invocation-count-for-maglev=2000',
  '--invocation-count-for-turbofan=12000',
  '--liftoff-only',
];

/** Of node's own modules, what takes long to load. */
const BUILTINS: readonly string[] = [
  'crypto',
  'http',
  'http2',
  'https',
  'perf_hooks',
  'tls',
  'worker_threads',
  'zlib',
];

/**
 * The code of a module that runs another so. Node brings its own modules compiled, for its own flags: whoever changes flags
 * on the command line has them compiled anew, at every start, which costs a fifth of it.
 * @param module where the other is, as `import` takes it
 */
export function shortLivedEntry(module: string): string {
  return [
    ...BUILTINS.map((name) => `import 'node:${name}';`),
    "import { setFlagsFromString } from 'node:v8';",
    `for (const flag of ${JSON.stringify(OPTIMIZES_LATE)}) setFlagsFromString(flag);`,
    `await import(${JSON.stringify(module)});`,
    '',
  ].join('\n');
}
