// npm run trace -- PAYOUT_ID [--logs FILE]… [--json]: one payout's story, out of the logs of all processes. docs/guides/trace.md
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createDatabase, createPool } from '../prisma/database.ts';
import { type StackDirectory, stackDirectory } from './embedded/stackDirectory.ts';
import { type Environment, readEnvironment } from './env.ts';
import { findPayout, type TracedPayout } from './tracing/findPayout.ts';
import { printLine } from './tracing/printLine.ts';
import { type LogLine, readLine, selectLines } from './tracing/selectLines.ts';

const USAGE = `npm run trace -- PAYOUT_ID [--logs FILE]... [--json]
  Reads the logs of npm start, or of the files named (- is standard input), and the database of DATABASE_URL, or of npm start.`;

/** What cannot be done, in words for whoever typed the command. */
class TraceError extends Error {}

try {
  await trace();
} catch (error) {
  if (!(error instanceof TraceError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function trace(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      logs: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new TraceError(USAGE);
  const environment = readEnvironment();
  const directory = stackDirectory(environment.dataDirectory);
  const payout = await readPayout(databaseUrl(environment, directory), id);
  if (payout === null) throw new TraceError(`There is no payout ${id} in this database.`);
  const files = values.logs.length > 0 ? values.logs : logsOf(directory);
  if (files.length === 0)
    throw new TraceError(`There are no logs in ${directory.logs}: name them with --logs FILE.`);
  const { batchId, chunkIndex, rowIndex } = payout;
  if (!values.json) console.log(`batchId=${batchId} row=${rowIndex} chunkIndex=${chunkIndex}`);
  const lines = selectLines((await Promise.all(files.map(readLines))).flat(), payout);
  for (const line of lines) console.log(values.json ? JSON.stringify(line) : printLine(line, rowIndex));
  if (lines.length === 0) console.error('Nothing in these logs is about it.');
  printPresent(payout, values.json);
}

/** The last line: how it stands in the database, whatever the logs had. */
function printPresent({ batchId, chunkIndex, now }: TracedPayout, isJson: boolean): void {
  const line = {
    time: new Date().toISOString(),
    name: 'trace',
    msg: 'how it stands now',
    batchId,
    chunkIndex,
  };
  if (isJson) {
    console.log(JSON.stringify({ ...line, ...now }));
    return;
  }
  const fields = Object.entries(now).filter(([key, value]) => key !== 'scope' || value !== null);
  console.log(`now: ${fields.map(([key, value]) => `${key}=${value ?? 'none'}`).join(' ')}`);
}

async function readPayout(url: string, id: string): Promise<TracedPayout | null> {
  const database = createDatabase(createPool(url, { maxConnections: 1 }));
  try {
    return await findPayout(database, id);
  } finally {
    await database.destroy();
  }
}

function databaseUrl(environment: Environment, directory: StackDirectory): string {
  if (environment.databaseUrl !== null) return environment.databaseUrl.reveal();
  if (!existsSync(directory.stackFile)) throw new TraceError('Set DATABASE_URL, or run npm start.');
  return z.object({ postgres: z.url() }).parse(JSON.parse(readFileSync(directory.stackFile, 'utf8')))
    .postgres;
}

function logsOf(directory: StackDirectory): string[] {
  if (!existsSync(directory.logs)) return [];
  return readdirSync(directory.logs)
    .filter((name) => /\.log(\.1)?$/.test(name))
    .map((name) => join(directory.logs, name));
}

async function readLines(file: string): Promise<LogLine[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const lines: LogLine[] = [];
  for await (const text of createInterface({ input })) {
    const line = readLine(text);
    if (line !== null) lines.push(line);
  }
  return lines;
}
