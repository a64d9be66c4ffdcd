import { WebSocket } from 'ws';
import { z } from 'zod';
import { createNodeUrlHider } from './nodeUrlHider.ts';

/** How often somebody who watches should look by himself: sockets drop what they tell. */
export const HEAD_POLL_INTERVAL_MS = 500;
const RECONNECT_DELAY_MS = 1_000;

/** What hangs at opening is tried again. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const MAX_HASH_CHARACTERS = 66;

const nodeMessage = z.union([
  z.object({
    method: z.literal('eth_subscription'),
    params: z.object({ result: z.object({ hash: z.string().max(MAX_HASH_CHARACTERS) }) }),
  }),
  z.object({ method: z.literal('eth_subscription') }),
  z.object({ id: z.literal(1), result: z.string() }),
  z.object({ id: z.literal(1), error: z.object({ message: z.string() }) }),
]);

/**
 * Calls `moved` whenever the node tells over its WebSocket that it has a new head. A hint and no more: what the head is
 * must be asked, and hints may be lost, so poll behind it. The socket is opened again whenever it breaks.
 * @param moved told the head's hash as the node has it; null when it did not say
 * @param changed told when hints begin to come (null) and when they end, with the reason: each change once. The reason
 *   does not hold the node's URL
 * @returns a function that ends the watch
 */
export function watchHeads(
  wsUrl: string,
  moved: (hash: string | null) => void,
  changed: (fault: string | null) => void,
): () => void {
  const hider = createNodeUrlHider(wsUrl);
  let socket: WebSocket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let ended = false;
  let watching: boolean | null = null;

  const become = (fault: string | null): void => {
    const now = fault === null;
    if (ended || watching === now) return;
    watching = now;
    changed(fault === null ? null : hider.hideIn(fault));
  };
  const open = (): void => {
    socket = new WebSocket(wsUrl, { handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
    socket.on('open', () => {
      socket?.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    });
    socket.on('message', (data) => {
      const message = parseMessage(data.toString());
      if (message === null) return;
      if ('error' in message) return become(message.error.message);
      become(null);
      if ('method' in message) moved('params' in message ? message.params.result.hash : null);
    });
    // Every error is followed by a close.
    socket.on('error', (error) => become(error.message));
    socket.on('close', (code) => {
      become(`the socket was closed (${code})`);
      if (!ended) timer = setTimeout(open, RECONNECT_DELAY_MS);
    });
  };
  open();

  return () => {
    ended = true;
    if (timer !== null) clearTimeout(timer);
    socket?.terminate();
  };
}

function parseMessage(text: string): z.output<typeof nodeMessage> | null {
  try {
    return nodeMessage.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
