import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { manifest } from './openIntentExample.testkit.ts';
import { NOW_SECONDS, ownOf, requestOf } from './openRequestExample.testkit.ts';

const directory = fileURLToPath(new URL('.', import.meta.url));
const modules = globSync('*.ts', { cwd: directory }).filter((file) => !/\.(test|testkit)\.ts$/.test(file));
const ENTRY = 'codec-of-a-browser';

let bundle: Rolldown.OutputChunk;
beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: directory,
    plugins: [
      {
        name: ENTRY,
        resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : null),
        load: (id) =>
          id === ENTRY
            ? modules.map((file) => `export * from ${JSON.stringify(`${directory}${file}`)};`).join('\n')
            : null,
      },
    ],
    build: { write: false, minify: false, lib: { entry: ENTRY, formats: ['iife'], name: 'codec' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error('Nothing was built.');
  bundle = output.output[0];
});

test('the codec is bundled whole, without a module of Node', () => {
  expect(modules).toContain('checkOpenRequest.ts');
  const ids = Object.keys(bundle.modules);
  // Files of types alone leave nothing behind.
  expect(ids.filter((id) => id.startsWith(directory)).length).toBeGreaterThan(modules.length * 0.8);
  expect(ids.filter((id) => /browser-external|^node:/.test(id))).toEqual([]);
  expect(bundle.imports).toEqual([]);
});

test('a request is checked where there is neither Buffer nor process, and no code is made of strings', () => {
  const browser = { TextEncoder, TextDecoder, URL };
  const context = vm.createContext(browser, { codeGeneration: { strings: false, wasm: false } });
  const codec = vm.runInContext(`${bundle.code}; codec`, context);
  const subject = { own: ownOf(manifest), request: requestOf(manifest), nowSeconds: NOW_SECONDS };
  expect(codec.checkOpenRequest(subject).kind).toBe('SOUND');
  const digest = `0x${'00'.repeat(32)}`;
  const altered = { ...subject, request: { ...subject.request, digest } };
  expect(codec.checkOpenRequest(altered).differences).toMatchObject([{ what: 'DIGEST' }]);
});
