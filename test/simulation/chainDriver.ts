import { setTimeout as delay } from 'node:timers/promises';
import { type Address, encodeFunctionData } from 'viem';
import { encodeExecuteChunk, encodeRetryChunk } from '../../chains/evm/codec/encodeExecuteChunk.ts';
import { manifestTree } from '../../chains/evm/codec/manifest.ts';
import { parseManifest } from '../../chains/evm/codec/parseManifest.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { STRANGER, TOKEN_OWNER } from './cast.ts';
import { blocksBehind } from './findOpen.ts';
import type { PlannedChainFault } from './plan.ts';
import { sendAs } from './sendAs.ts';
import { useKeyElsewhere } from './useKeyElsewhere.ts';
import { useSafeElsewhere } from './useSafeElsewhere.ts';
import type { World } from './world.ts';

/** The answer "all rows" for a chunk of up to 200. */
const ALL_ROWS = (1n << 200n) - 1n;
const MAX_BLOCKS_BEHIND = 4n;
const MAX_WAIT_FOR_INDEXER_MS = 2_000;
/** Once nothing disturbs it, it gets there, however busy the machine is. */
const MAX_WAIT_IN_QUIET_MS = 30_000;
const POLL_INTERVAL_MS = 20;

/** What the driver must know of the payers to disturb them. */
export type Disturbed = {
  /** The manifest of a planned batch, once there is one. */
  manifestOf(batch: number): string | null;
  safeOf(account: number): Address | null;
};

export type ChainDriver = {
  /** Blocks come from now on. */
  start(): void;
  /** Blocks since `begin`; 0 before. */
  tick(): number;
  /** Resolves at that tick. */
  reach(tick: number): Promise<void>;
  /** From now on ticks count, and faults are due. */
  begin(disturbed: Disturbed): void;
  /** What the token is to refuse from now on; it is told again until a block has it, whatever reorgs do. */
  setBlocked(address: Address, isBlocked: boolean): void;
  /** No further faults. */
  calm(): void;
  reorgCount(): number;
  faultCount(): number;
  isStopped(): boolean;
  stop(): Promise<void>;
};

