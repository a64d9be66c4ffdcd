import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isProcessAlive, startTimeOf } from './detachedProcess.ts';
import { EmbeddedError } from './embeddedError.ts';

const Lock = z.object({
  pid: z.number().int().positive(),
  startTime: z.string().nullable(),
  api: z.string(),
});
/** Who runs the stack of a data directory, and where its API is. */
export type StackLock = z.infer<typeof Lock>;

const MAX_ATTEMPTS = 3;

/** The start that holds a data directory now; null when none does. */
export function readStackLock(path: string): StackLock | null {
  if (!existsSync(path)) return null;
  const parsed = Lock.safeParse(safeJson(readFileSync(path, 'utf8')));
  if (!parsed.success || !isProcessAlive(parsed.data.pid)) return null;
  return startTimeOf(parsed.data.pid) === parsed.data.startTime ? parsed.data : null;
}

/**
 * Takes the data directory for this process.
 * @returns whether an earlier start died without giving it back
 * @throws EmbeddedError when another start runs on it
 */
export function takeStackLock(path: string, api: string): boolean {
  let stale = false;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    try {
      const lock: StackLock = { pid: process.pid, startTime: startTimeOf(process.pid), api };
      writeFileSync(path, `${JSON.stringify(lock)}\n`, { flag: 'wx', mode: 0o600 });
      return stale;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readStackLock(path);
    if (holder !== null) {
      throw new EmbeddedError(
        `Protocol Banks already runs here: ${holder.api} (process ${holder.pid}). Use it, or end it with npm stop first.`,
      );
    }
    stale = true;
    rmSync(path, { force: true });
  }
  throw new EmbeddedError('Another start began at the same moment. Look whether it is up, then start again.');
}

/** Gives the data directory back. */
export function releaseStackLock(path: string): void {
  rmSync(path, { force: true });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
