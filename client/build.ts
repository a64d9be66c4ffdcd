// npm run build [-- --if-changed]: the client's pages in client/dist, each file beside its compressed copies, and the service
// worker that makes them open without a network.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const CLIENT = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(CLIENT, '..');
const DIST = join(CLIENT, 'dist');
const STAMP = join(DIST, '.source');
/** What pages are made of: any change in it makes a new build. */
const SOURCES = [
  'client',
  'chains',
  'payroll',
  'core',
  'contracts/abi',
  'package-lock.json',
  'schema.graphql',
];
const COMPRESSIBLE = ['.js', '.css', '.html', '.svg', '.json', '.webmanifest', '.csv'];
const MIN_COMPRESSED_BYTES = 1_024;
/** The first visit needs the pages, not what people download on purpose. */
const NOT_IN_SHELL = ['templates/'];

// Whoever builds, under a test or not: React's development build is ten times slower, and three times as large.
process.env.NODE_ENV = 'production';
const source = hashSources();
if (process.argv.includes('--if-changed') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === source) {
  process.exit(0);
}
await build({ configFile: join(CLIENT, 'vite.config.ts'), logLevel: 'warn' });
await buildServiceWorker();
compress();
writeFileSync(STAMP, source);

async function buildServiceWorker(): Promise<void> {
  const files = listFiles(DIST)
    .filter((path) => !path.startsWith('.') && !NOT_IN_SHELL.some((folder) => path.startsWith(folder)))
    .sort();
  const version = createHash('sha256');
  for (const path of files) version.update(path).update(readFileSync(join(DIST, path)));
  const shell = { version: version.digest('hex').slice(0, 16), files: files.map((path) => `/${path}`) };
  await build({
    configFile: false,
    root: CLIENT,
    logLevel: 'warn',
    publicDir: false,
    define: { SHELL: JSON.stringify(shell) },
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      rolldownOptions: {
        input: join(CLIENT, 'offline', 'serviceWorker.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
}

function compress(): void {
  for (const path of listFiles(DIST)) {
    if (!COMPRESSIBLE.includes(extname(path))) continue;
    const content = readFileSync(join(DIST, path));
    if (content.byteLength < MIN_COMPRESSED_BYTES) continue;
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(DIST, `${path}.br`), brotliCompressSync(content, brotli));
    writeFileSync(join(DIST, `${path}.gz`), gzipSync(content, { level: 9 }));
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES) {
    const path = join(ROOT, name);
    const files = name.includes('.')
      ? ['']
      : listFiles(path)
          .filter((file) => !file.startsWith('dist/'))
          .sort();
    for (const file of files) hash.update(`${name}/${file}`).update(readFileSync(join(path, file)));
  }
  return hash.digest('hex');
}

/** Paths relative to the folder, with forward slashes. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
