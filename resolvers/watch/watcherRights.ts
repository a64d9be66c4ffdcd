import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../../core/errors.ts';
import { permissionsOf, type Role } from '../../core/permissions.ts';
import type { Database } from '../../prisma/database.ts';
import type { Viewer } from '../requestContext.ts';

const MAX_WATCHERS_PER_CHECK = 1_000;
/** How long a stream without messages may outlive its session, and keep its slot. */
const IDLE_CHECK_INTERVAL_MS = 10_000;

/** Who watches, and where an organization is needed, which one and what a stranger is told that was not found. */
export type Watcher = { viewer: Viewer; watched: { organizationId: string; what: string } | null };

/** Whether watchers may still see what they watch. */
export type WatcherRights = {
  /**
   * Refuses unless the session is live and, where an organization is named, the viewer may READ in it. Reads the
   * database each time; what is asked at one moment, by however many watchers, is one statement.
   * @throws UnauthenticatedError, NotFoundError for a stranger, ForbiddenError
   */
  require(watcher: Watcher): Promise<void>;
  /**
   * Looks after a watcher between messages, too.
   * @param end called with what `require` would throw
   * @returns stops looking
   */
  guard(watcher: Watcher, end: (reason: unknown) => void): () => void;
};

type Answer = { isLive: boolean; roles: Role[] | null };

/**
 * One for the whole process.
 * @param options.onError told of a failed look between messages; the next one looks again
 * @param options.idleCheckIntervalMs shorter than ten seconds in tests only
 */
export function createWatcherRights(
  database: Database,
  options: { onError: (error: unknown) => void; idleCheckIntervalMs?: number | undefined },
): WatcherRights {
  const loader = new DataLoader<Watcher, Answer>((watchers) => ask(database, watchers), {
    cache: false,
    maxBatchSize: MAX_WATCHERS_PER_CHECK,
  });
  const guarded = new Map<Watcher, (reason: unknown) => void>();
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const watchers = [...guarded.keys()];
    const answers = await loader.loadMany(watchers);
    for (const [index, watcher] of watchers.entries()) {
      const answer = answers[index];
      if (answer instanceof Error || answer === undefined) throw answer;
      const refusal = refusalOf(watcher, answer);
      if (refusal !== null) guarded.get(watcher)?.(refusal);
    }
  }

  return {
    async require(watcher) {
      const refusal = refusalOf(watcher, await loader.load(watcher));
      if (refusal !== null) throw refusal;
    },
    guard(watcher, end) {
      guarded.set(watcher, end);
      timer ??= setInterval(
        () => void look().catch(options.onError),
        options.idleCheckIntervalMs ?? IDLE_CHECK_INTERVAL_MS,
      );
      return () => {
        guarded.delete(watcher);
        if (guarded.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

function refusalOf({ watched }: Watcher, { isLive, roles }: Answer): Error | null {
  if (!isLive) {
    return new UnauthenticatedError('Your session has ended. Sign in again and go on from the last cursor.');
  }
  if (watched === null) return null;
  if (roles === null) return new NotFoundError(watched.what);
  return permissionsOf(roles).includes('READ') ? null : new ForbiddenError('READ');
}

async function ask(database: Database, watchers: readonly Watcher[]): Promise<Answer[]> {
  const sessionIds = watchers.map(({ viewer }) => viewer.sessionId);
  const userIds = watchers.map(({ viewer }) => viewer.userId);
  const organizationIds = watchers.map(({ watched }) => watched?.organizationId ?? null);
  const { rows } = await sql<Answer>`
    select session.id is not null as is_live, membership.roles
    from unnest(${sessionIds}::uuid[], ${userIds}::uuid[], ${organizationIds}::uuid[])
      with ordinality as asked (session_id, user_id, organization_id, position)
    left join session on session.id = asked.session_id and session.user_id = asked.user_id
      and session.revoked_at is null and session.expires_at > now()
    left join membership on membership.organization_id = asked.organization_id
      and membership.user_id = asked.user_id
    order by asked.position`.execute(database);
  return rows;
}
