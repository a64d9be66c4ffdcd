import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import type { Timing } from './timing.ts';

/** An execution's result, as it came. */
export type StreamMessage = { data?: unknown; errors?: unknown; extensions?: unknown };

/** What a stream tells: messages, then `failed` or `completed`, unless it is stopped before. */
export type StreamSink = {
  message(message: StreamMessage): void;
  failed(failure: unknown): void;
  completed(): void;
};

/** One WebSocket, from its opening to its loss. It never comes back: the next attempt is another one. */
export type LiveSocket = {
  /** Only after `onOpen`. @returns stops the stream, and tells the server */
  stream(payload: SubscribePayload, sink: StreamSink): () => void;
  /** Asks for a sign of life now. */
  probe(): void;
  /** Says goodbye; `onLost` is not called. */
  close(): void;
};

type Socket = { readonly readyState: number; send(text: string): void };
type SocketClass = new (
  url: string,
  protocols?: string | string[],
) => { addEventListener(type: 'error', listener: () => void): void };

const OPEN = 1;

/**
 * Opens a socket, and watches over it: a connection that takes too long or gives no sign of life is lost, also when the
 * operating system still believes in it (a laptop that slept, a mobile network that changed).
 * @param options.connectionParams asked first, as `url` is; when one of them fails, so does the attempt
 * @param options.onOpen the server has acknowledged the connection
 * @param options.onLost once, with the close code; null where there was none
 */
export function openLiveSocket(options: {
  url: string | (() => string | Promise<string>);
  webSocketImpl: unknown;
  connectionParams: () => unknown;
  timing: Timing;
  onOpen: () => void;
  onLost: (code: number | null) => void;
}): LiveSocket {
  const { timing } = options;
  let client: Client | null = null;
  let socket: Socket | null = null;
  let over = false;
  /** The one thing that is waited for: the acknowledgement, the next ping, or a sign of life. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heard = false;

  function leave(): boolean {
    if (over) return false;
    over = true;
    clearTimeout(timer);
    return true;
  }
  function lose(code: number | null): void {
    if (!leave()) return;
    // It rejects when the connection never stood: nothing is left to close then.
    client?.dispose()?.catch(() => {});
    client?.terminate();
    options.onLost(code);
  }
  function waitToPing(): void {
    timer = setTimeout(ping, timing.pingIntervalMs);
  }
  function ping(): void {
    if (over || socket === null) return;
    clearTimeout(timer);
    heard = false;
    if (socket.readyState === OPEN) socket.send('{"type":"ping"}');
    timer = setTimeout(() => (heard ? waitToPing() : lose(null)), timing.pongTimeoutMs);
  }

  async function open(): Promise<void> {
    // Both here: the client would not notice that its own call of `url` has failed.
    const params = await options.connectionParams();
    const url = typeof options.url === 'function' ? await options.url() : options.url;
    if (over) return;
    timer = setTimeout(() => lose(null), timing.connectTimeoutMs);
    client = createClient({
      url,
      webSocketImpl: listenedTo(options.webSocketImpl ?? globalThis.WebSocket),
      ...(params == null ? {} : { connectionParams: params as Record<string, unknown> }),
      lazy: false,
      // Who is lost and when to come back is decided above, for all subscriptions at once.
      retryAttempts: 0,
      onNonLazyError: () => {},
      on: {
        connected: (connected) => {
          clearTimeout(timer);
          if (over) return;
          socket = connected as Socket;
          waitToPing();
          options.onOpen();
        },
        message: () => {
          heard = true;
        },
        error: () => lose(null),
        closed: (event) => lose(codeOf(event)),
      },
    });
  }
  open().catch(() => lose(null));

  return {
    stream(payload, sink) {
      let stopped = client === null || over;
      const unless =
        <Value>(tell: (value: Value) => void) =>
        (value: Value) => {
          if (!stopped && !over) tell(value);
        };
      const dispose = client?.subscribe(payload, {
        next: unless((message) => sink.message(message as StreamMessage)),
        error: unless((failure) => sink.failed(failure)),
        complete: () => unless(() => sink.completed())(undefined),
      });
      return () => {
        if (stopped) return;
        stopped = true;
        // Not in the same turn: the client counts a stream twice that is stopped while its completion is on the way to it,
        // and closes the socket under all others.
        setTimeout(() => dispose?.());
      };
    },
    probe: ping,
    close() {
      if (!leave()) return;
      client?.dispose()?.catch(() => {});
    },
  };
}

/**
 * The same class, whose sockets never lack a listener for errors: `ws` throws into the process when one that is given up
 * while it connects has none.
 */
function listenedTo(webSocketImpl: unknown): unknown {
  return class extends (webSocketImpl as SocketClass) {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('error', () => {});
    }
  };
}

function codeOf(event: unknown): number | null {
  const { code } = event as { code?: unknown };
  return typeof code === 'number' ? code : null;
}
