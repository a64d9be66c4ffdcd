import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { NewEvent } from '../events/eventPayloads.ts';
import { logEvents } from './logEvents.ts';

const payload = { byUserId: 'user', reason: 'The node lies' };
const base = { organizationId: 'organization', payload };

test.each<[NewEvent, object]>([
  [{ ...base, type: 'CHAIN_PAUSED', subjectId: 'row' }, { chain: 'eip155:1' }],
  [
    { ...base, type: 'CHAIN_RESUMED', subjectId: 'row', payload: { byUserId: 'user' } },
    { chain: 'eip155:1' },
  ],
  [{ ...base, type: 'ACCOUNT_PAUSED', subjectId: 'account' }, { accountId: 'account' }],
])('$type names what it is about, and not why', (event, fields) => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  logEvents(logger, new Map([['row', 'eip155:1']]))([event], null);
  const { organizationId, type } = event;
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 30, organizationId, event: type, ...fields, msg: 'recorded' },
  ]);
});
