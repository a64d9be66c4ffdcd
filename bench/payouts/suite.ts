import { getAddress, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { signIn } from '../../cli/apiClient.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import { BLOCK_GAS_LIMIT } from '../../server/embedded/anvil.ts';
import { installPeers } from '../installPeers.ts';
import { type BenchRow, benchRow, percentile } from '../report.ts';
import { type PeerChain, peerChain } from './bank.ts';
import { type BlockClock, startBlockClock } from './blockClock.ts';
import { payThroughApi } from './ours.ts';
import { payBySafeMultiSend } from './safeMultiSend.ts';
import { payOneByOne } from './singlePayments.ts';
import { startBenchStack } from './stack.ts';
import { subscriberLatencies } from './subscriberLatency.ts';
import { fixedLatencyBlocks, sustainedPayoutsPerSecond } from './sustained.ts';
import { todaysChains } from './todaysChains.ts';
import { type PeerRun, payByViemLoop } from './viemLoop.ts';

const BATCH_SIZES = [1_000, 10_000, 100_000];
/** A viem loop of 100,000 takes minutes; its speed is the same as of so many. */
const MAX_PEER_LINES = 10_000;
const LATENCY_BLOCKS = 60;
const SINGLE_PAYMENTS = 40;

type Peers = { readonly lines: number; readonly viem: PeerRun; readonly safe: PeerRun };

/**
 * A file's way from its last approval to FINAL, as a subscriber of the API sees it, beside what teams write without us, on
 * the same chain, one after the other, each payment counted at the same depth; and how fast subscribers hear.
 * PAYOUTS_SIZES=1000,10000 measures others.
 */
export async function runPayoutsSuite(say: (line: string) => void): Promise<BenchRow[]> {
  const sizes = process.env.PAYOUTS_SIZES?.split(',').map(Number) ?? BATCH_SIZES;
  await installPeers(say);
  say(
    `Starting a stack of its own (1 s blocks, block gas limit ${Number(BLOCK_GAS_LIMIT).toExponential()})…`,
  );
  say(`What today's chains allow:\n${todaysChains()}`);
  const { stack, stop } = await startBenchStack();
  const clock = await startBlockClock(stack.evmRpc);
  try {
    const { safe, token } = await demonstrationAddresses(stack);
    const peer = peerChain(stack.evmRpc, stack.chainId, token);
    const rows: BenchRow[] = [];
    // Before the large files: with 100,000 new holders this node answers nothing about its state for 0.4 s of each block's second.
    say(`${SINGLE_PAYMENTS} payments of one recipient…`);
    const waited = await payOneByOne(stack, clock, SINGLE_PAYMENTS);
    let peers: Peers | null = null;
    for (const count of sizes) {
      say(`${count} payouts through the API…`);
      const ours = await payThroughApi(stack, clock, count);
      const lines = Math.min(count, MAX_PEER_LINES);
      if (peers?.lines !== lines) peers = await payByPeers(peer, clock, lines, say);
      rows.push(...rowsOf(count, ours, peers));
    }
    for (const p of [50, 95, 100])
      rows.push(benchRow(`payoutCreate: last approval to its block, p${p}`, 'blocks', percentile(waited, p)));
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

async function payByPeers(
  peer: PeerChain,
  clock: BlockClock,
  lines: number,
  say: (line: string) => void,
): Promise<Peers> {
  say(`${lines} payouts by Safe's protocol-kit, MultiSend of 200…`);
  const safe = await payBySafeMultiSend(peer, clock, lines);
  say(`${lines} payouts by a viem loop with its nonce manager…`);
  return { lines, safe, viem: await payByViemLoop(peer, clock, lines) };
}

function rowsOf(count: number, ours: Awaited<ReturnType<typeof payThroughApi>>, peers: Peers): BenchRow[] {
  const { lines, viem, safe } = peers;
  const fewer = lines < count ? ` (peers: ${lines.toLocaleString('en')} lines)` : '';
  const name = `${count.toLocaleString('en')} lines${fewer}`;
  return [
    benchRow(`sustained, ${name}`, 'payouts/s', sustainedPayoutsPerSecond(ours.groups), {
      'viem loop': sustainedPayoutsPerSecond(viem.groups),
      'Safe MultiSend of 200': sustainedPayoutsPerSecond(safe.groups),
    }),
    benchRow(
      `last approval to first FINAL, ${name}`,
      'blocks',
      fixedLatencyBlocks(ours.groups, ours.approvedAtBlock),
      {
        'viem loop': fixedLatencyBlocks(viem.groups, viem.startedAtBlock),
        'Safe MultiSend of 200': fixedLatencyBlocks(safe.groups, safe.startedAtBlock),
      },
      'LOWER',
    ),
    benchRow(`import, ${count.toLocaleString('en')} lines`, 's', ours.importSeconds),
  ];
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
