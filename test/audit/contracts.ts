// What the audit knows of the contracts: selectors (the first 4 bytes of a function's hash) and topics (an event's hash).

/** ERC-20. */
export const BALANCE_OF = '0x70a08231';
export const DECIMALS = '0x313ce567';
/** Transfer(address indexed from, address indexed to, uint256 value) */
export const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** PayoutVaultFactory: BatchOpened(address indexed payer, bytes32 indexed batchId, address indexed vault, OpenParams params) */
export const BATCH_OPENED = '0xba27d6380f06bd5ea8227bebf5181b7e35030445337f1f9540ff6bb4eb658c36';
/** The token's place among the words of BatchOpened's data. */
export const OPENED_TOKEN_WORD = 1;

/** PayoutVault: ChunkExecuted(uint256 indexed chunkIndex, uint256 owed) */
export const CHUNK_EXECUTED = '0x78620a2850d4aff3be35cce0f2b62fe8a65064eabd5e54b22e47474dbc43f485';
/** PayoutVault: execute(uint256 chunkIndex, bytes rows, bytes32[] proof) */
export const EXECUTE = '0xbf50e2d2';
export const REMAINING = '0x55234ec0';
export const IS_CLOSED = '0xc2b6b58c';

const SELECTOR_CHARACTERS = 10;
const WORD_CHARACTERS = 64;
const ADDRESS_CHARACTERS = 40;

/** The call of a function that takes an address. */
export function withAddress(selector: string, address: string): string {
  return selector + address.slice(2).toLowerCase().padStart(WORD_CHARACTERS, '0');
}

/** A 32-byte word of an event's data, as a number. */
export function dataWord(data: string, index: number): bigint {
  const start = 2 + index * WORD_CHARACTERS;
  return BigInt(`0x${data.slice(start, start + WORD_CHARACTERS)}`);
}

/** The first argument of a call, as a number; null when there is none. */
export function firstArgument(input: string): bigint | null {
  const word = input.slice(SELECTOR_CHARACTERS, SELECTOR_CHARACTERS + WORD_CHARACTERS);
  return word.length === WORD_CHARACTERS ? BigInt(`0x${word}`) : null;
}

/** The address in a word or a topic, in lower case. */
export function addressIn(word: string | bigint): string {
  const digits = typeof word === 'bigint' ? word.toString(16).padStart(WORD_CHARACTERS, '0') : word.slice(2);
  return `0x${digits.slice(-ADDRESS_CHARACTERS).toLowerCase()}`;
}
