import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { noPayroll } from './noPayroll.ts';

const bytes = (...start: number[]) => new Uint8Array([...start, 1, 2, 3]);
const text = (content: string) => new TextEncoder().encode(content);

test.each([
  ['photo.png', bytes(0x89, 0x50, 0x4e, 0x47), 'IMAGE'],
  ['photo.csv', bytes(0xff, 0xd8, 0xff), 'IMAGE'],
  ['invoice.pdf', text('%PDF-1.7\n'), 'PDF'],
  ['data.json', text('[1]'), 'JSON'],
  ['data.txt', text('\ufeff{ "rows": [] }'), 'JSON'],
  ['page.csv', text('<!DOCTYPE html><html>'), 'WEB_PAGE'],
  ['letter.docx', bytes(0x50, 0x4b, 3, 4), 'DOCUMENT'],
  ['old.xls', bytes(0xd0, 0xcf, 0x11, 0xe0), 'OLD_WORKBOOK'],
  ['logs.gz', bytes(0x1f, 0x8b), 'ARCHIVE'],
  ['program', bytes(0x7f, 0x45, 0x4c, 0x46, 0), 'NO_TEXT'],
])('%s is said at once', (name, content, what) => {
  expect(noPayroll(content, name)).toBe(what);
});

test.each([
  ['a.csv', text('recipient,amount\n')],
  ['a.csv', text('[recipient],[amount]\n')],
  ['a.csv', text('{to};{value}\n')],
  // UTF-16 with a byte order mark
  ['a.csv', bytes(0xff, 0xfe, 0x61, 0)],
  ['a.xlsx', bytes(0x50, 0x4b, 3, 4)],
  // A password: the server says what to do about it.
  ['a.xlsx', bytes(0xd0, 0xcf, 0x11, 0xe0)],
])('%s may be a payroll', (name, content) => {
  expect(noPayroll(content, name)).toBeNull();
});

test('no example or template is refused', () => {
  for (const folder of ['../../../examples/', '../../public/templates/']) {
    const root = new URL(folder, import.meta.url);
    const names = readdirSync(root).filter((name) => /\.(csv|tsv|xlsx)$/.test(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(noPayroll(readFileSync(new URL(name, root)), name), name).toBeNull();
  }
});
