import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { MetFailpoint } from './failpoints.ts';
import {
  BACKEND_CUT,
  FRONTEND_CUT,
  readStartup,
  readStrings,
  type WireMessage,
  WireReader,
} from './postgresWire.ts';

/** One statement of one client process: what it sent up to a Sync, or as a simple query. */
export type Statement = {
  /** As it was sent: `begin`, `commit`, `select …`. A prepared statement's text is remembered. */
  readonly sql: string;
  /** 1 for the first statement of the process, over all of its connections. */
  readonly number: number;
  /** Which of the process's connections, from 1. */
  readonly connection: number;
  /** Whether the connection was inside a transaction when the statement arrived. */
  readonly inTransaction: boolean;
};

/** What the connections of one process share. */
export type ConnectionOwner = {
  arrives(sql: string, inTransaction: boolean): { statement: Statement; met: MetFailpoint<Statement> | null };
  delayMs(): number;
};

/** What one ReadyForQuery answers: a simple query, or everything up to a Sync. Null: no statement was named in it. */
type Unit = { statement: Statement; met: MetFailpoint<Statement> | null } | null;

const NO_ENCRYPTION = 'N';
/** ReadyForQuery's body outside of a transaction. */
const IDLE = 'I';

/** One client connection and its own to the server; either side's end is the other's. */
export class PostgresConnection {
  readonly closed: Promise<void>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #owner: ConnectionOwner;
  readonly #prepared = new Map<string, string>();
  /** In the order in which the server will answer them. */
  readonly #units: Unit[] = [];
  /** To the server; what came together goes on together, unless somebody waits in between. */
  #outgoing: Buffer[] = [];
  /** Messages that belong to the last unit still come. */
  #isUnitOpen = false;
  #inTransaction = false;
  /** A failpoint acts: nothing passes, either way. */
  #acting: Promise<void> = Promise.resolve();

  constructor(client: Socket, server: Socket, owner: ConnectionOwner) {
    this.#client = client;
    this.#server = server.setNoDelay(true);
    this.#owner = owner;
    // What broke is told by the ends of the streams below.
    for (const socket of [client, server]) socket.on('error', () => {});
    const ends = [this.#passRequests(), this.#passAnswers()].map((pass) => pass.catch(() => this.cut()));
    this.closed = Promise.all(ends).then(() => {});
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  async #passRequests(): Promise<void> {
    const reader = new WireReader(FRONTEND_CUT);
    let startup: Buffer | null = Buffer.alloc(0);
    for await (const arrived of this.#client as AsyncIterable<Buffer>) {
      let data = arrived;
      if (startup !== null) {
        const rest = await this.#passStartup(Buffer.concat([startup, arrived]));
        if (!rest.isOver) {
          startup = rest.data;
          continue;
        }
        startup = null;
        data = rest.data;
      }
      for (const { bytes, mark } of reader.read(data)) {
        this.#outgoing.push(bytes);
        if (mark !== null) await this.#beginMessage(mark);
      }
      await this.#flush();
    }
    this.#server.end();
  }

  /** Refuses encryption in the server's name: nobody could read it here. @returns what is left to be passed on */
  async #passStartup(data: Buffer): Promise<{ data: Buffer; isOver: boolean }> {
    const startup = readStartup(data);
    if (startup === null) return { data, isOver: false };
    const rest = data.subarray(startup.bytes);
    if (!startup.asksForEncryption) {
      await write(this.#server, [data.subarray(0, startup.bytes)]);
      return { data: rest, isOver: true };
    }
    await write(this.#client, [Buffer.from(NO_ENCRYPTION)]);
    return this.#passStartup(rest);
  }

  async #beginMessage(message: WireMessage): Promise<void> {
    const sql = this.#textOf(message);
    const isFirst = !this.#isUnitOpen;
    this.#isUnitOpen = message.type !== 'Q' && message.type !== 'S' && message.type !== 'F';
    if (!isFirst) return;
    const unit = sql === null ? null : this.#owner.arrives(sql, this.#inTransaction);
    if (unit?.met?.phase === 'BEFORE') {
      await this.#flush();
      await this.#act(unit.met, unit.statement);
    }
    const ms = this.#owner.delayMs();
    if (ms > 0) {
      await this.#flush();
      await delay(ms);
    }
    await this.#acting;
    this.#units.push(unit);
  }

  async #flush(): Promise<void> {
    const pieces = this.#outgoing;
    this.#outgoing = [];
    await write(this.#server, pieces);
  }

  /** The statement that a message names, and remembers what is prepared. */
  #textOf({ type, body }: WireMessage): string | null {
    if (type === 'Q') return readStrings(body, 1)[0] ?? '';
    if (type === 'B') return this.#prepared.get(readStrings(body, 2)[1] ?? '') ?? null;
    if (type !== 'P') return null;
    const [name = '', sql = ''] = readStrings(body, 2);
    this.#prepared.set(name, sql);
    return sql;
  }

  async #passAnswers(): Promise<void> {
    const reader = new WireReader(BACKEND_CUT);
    let held: Buffer[] = [];
    const release = async (): Promise<void> => {
      const pieces = held;
      held = [];
      await write(this.#client, pieces);
    };
    for await (const arrived of this.#server as AsyncIterable<Buffer>) {
      await this.#acting;
      for (const { bytes, mark } of reader.read(arrived)) {
        held.push(bytes);
        if (mark?.type === 'Z') await this.#endUnit(mark, release);
        // The client is asked for data: it must know. Whatever else belongs to a held answer stays.
        else if (mark !== null || this.#units[0]?.met?.phase !== 'RAN') await release();
      }
    }
    await release();
    this.#client.end();
  }

  async #endUnit(readyForQuery: WireMessage, release: () => Promise<void>): Promise<void> {
    this.#inTransaction = readyForQuery.body.toString('latin1') !== IDLE;
    const unit = this.#units.shift();
    if (unit?.met?.phase === 'RAN') await this.#act(unit.met, unit.statement);
    await release();
    if (unit?.met?.phase !== 'AFTER') return;
    // An empty write is done when all before it is.
    await new Promise<void>((resolve) => this.#client.write('', () => resolve()));
    await this.#act(unit.met, unit.statement);
  }

  async #act(met: MetFailpoint<Statement>, statement: Statement): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#acting = promise;
    try {
      if ((await met.act(statement)) === 'CUT') {
        this.cut();
        throw new Error('The failpoint has cut this connection.');
      }
    } finally {
      resolve();
    }
  }
}

/** Writes at once, and waits while the receiver is behind. @throws when the socket is gone */
async function write(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  const [first] = pieces;
  const bytes = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
  if (bytes.length === 0) return;
  if (socket.destroyed) throw new Error('The connection is gone.');
  if (socket.write(bytes)) return;
  const waiting = new AbortController();
  const gone = () => waiting.abort();
  socket.once('close', gone);
  try {
    await once(socket, 'drain', { signal: waiting.signal });
  } finally {
    socket.off('close', gone);
  }
}
