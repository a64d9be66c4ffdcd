import { expect, test } from 'vitest';
import type { RelayerLaneState } from '../../prisma/generated/database.ts';
import { type LaneCandidate, rankLanes } from './chooseLane.ts';
import { NO_LOAD } from './laneLoad.ts';
import {
  type LaneFindings,
  laneStanding,
  SHUN_AFTER_USE_ELSEWHERE_MS,
  STUCK_AFTER_MS,
} from './laneStanding.ts';

const WELL: LaneFindings = {
  balance: 1_000n,
  promisedUnits: 400n,
  nextUnits: 600n,
  delegatedTo: null,
  oldest: { nonce: 7n, waitsMs: STUCK_AFTER_MS - 1 },
  usedElsewhereMsAgo: null,
};
const SOMEBODY = '0x00000000000000000000000000000000000000aa';

test.each<[string, Partial<LaneFindings>, RelayerLaneState, string | null]>([
  ['all is well', {}, 'ACTIVE', null],
  ['nothing is under way', { oldest: null }, 'ACTIVE', null],
  ['what is promised and the next are more than there is', { balance: 999n }, 'UNFUNDED', '999 base units'],
  ['the oldest waits for long', { oldest: { nonce: 7n, waitsMs: STUCK_AFTER_MS } }, 'STUCK', 'nonce 7'],
  ['the account runs code', { delegatedTo: SOMEBODY }, 'DELEGATED', SOMEBODY],
  ['somebody signs with it', { usedElsewhereMsAgo: 0 }, 'USED_ELSEWHERE', 'Somebody else'],
  ['somebody did, long ago', { usedElsewhereMsAgo: SHUN_AFTER_USE_ELSEWHERE_MS }, 'ACTIVE', null],
  ['of several troubles, the worst', { balance: 0n, delegatedTo: SOMEBODY }, 'UNFUNDED', '0 base units'],
])('%s', (_what, findings, state, reason) => {
  const standing = laneStanding({ ...WELL, ...findings });
  expect(standing.state).toBe(state);
  if (reason === null) expect(standing.reason).toBeNull();
  else expect(standing.reason).toContain(reason);
});

test('healthy lanes come first, then the one with the least gas under way', () => {
  const lane = (name: string, state: RelayerLaneState, gas: bigint): LaneCandidate => ({
    key: { address: `0x${name}`, sign: async () => '0x' },
    state,
    load: { ...NO_LOAD, gas },
  });
  const ranked = rankLanes([
    lane('unfunded', 'UNFUNDED', 0n),
    lane('busy', 'ACTIVE', 9n),
    lane('stuck', 'STUCK', 0n),
    lane('idle', 'ACTIVE', 1n),
    lane('delegated', 'DELEGATED', 0n),
    lane('shared', 'USED_ELSEWHERE', 0n),
  ]);
  expect(ranked.map(({ key }) => key.address.slice(2))).toEqual([
    'idle',
    'busy',
    'shared',
    'stuck',
    'delegated',
    'unfunded',
  ]);
});
