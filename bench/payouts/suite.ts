import { getAddress, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { signIn } from '../../cli/apiClient.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import { type BenchRow, benchRow, percentile } from '../report.ts';
import { startBlockClock } from './blockClock.ts';
import { payThroughApi } from './ours.ts';
import { startBenchStack } from './stack.ts';
import { subscriberLatencies } from './subscriberLatency.ts';
import { fixedLatencyBlocks, sustainedPayoutsPerSecond } from './sustained.ts';
import { payByViemLoop } from './viemLoop.ts';

const BATCH_SIZES = [1_000, 10_000];
const LATENCY_BLOCKS = 60;

/** A file's way from its last approval to FINAL, beside a viem loop on the same chain; and how fast subscribers hear. */
export async function runPayoutsSuite(say: (line: string) => void): Promise<BenchRow[]> {
  say('Starting a stack of its own (1 s blocks, block gas limit 3e9)…');
  const { stack, stop } = await startBenchStack();
  const clock = await startBlockClock(stack.evmRpc);
  try {
    const { safe, token } = await demonstrationAddresses(stack);
    const rows: BenchRow[] = [];
    for (const count of BATCH_SIZES) {
      say(`${count} payouts through the API…`);
      const ours = await payThroughApi(stack, clock, count);
      say(`${count} payouts by a viem loop with its nonce manager…`);
      const viem = await payByViemLoop(stack.evmRpc, stack.chainId, token, clock, count);
      const lines = count.toLocaleString('en');
      rows.push(
        benchRow(`sustained, ${lines} lines`, 'payouts/s', sustainedPayoutsPerSecond(ours.groups), {
          'viem loop': sustainedPayoutsPerSecond(viem.groups),
        }),
        benchRow(
          `last approval to first FINAL, ${lines} lines`,
          'blocks',
          fixedLatencyBlocks(ours.groups, ours.approvedAtBlock),
          {
            'viem loop (no approval)': fixedLatencyBlocks(viem.groups, viem.startedAtBlock),
          },
        ),
        benchRow(`import, ${lines} lines`, 's', ours.importSeconds),
      );
    }
    say(`Block to subscriber, ${LATENCY_BLOCKS} blocks…`);
    const latencies = await subscriberLatencies(stack, safe, token, clock, LATENCY_BLOCKS);
    for (const p of [50, 95, 99])
      rows.push(benchRow(`block to subscriber, p${p}`, 'ms', percentile(latencies, p)));
    return rows;
  } finally {
    clock.stop();
    await stop();
  }
}

async function demonstrationAddresses(stack: StackFile): Promise<{ safe: Hex; token: Hex }> {
  const [member] = stack.demo.approvers;
  const api = await signIn(stack.api, privateKeyToAccount(member?.privateKey as Hex), stack.chainId);
  const { account } = await api.request<{ account: { address: string } }>(
    /* GraphQL */ `query BenchAccount($id: ID!) { account(id: $id) { address } }`,
    { id: stack.demo.accountId },
  );
  const token = stack.contracts.DevelopmentUSDC;
  if (token === undefined) throw new Error('The stack names no DevelopmentUSDC.');
  return { safe: getAddress(account.address), token: getAddress(token) };
}
