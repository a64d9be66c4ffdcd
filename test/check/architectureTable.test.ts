import { expect, test } from 'vitest';
import { importsInWords, tableFaults } from './architectureTable.ts';
import { MAY_IMPORT, MAY_IMPORT_ALL } from './folderRules.ts';

const table = [...Object.keys(MAY_IMPORT), ...MAY_IMPORT_ALL]
  .map((folder) => `| \`${folder}/\` | what | ${importsInWords(folder)} |`)
  .join('\n');

test('a table that says what is enforced is well', () => {
  expect(tableFaults(table)).toEqual([]);
});

test('a row that is missing, wrong or too many is named', () => {
  expect(tableFaults(table.replace('| `core/` | what | nothing |\n', ''))).toEqual([
    'core/ may import nothing; it has no row.',
  ]);
  expect(tableFaults(table.replace('| `core/` | what | nothing |', '| `core/` | what | `prisma` |'))).toEqual(
    ['core/ may import nothing; it says `prisma`.'],
  );
  expect(tableFaults(`${table}\n| \`utils/\` | what | everything |`)).toEqual([
    'utils/ has a row and no rule.',
  ]);
});
