import type { CombinedError, Operation } from '@urql/core';
import type { ConnectionState } from './connectionState.ts';
import type { Persisted } from './subscribePayload.ts';
import type { Timing } from './timing.ts';

/** A subscription whose position the server no longer knows: what lies between is not replayed. */
export type LostCursor = {
  operation: Operation;
  code: 'CURSOR_EXPIRED' | 'CURSOR_INVALID';
  /** The position that was asked for. */
  after: string | null;
  /** With CURSOR_EXPIRED: the oldest position that still works. */
  oldest: string | null;
  error: CombinedError | undefined;
};

/** What the app can set; only `url` is needed. */
export type ResumingOptions = {
  /** `ws:` or `wss:`; a function is asked before each connection. */
  url: string | (() => string | Promise<string>);
  /** Default: the global WebSocket. */
  webSocketImpl?: unknown;
  /**
   * The payload of the connection's initialization, as `{ authorization: 'Bearer …' }`. Asked before each connection, so a
   * token that was renewed meanwhile is the one that is sent. A page with a session cookie needs none. When it fails, so
   * does the attempt, and another one follows.
   */
  connectionParams?: () => unknown;
  /** Sends documents by their hash. Default: false, their text. */
  persisted?: Persisted;
  /** A message's cursor. Default: `cursor` of the first root field. */
  cursorPath?: (data: Readonly<Record<string, unknown>>) => string | null | undefined;
  /** The variable that takes the position to resume after. Default: `after`. */
  afterVariable?: string;
  /** Whether a message is state and not an entry. Default: `kind` of the first root field is SNAPSHOT. */
  isSnapshot?: (data: Readonly<Record<string, unknown>>) => boolean;
  /**
   * Whether a snapshot ends with this message, so that a loss right after it resumes there. Default: never known, so a
   * snapshot is taken anew until an entry has followed it.
   */
  isWholeSnapshot?: (data: Readonly<Record<string, unknown>>) => boolean;
  /** When a message's entry was written, for `behind`. Default: `occurredAt` of the first root field. */
  occurredAtPath?: (data: Readonly<Record<string, unknown>>) => string | null | undefined;
  /**
   * The newest cursor of the log that an operation follows (`Organization.eventCursor`), read once the connection stands.
   * When it is what was delivered last, nothing was missed; when it is delivered, everything was. Without it, or
   * when the operation does not see that entry, silence tells.
   */
  head?: (operation: Operation) => Promise<string | null>;
  /** Renews the session. True: go on; false: it is over. When it fails, it is asked again after a wait. */
  onUnauthenticated?: () => Promise<boolean>;
  /**
   * A position is lost. Read the state anew and answer where to go on: `{ after: cursor }`, or null for a stream
   * that begins anew, or undefined to end the subscription. Default: begin anew. The error is delivered before.
   */
  onCursorLost?: (lost: LostCursor) => LostCursorAnswer | Promise<LostCursorAnswer>;
  /** As `connection.subscribe`. */
  onStateChange?: (state: ConnectionState) => void;
  /** Times to keep instead of the usual ones. */
  timing?: Partial<Timing>;
  /** How many cursors of a subscription are remembered. Default: MAX_REMEMBERED_CURSORS. */
  maxRememberedCursors?: number;
  /** Tells `online`, `offline` and `visibilitychange`. Default: the window, where there is one. */
  pageEvents?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  /** For the jitter. Default: Math.random. */
  random?: () => number;
};

export type LostCursorAnswer = { after: string } | null | undefined;
