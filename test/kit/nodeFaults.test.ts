import { expect, test } from 'vitest';
import { drawNodeFault, type NodeFaultPlan } from './nodeFaults.ts';

const CALLS = 4_000;
const plan: NodeFaultPlan = {
  seed: 'one',
  rules: [
    { methods: ['eth_sendRawTransaction'], perMille: 250, fault: { kind: 'DROP_AFTER' } },
    { perMille: 100, fault: { kind: 'DELAY', ms: 5 } },
  ],
};

function kinds(drawn: NodeFaultPlan, method: string): string[] {
  return Array.from({ length: CALLS }, (_, index) => drawNodeFault(drawn, method, index + 1).kind);
}

test('a plan is data: read again, it has the same faults for the same calls; another seed has others', () => {
  const again = JSON.parse(JSON.stringify(plan)) as NodeFaultPlan;
  expect(kinds(again, 'eth_call')).toEqual(kinds(plan, 'eth_call'));
  expect(kinds({ ...plan, seed: 'two' }, 'eth_call')).not.toEqual(kinds(plan, 'eth_call'));
});

test('rules concern their methods and strike about as often as they say', () => {
  const reads = kinds(plan, 'eth_call');
  expect(reads).not.toContain('DROP_AFTER');
  expect(reads.filter((kind) => kind === 'DELAY').length / CALLS).toBeCloseTo(0.1, 1);
  const sends = kinds(plan, 'eth_sendRawTransaction');
  expect(sends.filter((kind) => kind === 'DROP_AFTER').length / CALLS).toBeCloseTo(0.25, 1);
});

test('a node that lags does so whenever nothing else strikes', () => {
  const lagging: NodeFaultPlan = { seed: '', rules: [], lagBlocks: 3 };
  expect(drawNodeFault(lagging, 'eth_call', 1)).toEqual({ kind: 'LAG', blocks: 3 });
});
