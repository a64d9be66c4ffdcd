import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXAMPLE_FILES, payroll } from './generate.ts';

const WITHOUT_FAULTS = ['payroll-10.csv', 'payroll-1000.csv'];
/** Recipients and references of a file whose cells before the memo hold no comma. */
const identities = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => [line.split(',')[0] ?? '', line.split(',').at(-1) ?? '']);

test.each(Object.entries(EXAMPLE_FILES))('%s is what the generator writes', (name, content) => {
  expect(readFileSync(new URL(name, import.meta.url), 'utf8')).toBe(content());
});

test('no two files share a recipient or a reference, and no row repeats one', () => {
  const all = WITHOUT_FAULTS.flatMap((name) => identities(EXAMPLE_FILES[name]?.() ?? ''));
  expect(all.length).toBe(2 * 1_010);
  expect(new Set(all).size).toBe(all.length);
  const faulty = identities(EXAMPLE_FILES['payroll-faulty.csv']?.() ?? '');
  expect(faulty.filter((identity) => all.includes(identity))).toEqual([]);
  expect(identities(payroll(2))).toEqual(identities(payroll(3)).slice(0, 4));
});
