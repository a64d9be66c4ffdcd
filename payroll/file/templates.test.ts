import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TEMPLATE_FILES, TEMPLATES } from '../../examples/templates.ts';
import { readText } from './readText.testkit.ts';

test('every template is there, and nothing else', () => {
  expect(readdirSync(TEMPLATES).toSorted()).toEqual(Object.keys(TEMPLATE_FILES).toSorted());
});

describe.each(Object.entries(TEMPLATE_FILES))('%s', (name, write) => {
  test('is what examples/templates.ts writes, in whatever time zone', () => {
    const zone = process.env.TZ;
    try {
      for (const other of ['UTC', 'Asia/Shanghai', 'America/Los_Angeles']) {
        process.env.TZ = other;
        expect(readFileSync(new URL(name, TEMPLATES)).equals(write())).toBe(true);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('is read without an issue', async () => {
    const { preview, lines, issueCount } = await readText(
      Uint8Array.from(readFileSync(new URL(name, TEMPLATES))),
    );
    expect(issueCount).toBe(0);
    expect(preview).toMatchObject({ rowCount: 2, acceptedCount: 2, ignoredColumns: [] });
    expect(lines.map(({ units, reference }) => [units, reference])).toEqual([
      [1_250_500_000n, '2026-11-001'],
      [980_000_000n, '2026-11-002'],
    ]);
    expect(lines.every(({ memo }) => memo !== null)).toBe(true);
  });
});
