import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { EventHints } from '../../events/eventHints.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';
import type { Database } from '../../prisma/database.ts';

/** An organization with an empty log. @returns its uuid */
export async function seedLog(database: Database): Promise<string> {
  const id = randomUUID();
  await database.insertInto('organization').values({ id, name: 'Log' }).execute();
  await database.insertInto('eventLogHead').values({ organizationId: id, head: 0n }).execute();
  return id;
}

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Real hints of which some never arrive, drawn at random. */
export function lossyHints(hints: EventHints, random: () => number, lostShare: number): EventHints {
  return {
    publish: (organizationIds) => hints.publish(organizationIds),
    subscribe: (moved, reconnected) =>
      hints.subscribe((organizationId) => {
        if (random() >= lostShare) moved(organizationId);
      }, reconnected),
    close: () => hints.close(),
  };
}

/** What a writer process is asked to commit: transactions at once, each held open for a while before it ends. */
export type WriteRequest = {
  id: number;
  transactions: { organizationId: string; subjectIds: string[]; heldMs: number }[];
};
/** The position of each transaction's last entry, in the order asked for. */
export type WriteAnswer = { id: number; lastNumbers: string[] } | { id: number; error: string };

/** Another OS process that commits through unitOfWork when told to. */
export function startEventWriter(databaseUrl: string) {
  const child = fork(fileURLToPath(new URL('./eventsWriter.ts', import.meta.url)), [databaseUrl], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  const pending = new Map<number, (answer: WriteAnswer | null) => void>();
  let nextId = 0;
  child.on('message', (answer: WriteAnswer) => {
    pending.get(answer.id)?.(answer);
    pending.delete(answer.id);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void exited.then(() => {
    for (const settle of pending.values()) settle(null);
  });
  return {
    async write(transactions: WriteRequest['transactions']): Promise<bigint[]> {
      const id = nextId++;
      const answered = new Promise<WriteAnswer | null>((resolve) => pending.set(id, resolve));
      child.send({ id, transactions } satisfies WriteRequest);
      const answer = await answered;
      if (answer === null) throw new Error('The writer process has ended.');
      if ('error' in answer) throw new Error(answer.error);
      return answer.lastNumbers.map(BigInt);
    },
    async stop(): Promise<void> {
      child.disconnect();
      await exited;
    },
  };
}

/** Takes entries of a stream until the one with this number. Throws when it ends before. */
export async function takeUntil(stream: AsyncGenerator<LoggedEvent[]>, last: bigint): Promise<LoggedEvent[]> {
  const taken: LoggedEvent[] = [];
  for (;;) {
    if ((taken.at(-1)?.number ?? 0n) >= last) return taken;
    const next = await stream.next();
    if (next.done) throw new Error(`The stream ended after ${taken.length} entries.`);
    taken.push(...next.value);
  }
}
