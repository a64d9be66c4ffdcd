import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Address, type Hex, keccak256, parseTransaction, recoverTransactionAddress } from 'viem';

/** A transaction that is offered to a node. */
export type OfferedTransaction = {
  readonly hash: Hex;
  readonly sender: Address;
  readonly nonce: number;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  readonly gas: bigint;
};

/** What a node's own rules say: TAKE passes it on, SWALLOW answers as if and forgets it; words are an error's. */
export type Verdict = 'TAKE' | 'SWALLOW' | { readonly refuse: string };

export type SendPolicy = (transaction: OfferedTransaction, node: NodeView) => Promise<Verdict> | Verdict;

/** The real node behind the policy. */
export type NodeView = { count(address: Address, tag: 'latest' | 'pending'): Promise<number> };

export type PolicyNode = {
  rpcUrl: string;
  setPolicy(policy: SendPolicy): void;
  /** Tells nobody's pool: `pending` counts are those of the newest block. */
  hidePool(hides: boolean): void;
  /** Adds so much to every nonce it tells. */
  boast(nonces: number): void;
  /** What it was offered, in order. */
  readonly offered: readonly OfferedTransaction[];
  /** Its own words for what it turned away. */
  readonly refused: readonly string[];
  stop(): Promise<void>;
};

type Call = { id: number; method: string; params: unknown[] };

/**
 * A way to a real node with rules of its own about what it takes. The calls of a batch are done last one first. The kit's
 * proxy (test/kit/nodeProxy.ts) disturbs calls by their method and number; this one by the transaction that is offered.
 */
export async function startPolicyNode(target: string): Promise<PolicyNode> {
  let policy: SendPolicy = () => 'TAKE';
  let hidesPool = false;
  let boasted = 0;
  const offered: OfferedTransaction[] = [];
  const refused: string[] = [];
  const ask = async (call: Omit<Call, 'id'>): Promise<Record<string, unknown>> => {
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...call }),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const view: NodeView = {
    count: async (address, tag) => {
      const answer = await ask({ method: 'eth_getTransactionCount', params: [address, tag] });
      return Number(answer.result);
    },
  };
  const answer = async ({ method, params }: Call): Promise<Record<string, unknown>> => {
    if (method === 'eth_getTransactionCount') {
      const [address, tag] = params as [Address, string];
      const told = await ask({ method, params: [address, hidesPool && tag === 'pending' ? 'latest' : tag] });
      return { ...told, result: `0x${(Number(told.result) + boasted).toString(16)}` };
    }
    if (method !== 'eth_sendRawTransaction') return ask({ method, params });
    const transaction = await readTransaction(params[0] as Hex);
    offered.push(transaction);
    const verdict = await policy(transaction, view);
    if (verdict === 'TAKE') return ask({ method, params });
    if (verdict === 'SWALLOW') return { jsonrpc: '2.0', result: transaction.hash };
    refused.push(verdict.refuse);
    return { jsonrpc: '2.0', error: { code: -32000, message: verdict.refuse } };
  };
  const server = createServer((request, response) => {
    const respond = async () => {
      const body = JSON.parse(await text(request)) as Call | Call[];
      const answers: Record<string, unknown>[] = [];
      for (const call of [body].flat().toReversed())
        answers.unshift({ ...(await answer(call)), id: call.id });
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    };
    respond().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setPolicy: (next) => {
      policy = next;
    },
    hidePool: (hides) => {
      hidesPool = hides;
    },
    boast: (nonces) => {
      boasted = nonces;
    },
    ...{ offered, refused },
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readTransaction(raw: Hex): Promise<OfferedTransaction> {
  const { nonce = 0, maxFeePerGas = 0n, gas = 0n } = parseTransaction(raw);
  const serializedTransaction = raw as `0x02${string}`;
  return {
    hash: keccak256(raw),
    nonce,
    maxFeePerGas,
    gas,
    sender: await recoverTransactionAddress({ serializedTransaction }),
  };
}

/** The rule of a node without a pool: the very next nonce, or nothing. */
export const onlyTheNext: SendPolicy = async ({ sender, nonce }, node) => {
  const next = await node.count(sender, 'pending');
  if (nonce === next) return 'TAKE';
  if (nonce < next) return { refuse: `nonce too low: address ${sender}, tx: ${nonce} state: ${next}` };
  return { refuse: `nonce too high: address ${sender}, tx: ${nonce} state: ${next}` };
};

/** The rule of pools for a key that is delegated (EIP-7702). */
export const oneAtATime: SendPolicy = async ({ sender, nonce }, node) => {
  const included = await node.count(sender, 'latest');
  const pending = await node.count(sender, 'pending');
  if (nonce > included) return { refuse: 'gapped-nonce tx from delegated accounts' };
  if (pending > included) return { refuse: 'in-flight transaction limit reached for delegated accounts' };
  return 'TAKE';
};
