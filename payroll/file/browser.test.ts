import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { payroll } from '../../examples/generate.ts';
import type { readPayoutFile } from './readPayoutFile.ts';
import { TEST_RULES } from './readText.testkit.ts';

/** What a page has that this code may use. */
const PAGE = { Blob, TextDecoder, TextEncoder, URL, atob, btoa, setTimeout, clearTimeout };

let bundle: Rollup.OutputChunk;

beforeAll(async () => {
  const output = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('readPayoutFile.ts', import.meta.url)),
        formats: ['iife'],
        name: 'payroll',
      },
    },
  })) as Rollup.RollupOutput[];
  bundle = output[0]?.output[0] as Rollup.OutputChunk;
}, 60_000);

test('a bundle for a browser holds nothing of Node', () => {
  const modules = Object.keys(bundle.modules);
  expect(modules.length).toBeGreaterThan(10);
  expect(modules.filter((id) => /^node:|__vite-browser-external/.test(id))).toEqual([]);
  expect(bundle.imports).toEqual([]);
  expect(bundle.code.match(/\b(Buffer|process|require|global)\s*[.([]/g) ?? []).toEqual([]);
});

test('where nothing of Node is, it reads what it reads here', async () => {
  const page = createContext({ ...PAGE });
  runInContext(`${bundle.code}\nglobalThis.payroll = payroll;`, page);
  const read = (page.payroll as { readPayoutFile: typeof readPayoutFile }).readPayoutFile;
  const { preview, issues } = await read(new Blob([payroll(20)]), TEST_RULES);
  expect(issues.kept()).toEqual([]);
  expect(preview).toMatchObject({ rowCount: 20, acceptedCount: 20 });
});
