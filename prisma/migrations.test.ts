import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

test('no comment of a migration has a semicolon: statements would be cut there', () => {
  const names = readdirSync(MIGRATIONS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(names.length).toBeGreaterThan(0);
  const faults = names.flatMap(({ name }) =>
    readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')
      .split('\n')
      .filter((line) => /^\s*--.*;/.test(line))
      .map((line) => `${name}: ${line}`),
  );
  expect(faults).toEqual([]);
});
