import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const MAX_TITLE_CHARACTERS = 200;
const ENDING = /\.[^.]{1,5}$/;

/** What to call the batch of a file: its name without the ending, and the run's name. */
export function titleOf(name: string, run: string): string {
  const plain = basename(name)
    .replace(ENDING, '')
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .trim();
  const title = [plain === '' ? 'Payroll' : plain, run.trim()].filter((part) => part !== '').join(' ');
  return title.slice(0, MAX_TITLE_CHARACTERS).toWellFormed().trim();
}

/**
 * The title that a payroll was first imported under, or this one from now on. The title is a part of the request that an
 * idempotency key stands for: a file that is renamed and run again resumes its batch only under the first title.
 * @param directory one file a key, kept beside the stack's
 */
export async function rememberTitle(directory: string, key: string, title: string): Promise<string> {
  const file = join(directory, `${key}.txt`);
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(file, title, { flag: 'wx' });
    return title;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // Blank where the command was killed in between: it had asked for nothing then.
  const first = await readFile(file, 'utf8');
  if (first !== '') return first;
  await writeFile(file, title);
  return title;
}
