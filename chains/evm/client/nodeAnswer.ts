import type { Address, Hash, Hex } from 'viem';
import { z } from 'zod';
import { BaseError } from '../../../core/errors.ts';

/** A node's answer is malformed, or two of its answers cannot both be true: it is not used. The next may be right. */
export class NodeAnswerError extends BaseError {
  override readonly name = 'NodeAnswerError';
  constructor(message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super('NODE_ANSWER_UNUSABLE', message, { details, retryable: true, cause });
  }
}

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}$/)
  .transform((hex) => BigInt(hex));
const index = quantity.transform(Number);
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((hex) => hex as Hash);
/** Lower case, as nodes write it: for comparing. */
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((hex) => hex.toLowerCase() as Address);
// One class in a row: a group repeated over megabytes overflows the engine's stack.
const bytes = z
  .string()
  .regex(/^0x[0-9a-f]*$/)
  .refine((hex) => hex.length % 2 === 0)
  .transform((hex) => hex as Hex);

export const headerAnswer = z.object({
  number: quantity,
  hash,
  parentHash: hash,
  timestamp: quantity,
});

export const blockAnswer = headerAnswer.extend({
  transactions: z.array(z.object({ hash, from: address, nonce: quantity })),
});

export const logAnswer = z.object({
  address,
  topics: z.array(hash).max(4),
  data: bytes,
  blockHash: hash,
  transactionHash: hash,
  logIndex: index,
  removed: z.literal(false).optional(),
});

export const receiptAnswer = z.object({
  transactionHash: hash,
  blockHash: hash,
  status: z.enum(['0x0', '0x1']),
  gasUsed: quantity,
  effectiveGasPrice: quantity,
  /** OP stack: what the transaction paid besides gas for being published. */
  l1Fee: quantity.nullish(),
  // Read one by one by whoever knows which are wanted: of a chunk of payouts there are hundreds.
  logs: z.array(z.object({ topics: z.array(z.string()) }).loose()),
});

/** Of recent blocks, the oldest first; base fees are one more, the last one being the next block's. */
export const feeHistoryAnswer = z.object({
  baseFeePerGas: z.array(quantity).min(1),
  gasUsedRatio: z.array(z.number()),
  reward: z.array(z.array(quantity)).nullish(),
});

/** Of a receipt, where its transaction is. */
export const inclusionAnswer = z.object({ blockNumber: quantity });

/** Parses an answer. @throws NodeAnswerError naming what was asked for */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new NodeAnswerError(`The node's ${what} is malformed.`, { what }, parsed.error);
}
