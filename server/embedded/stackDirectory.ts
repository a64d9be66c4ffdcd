import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EmbeddedError } from './embeddedError.ts';

/** Where the parts of one embedded stack keep their data. */
export type StackDirectory = {
  root: string;
  postgres: string;
  chain: string;
  logs: string;
  lock: string;
  relayerKeys: string;
  demonstration: string;
  /** What others read; see DESIGN's hand-holds. */
  stackFile: string;
};

/** Paths below a data directory; nothing is made. */
export function stackDirectory(dataDirectory: string): StackDirectory {
  const root = resolve(dataDirectory);
  return {
    root,
    postgres: join(root, 'postgres'),
    chain: join(root, 'chain'),
    logs: join(root, 'logs'),
    lock: join(root, 'start.json'),
    relayerKeys: join(root, 'relayer-key'),
    demonstration: join(root, 'demonstration.json'),
    stackFile: join(root, 'stack.json'),
  };
}

/** Makes the data directory, closed to other users. @throws EmbeddedError when it cannot be made or written */
export function makeStackDirectory(directory: StackDirectory): void {
  try {
    mkdirSync(directory.logs, { recursive: true, mode: 0o700 });
    accessSync(directory.root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new EmbeddedError(
      `The data directory ${directory.root} cannot be written. Give yourself the right to write there, or name another with DATA_DIRECTORY.`,
      { cause },
    );
  }
}
