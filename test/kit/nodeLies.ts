// What one node may tell that is not so. A node that lies is one among others that do not: nobody finds out alone.

/** What a lying node says otherwise; each is a function below. */
export type NodeLie = keyof typeof LIES;

export type Asked = { readonly method: string; readonly params: readonly unknown[] };

type Lie = (asked: Asked, truth: unknown) => unknown;
type Fields = Record<string, unknown>;

const RECEIPTS = ['eth_getTransactionReceipt', 'eth_getBlockReceipts'];
const BLOCKS = ['eth_getBlockByNumber', 'eth_getBlockByHash'];
const SUCCESS = '0x1';
const FAILURE = '0x0';
/** By how many transactions, or base units, a wrong number is wrong. */
const OFF_BY = 1n;
const FEE_FACTOR = 1_000n;
/** In hexadecimal, with its `0x`. */
const WORD_END = 66;

/** A transaction that succeeded has reverted, and the other way round. */
function receiptStatusFlipped({ method }: Asked, truth: unknown): unknown {
  if (!RECEIPTS.includes(method)) return truth;
  return each(truth, (receipt) => ({ ...receipt, status: receipt.status === SUCCESS ? FAILURE : SUCCESS }));
}

/** A transaction in a block is in none. */
function receiptMissing({ method }: Asked, truth: unknown): unknown {
  if (method === 'eth_getTransactionReceipt') return null;
  return method === 'eth_getBlockReceipts' && Array.isArray(truth) ? truth.slice(1) : truth;
}

/** Nothing was logged. */
function logsRemoved({ method }: Asked, truth: unknown): unknown {
  if (method === 'eth_getLogs') return [];
  return RECEIPTS.includes(method) ? each(truth, (receipt) => ({ ...receipt, logs: [] })) : truth;
}

/** The last log was told twice, as two. */
function logsAdded({ method }: Asked, truth: unknown): unknown {
  if (method === 'eth_getLogs') return withLastTwice(truth);
  if (!RECEIPTS.includes(method)) return truth;
  return each(truth, (receipt) => ({ ...receipt, logs: withLastTwice(receipt.logs) }));
}

/** Another block: what names it by its hash names one that nobody has. */
function blockHashChanged({ method }: Asked, truth: unknown): unknown {
  if (BLOCKS.includes(method)) return each(truth, (block) => ({ ...block, hash: changedHash(block.hash) }));
  if (method !== 'eth_getLogs' && !RECEIPTS.includes(method)) return truth;
  return each(truth, (entry) => ({ ...entry, blockHash: changedHash(entry.blockHash) }));
}

/** A transaction more was included: somebody else's, it seems. */
function nonceAhead({ method }: Asked, truth: unknown): unknown {
  return method === 'eth_getTransactionCount' ? toHex(BigInt(String(truth)) + OFF_BY) : truth;
}

/** A transaction less was included. */
function nonceBehind({ method }: Asked, truth: unknown): unknown {
  if (method !== 'eth_getTransactionCount') return truth;
  const count = BigInt(String(truth));
  return toHex(count > OFF_BY ? count - OFF_BY : 0n);
}

/** Native money is gone. */
function balanceChanged({ method }: Asked, truth: unknown): unknown {
  if (method !== 'eth_getBalance') return truth;
  return BigInt(String(truth)) === 0n ? toHex(OFF_BY) : toHex(0n);
}

/** The node is on another chain. */
function chainIdChanged({ method }: Asked, truth: unknown): unknown {
  if (method === 'net_version') return String(BigInt(String(truth)) + OFF_BY);
  return method === 'eth_chainId' ? toHex(BigInt(String(truth)) + OFF_BY) : truth;
}

/** There is no contract. */
function codeMissing({ method }: Asked, truth: unknown): unknown {
  return method === 'eth_getCode' ? '0x' : truth;
}

/** Nobody ever sent this transaction. */
function transactionMissing({ method }: Asked, truth: unknown): unknown {
  return method === 'eth_getTransactionByHash' ? null : truth;
}

/** There is no newest block, and no final one. */
function headMissing({ method, params: [tag] }: Asked, truth: unknown): unknown {
  return method === 'eth_getBlockByNumber' && !String(tag).startsWith('0x') ? null : truth;
}

/** Gas costs a thousand times as much. */
function feesRaised({ method }: Asked, truth: unknown): unknown {
  if (method !== 'eth_feeHistory') return truth;
  const raised = (fee: unknown) => toHex(BigInt(String(fee)) * FEE_FACTOR + FEE_FACTOR);
  return each(truth, (history) => ({
    ...history,
    baseFeePerGas: (history.baseFeePerGas as unknown[]).map(raised),
    reward: (history.reward as unknown[][] | undefined)?.map((tips) => tips.map(raised)),
  }));
}

/** A contract answers another number: its first word is one more. */
function callAnswerChanged({ method }: Asked, truth: unknown): unknown {
  if (method !== 'eth_call' || typeof truth !== 'string' || truth.length < WORD_END) return truth;
  const word = BigInt.asUintN(256, BigInt(truth.slice(0, WORD_END)) + OFF_BY);
  return `0x${word.toString(16).padStart(64, '0')}${truth.slice(WORD_END)}`;
}

const LIES = {
  RECEIPT_STATUS_FLIPPED: receiptStatusFlipped,
  RECEIPT_MISSING: receiptMissing,
  LOGS_REMOVED: logsRemoved,
  LOGS_ADDED: logsAdded,
  BLOCK_HASH_CHANGED: blockHashChanged,
  NONCE_AHEAD: nonceAhead,
  NONCE_BEHIND: nonceBehind,
  BALANCE_CHANGED: balanceChanged,
  CHAIN_ID_CHANGED: chainIdChanged,
  CODE_MISSING: codeMissing,
  TRANSACTION_MISSING: transactionMissing,
  HEAD_MISSING: headMissing,
  FEES_RAISED: feesRaised,
  CALL_ANSWER_CHANGED: callAnswerChanged,
} satisfies Record<string, Lie>;

export const NODE_LIES = Object.keys(LIES) as NodeLie[];

/** The lie instead of the truth; the truth, where the lie does not concern what was asked. */
export function tellLie(lie: NodeLie, asked: Asked, truth: unknown): unknown {
  return LIES[lie](asked, truth);
}

/** Changes an object, or each object of a list; null stays. */
function each(value: unknown, change: (fields: Fields) => Fields): unknown {
  if (Array.isArray(value)) return value.map((entry) => change(entry as Fields));
  return value === null ? null : change(value as Fields);
}

function withLastTwice(logs: unknown): unknown {
  if (!Array.isArray(logs) || logs.length === 0) return logs;
  const last = logs.at(-1) as Fields;
  return [...logs, { ...last, logIndex: toHex(BigInt(String(last.logIndex)) + 1n) }];
}

/** Well-formed, and always the same for the same hash. */
function changedHash(hash: unknown): unknown {
  if (typeof hash !== 'string') return hash;
  return hash.slice(0, -1) + (hash.endsWith('0') ? '1' : '0');
}

function toHex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
