import type { EventLog } from '../events/unitOfWork.ts';

/** Who asks: a person with a live session. */
export type Viewer = { userId: string; sessionId: string };

/** What every use case gets: the database with its event log, and who asks. Use cases call no node. */
export type RequestContext = {
  log: EventLog;
  /** Null: nobody is signed in. */
  viewer: Viewer | null;
  /** Correlates log lines, errors and answers of one request. */
  requestId: string;
};