/** Mines a block every `tickMs` once it is started, and does to the chain what the plan has. */
export function driveChain(world: World, tickMs: number): ChainDriver {
  const blocked = new Map<Address, boolean>();
  let disturbed: Disturbed | null = null;
  let due: readonly PlannedChainFault[] = [];
  const counts = { tick: 0, reorgs: 0, faults: 0 };
  let isCalm = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    while (!stopped) {
      const started = performance.now();
      try {
        await tellToken(world, blocked);
        await world.chain.mine({ blocks: 1 });
        if (disturbed !== null) {
          counts.tick += 1;
          const now = due.filter(({ tick }) => tick <= counts.tick);
          due = due.filter(({ tick }) => tick > counts.tick);
          for (const fault of now) {
            world.note(`tick ${counts.tick}: ${JSON.stringify(fault)}`);
            if (!(await disturb(world, disturbed, fault))) continue;
            counts.faults += 1;
            if (fault.kind === 'REORG') counts.reorgs += 1;
          }
        }
      } catch (error) {
        world.note(`tick ${counts.tick}: ${String(error)}`);
      }
      await delay(Math.max(1, tickMs - (performance.now() - started)));
      await letIndexerFollow(world, isCalm ? MAX_WAIT_IN_QUIET_MS : MAX_WAIT_FOR_INDEXER_MS);
    }
  };
  let running: Promise<void> | null = null;
  return {
    start: () => {
      running ??= run();
    },
    tick: () => counts.tick,
    reach: async (tick) => {
      while (counts.tick < tick && !stopped) await delay(tickMs / 2);
    },
    begin: (what) => {
      disturbed = what;
      due = world.plan.chainFaults;
    },
    setBlocked: (address, isBlocked) => {
      blocked.set(address, isBlocked);
    },
    calm: () => {
      due = [];
      isCalm = true;
    },
    reorgCount: () => counts.reorgs,
    faultCount: () => counts.faults,
    isStopped: () => stopped,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** A busy machine must not make a chain of it that nobody can follow: blocks wait for the indexer, unless it is dead. */
async function letIndexerFollow(world: World, maxWaitMs: number): Promise<void> {
  const deadline = performance.now() + maxWaitMs;
  while (performance.now() < deadline) {
    const behind = await blocksBehind(world).catch(() => null);
    if (behind === null || behind <= MAX_BLOCKS_BEHIND) return;
    await delay(POLL_INTERVAL_MS);
  }
}

async function tellToken(world: World, blocked: ReadonlyMap<Address, boolean>): Promise<void> {
  for (const [address, isBlocked] of blocked) {
    const token = { address: world.slot.contracts.DevelopmentUSDC, abi: developmentUsdcAbi } as const;
    const is = await world.chain.readContract({ ...token, functionName: 'isBlocked', args: [address] });
    if (is === isBlocked) continue;
    const data = encodeFunctionData({ ...token, functionName: 'setBlocked', args: [address, isBlocked] });
    await sendAs(world, TOKEN_OWNER, token.address, data);
  }
}

/** @returns false when there was nothing to disturb yet */
async function disturb(world: World, disturbed: Disturbed, fault: PlannedChainFault): Promise<boolean> {
  switch (fault.kind) {
    case 'REORG':
      await world.chain.request<{ Method: 'anvil_reorg'; Parameters: [number, []]; ReturnType: null }>({
        method: 'anvil_reorg',
        params: [fault.depth, []],
      });
      return true;
    case 'FEE_SPIKE':
      await world.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: BigInt(fault.baseFeeWei) });
      return true;
    case 'PURGE':
      await world.chain.request<{ Method: 'anvil_dropAllTransactions'; Parameters: []; ReturnType: null }>({
        method: 'anvil_dropAllTransactions',
        params: [],
      });
      return true;
    case 'STALL':
      await stall(world, fault);
      return true;
    case 'KEY_USED':
      await useKeyElsewhere(world, fault.relayer);
      return true;
    case 'SAFE_NONCE': {
      const safe = disturbed.safeOf(fault.account);
      if (safe === null) return false;
      await sendAs(world, STRANGER, safe, await useSafeElsewhere(world, safe));
      return true;
    }
    default:
      return executeAsStranger(world, disturbed, fault);
  }
}

async function stall(
  world: World,
  { ms, until }: Extract<PlannedChainFault, { kind: 'STALL' }>,
): Promise<void> {
  const { process, nodes } = world.stations.worker;
  const ended = process.ends().length;
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    await delay(POLL_INTERVAL_MS);
    // What the dead one has sent may arrive after its end; what comes after the next start is the next one's.
    const startedAt = process.startedAt();
    if (until === undefined || process.ends().length === ended || startedAt === null) continue;
    if (nodes.some((node) => node.sent().some(({ at }) => at > startedAt))) return;
  }
}

async function executeAsStranger(
  world: World,
  disturbed: Disturbed,
  fault: { kind: 'STRANGER_EXECUTES' | 'STRANGER_RETRIES'; batch: number },
): Promise<boolean> {
  const text = disturbed.manifestOf(fault.batch);
  if (text === null) return false;
  const manifest = parseManifest(text);
  const vault = vaultAddress(manifest);
  if ((await world.chain.getCode({ address: vault })) === undefined) return false;
  const tree = manifestTree(manifest);
  for (const [chunkIndex, rows] of manifest.chunks.entries()) {
    const proven = { chunkIndex, rows, proof: tree.proof(chunkIndex) };
    const data =
      fault.kind === 'STRANGER_EXECUTES' ? encodeExecuteChunk(proven) : encodeRetryChunk(proven, ALL_ROWS);
    await sendAs(world, STRANGER, vault, data);
  }
  return true;
}
