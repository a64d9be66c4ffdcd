/**
 * What honest nodes tell differently of the same block, transaction, receipt or log: sizes as each counts them, sums of a
 * difficulty that is no more, and signatures (which the hash holds) with and without zeros before them. Nothing is
 * concluded from them.
 */
const NEVER_COMPARED: ReadonlySet<string> = new Set([
  ...['size', 'totalDifficulty', 'author', 'sealFields', 'difficulty'],
  ...['v', 'yParity', 'r', 's'],
]);
/** What some tell and others leave out. Where both tell it, it must be the same. */
const MAY_BE_ABSENT: ReadonlySet<string> = new Set([
  ...[
    'accessList',
    'authorizationList',
    'blockTimestamp',
    'chainId',
    'contractAddress',
    'creates',
    'gasPrice',
  ],
  ...['blobGasPrice', 'blobGasUsed', 'excessBlobGas', 'maxFeePerBlobGas', 'blobVersionedHashes'],
  ...['maxFeePerGas', 'maxPriorityFeePerGas', 'parentBeaconBlockRoot', 'requestsHash', 'withdrawals'],
  ...['withdrawalsRoot', 'publicKey', 'raw', 'removed', 'revertReason', 'root', 'standardV', 'type'],
  ...['l1BlockNumber', 'l1FeeScalar', 'l1GasPrice', 'l1GasUsed', 'gasUsedForL1', 'sourceHash', 'mint'],
]);
/** Of a proof of storage: some write zeros before them, others do not. */
const WORDS: ReadonlySet<string> = new Set(['key', 'value']);
/** Deeper answers are no JSON-RPC of ours. */
const MAX_DEPTH = 12;

/** Whether two nodes said the same: parsed JSON, hexadecimal digits in either case. */
export function isSameAnswer(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (depth > MAX_DEPTH) return false;
  if (typeof a === 'string' && typeof b === 'string') {
    return a.length === b.length && a.startsWith('0x') && a.toLowerCase() === b.toLowerCase();
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, index) => isSameAnswer(each, b[index], depth + 1));
  }
  return isSameObject(a as Fields, b as Fields, depth);
}

type Fields = Readonly<Record<string, unknown>>;

function isSameObject(a: Fields, b: Fields, depth: number): boolean {
  for (const key in a) {
    if (!isSameField(key, a[key], b[key], depth)) return false;
  }
  for (const key in b) {
    if (!(key in a) && !isSameField(key, undefined, b[key], depth)) return false;
  }
  return true;
}

function isSameField(key: string, a: unknown, b: unknown, depth: number): boolean {
  if (a === b || NEVER_COMPARED.has(key)) return true;
  const isTold = (value: unknown) => value !== undefined && value !== null;
  const areBothTold = isTold(a) && isTold(b);
  if (!areBothTold && (MAY_BE_ABSENT.has(key) || isTold(a) === isTold(b))) return true;
  return isSameAnswer(a, b, depth + 1) || (WORDS.has(key) && isSameNumber(a, b));
}

/** Whether two words of at most 32 bytes are the same number. */
export function isSameNumber(a: unknown, b: unknown): boolean {
  const isWord = (text: unknown): text is string =>
    typeof text === 'string' && /^0x[0-9a-f]{1,64}$/i.test(text);
  return isWord(a) && isWord(b) && BigInt(a) === BigInt(b);
}
