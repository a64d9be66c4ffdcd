// A Vite plugin: the styles of those of Mantine's components that the client uses, in place of all of them. They are found in
// the sources, so that a screen may use another component without anybody keeping a list.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What client/main.tsx imports. */
const VIRTUAL = 'virtual:used-styles.css';
const RESOLVED = `\0${VIRTUAL}`;
/** What no component imports, and all of them need. */
const ALWAYS = ['baseline.css', 'default-css-variables.css', 'global.css'];
const NAMED_IMPORT = /import\s*\{([^}]*)\}\s*from\s*["']@mantine\/core["']/g;
const MODULE_IMPORT = /(?:import|export)[^"']*?from\s*["'](\.[^"']+)["']/g;
const STYLES_MODULE = /\/([A-Za-z]+)\.module\.mjs$/;

const MANTINE = fileURLToPath(new URL('../node_modules/@mantine', import.meta.url));
const CORE = join(MANTINE, 'core');
const OTHERS = ['notifications', 'dropzone'].map((name) => join(MANTINE, name, 'esm'));

export function usedStyles(clientFolder: string): Plugin {
  return {
    name: 'used-styles',
    resolveId: (id) => (id === VIRTUAL ? RESOLVED : undefined),
    load: (id) => (id === RESOLVED ? stylesOf(usedNames(clientFolder)) : undefined),
  };
}

/** The names that are imported from Mantine, by the client and by what is built on Mantine. */
function usedNames(clientFolder: string): Set<string> {
  const names = new Set<string>();
  const files = [
    ...filesBelow(clientFolder, /\.tsx?$/).filter((path) => !relative(clientFolder, path).startsWith('dist')),
    ...OTHERS.flatMap((folder) => filesBelow(folder, /\.mjs$/)),
  ];
  for (const file of files) {
    for (const [, list = ''] of readFileSync(file, 'utf8').matchAll(NAMED_IMPORT)) {
      for (const name of list.split(',')) names.add(name.replace(/\s+as\s.*/s, '').trim());
    }
  }
  return names;
}

/** @throws Error when Mantine is laid out otherwise than this reads it: a page without styles must not be built */
function stylesOf(names: ReadonlySet<string>): string {
  const index = join(CORE, 'esm', 'index.mjs');
  const seen = new Set<string>();
  const waiting: string[] = [];
  for (const [statement, path = ''] of readFileSync(index, 'utf8').matchAll(MODULE_IMPORT)) {
    const imported = /\{([^}]*)\}/.exec(statement)?.[1] ?? '';
    if (imported.split(',').some((name) => names.has(name.trim()))) waiting.push(join(dirname(index), path));
  }
  const found = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const styles = STYLES_MODULE.exec(file)?.[1];
    if (styles !== undefined) found.add(`${styles}.css`);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(MODULE_IMPORT)) {
      waiting.push(join(dirname(file), path));
    }
  }
  const present = [...found].filter((name) => existsSync(join(CORE, 'styles', name)));
  if (!present.includes('Button.css')) throw new Error('The styles of Mantine’s components were not found.');
  return inOrder([...ALWAYS, ...present]);
}

/** Later rules win: the order is that of Mantine's own sheet of all styles. */
function inOrder(names: readonly string[]): string {
  const all = readFileSync(join(CORE, 'styles.css'), 'utf8');
  return names
    .map((name) => readFileSync(join(CORE, 'styles', name), 'utf8').trim())
    .map((text) => ({ text, place: all.indexOf(text) }))
    .sort((a, b) => a.place - b.place)
    .map(({ text }) => text)
    .join('\n');
}

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => join(folder, path));
}
