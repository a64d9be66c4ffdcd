import { MAY_IMPORT, MAY_IMPORT_ALL, MAY_IMPORT_TYPES } from './folderRules.ts';

/** The third cell of a folder's row in docs/ARCHITECTURE.md, as the rules have it. */
export function importsInWords(folder: string): string {
  if (MAY_IMPORT_ALL.includes(folder)) return 'everything';
  const quoted = (folders: readonly string[]) => folders.map((name) => `\`${name}\``).join(', ');
  const imports = quoted(MAY_IMPORT[folder] ?? []) || 'nothing';
  const types = MAY_IMPORT_TYPES[folder] ?? [];
  return types.length === 0 ? imports : `${imports}; types of ${quoted(types)}`;
}

/**
 * Where the table of docs/ARCHITECTURE.md says something else than the rules that are enforced.
 * @param markdown the document
 * @returns what is wrong, a sentence each
 */
export function tableFaults(markdown: string): string[] {
  const cells = [...markdown.matchAll(/^\| `([^`]+)\/` \|.*\| ([^|]+) \|$/gm)];
  const rows = new Map(cells.map(([, folder = '', imports = '']) => [folder, imports]));
  const folders = [...Object.keys(MAY_IMPORT), ...MAY_IMPORT_ALL];
  return [
    ...folders.flatMap((folder) => {
      const enforced = importsInWords(folder);
      const written = rows.get(folder);
      return written === enforced
        ? []
        : [
            `${folder}/ may import ${enforced}; ${written === undefined ? 'it has no row' : `it says ${written}`}.`,
          ];
    }),
    ...[...rows.keys()]
      .filter((folder) => !folders.includes(folder))
      .map((folder) => `${folder}/ has a row and no rule.`),
  ];
}
