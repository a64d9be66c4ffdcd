import type { Loaders } from '../resolvers/loaders.ts';
import type { WatchContext, WatchService } from '../resolvers/watch/watchService.ts';

/** What every field of the schema gets. */
export type SchemaContext = WatchContext & {
  /** Reads of one moment, put together. Nothing is cached: each read sees the database as it is. */
  loaders: Loaders;
  /** What subscriptions share: `createWatchService` makes the one of this process. */
  watch: WatchService;
  /** Where clients reach this API, as in `https://api.example.com`: what links name. */
  publicOrigin: string;
  /** The origin of the page that asks; the API's own where no page does. What sign-in messages name. */
  pageOrigin: string;
  /** From where the request comes, as limits count it; null where that is not known. */
  clientAddress: string | null;
  /** Event cursors by organization, read before everything else of a query that asks for one; null otherwise. */
  eventCursors: ReadonlyMap<string, string> | null;
  /** The browser's session cookie; does nothing where there is no HTTP answer to put it in. */
  sessionCookie: {
    set(token: string, expiresAt: Date): void;
    clear(): void;
  };
};
