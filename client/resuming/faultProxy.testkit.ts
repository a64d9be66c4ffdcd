import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network that fails: what stands between a client and a server. */
export type FaultProxy = {
  readonly port: number;
  /** How many connections were accepted so far. */
  accepted(): number;
  /** How many times there was a connection to cut. */
  cuts(): number;
  /** Cuts all connections, without a goodbye. */
  cut(): void;
  /** Cuts each connection when so many more bytes have come from the server: in the middle of a frame, mostly. */
  cutAfterBytes(bytes: number): void;
  /** Keeps the connections and lets nothing through any more; new ones are as silent. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
};

/** @param target the server's port, asked for each connection */
export async function startFaultProxy(target: () => number): Promise<FaultProxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let acceptedCount = 0;
  let cutCount = 0;
  let isFrozen = false;
  let bytesLeft = Number.POSITIVE_INFINITY;
  function cut(): void {
    bytesLeft = Number.POSITIVE_INFINITY;
    if (pairs.size > 0) cutCount += 1;
    for (const { near, far } of [...pairs]) {
      near.destroy();
      far.destroy();
    }
  }
  const server: Server = createServer((near) => {
    acceptedCount += 1;
    const far = connect(target(), '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        if (isFrozen) return;
        if (from === near) {
          to.write(chunk);
          return;
        }
        if (bytesLeft <= 0) return;
        to.write(chunk.subarray(0, Math.min(chunk.length, bytesLeft)));
        bytesLeft -= chunk.length;
        if (bytesLeft <= 0) setImmediate(cut);
      });
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => acceptedCount,
    cuts: () => cutCount,
    cut,
    cutAfterBytes(bytes) {
      bytesLeft = bytes;
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
