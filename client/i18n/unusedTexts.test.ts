// Every text that is declared is said somewhere. By the sources alone: who names the texts' constant also names its keys.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));
const DECLARATION =
  /const (\w+) = messages\('(\w+)', \{\n? *en: \{([\s\S]*?)\},\n? *zh: \{[\s\S]*?\},\n?\}\);/g;
const KEY = /(?:^|[,{])\s*(\w+):/gm;
const PLURAL = /_(?:one|other)$/;

type Source = { path: string; text: string };
type Texts = { path: string; constant: string; namespace: string; keys: string[] };

const sources: Source[] = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^dist|\.test\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(CLIENT, path), 'utf8') }));
const declared: Texts[] = sources.flatMap(({ path, text }) =>
  [...text.matchAll(DECLARATION)].map(([, constant = '', namespace = '', english = '']) => {
    // Without what is said, of which a part may look like a key.
    const keys = [...english.replace(/'(?:[^'\\]|\\.)*'/g, "''").matchAll(KEY)].map(([, key = '']) => key);
    return { path, constant, namespace, keys: [...new Set(keys.map((key) => key.replace(PLURAL, '')))] };
  }),
);

test('every text that is declared is used', () => {
  expect(declared.map(({ namespace }) => namespace)).toContain('app');
  const unused = declared.flatMap(({ path, constant, namespace, keys }) => {
    const users = sources.filter(
      (source) =>
        source.text.includes(constant) || (dirname(source.path) === dirname(path) && source.path !== path),
    );
    const text = users.map((user) => user.text.replace(DECLARATION, '')).join('\n');
    return keys.filter((key) => !isSaid(key, text)).map((key) => `${namespace}.${key}`);
  });
  expect(unused).toEqual([]);
});

/** Words of the schema come as values; the others stand in the source: whole, as the key of a filter, or as a template's fixed part. */
function isSaid(key: string, text: string): boolean {
  if (/^(?:error_)?[A-Z][A-Z0-9_]*$/.test(key)) return true;
  if (new RegExp(`['"\`]${key}['"\`]|^ +${key}: \\[`, 'm').test(text)) return true;
  if (isJoined(key, text)) return true;
  const parts = [...text.matchAll(/`(\w*)\$\{[^`}]*\}(\w*)`/g)];
  return parts.some(
    ([, head = '', tail = '']) =>
      `${head}${tail}` !== '' &&
      key.startsWith(head) &&
      key.endsWith(tail) &&
      key.length > head.length + tail.length,
  );
}

/** `${one}${other}`, of words that stand there by themselves. */
function isJoined(key: string, text: string): boolean {
  if (!text.includes('}${')) return false;
  const isWord = (part: string) => text.includes(`'${part}'`);
  return Array.from(key).some((_, at) => at > 0 && isWord(key.slice(0, at)) && isWord(key.slice(at)));
}
