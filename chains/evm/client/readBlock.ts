import { type Address, type Hash, numberToHex } from 'viem';
import type { EvmClient } from './evmClient.ts';
import { blockAnswer, headerAnswer, NodeAnswerError, parseAnswer } from './nodeAnswer.ts';

/** What chains one block to the next. `timestamp` in Unix seconds. */
export type EvmHeader = {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly timestamp: bigint;
};

/** A transaction as far as it matters who used which nonce. `from` in lower case. */
export type EvmTransaction = { readonly hash: Hash; readonly from: Address; readonly nonce: bigint };

export type EvmBlock = EvmHeader & { readonly transactions: readonly EvmTransaction[] };

/** The block of a number as the node has it now; null beyond its head. @throws NodeAnswerError */
export async function readBlock(client: EvmClient, number: bigint): Promise<EvmBlock | null> {
  const answer = await client.request({
    method: 'eth_getBlockByNumber',
    params: [numberToHex(number), true],
  });
  if (answer === null) return null;
  const block = parseAnswer(blockAnswer, answer, 'block');
  return withNumber(block, number);
}

/** The header of a number as the node has it now; null beyond its head. @throws NodeAnswerError */
export async function readHeader(client: EvmClient, number: bigint): Promise<EvmHeader | null> {
  const answer = await client.request({
    method: 'eth_getBlockByNumber',
    params: [numberToHex(number), false],
  });
  if (answer === null) return null;
  return withNumber(parseAnswer(headerAnswer, answer, 'block'), number);
}

/** The newest header that the node itself takes for final; null before there is one. @throws NodeAnswerError */
export async function readFinalizedHeader(client: EvmClient): Promise<EvmHeader | null> {
  const answer = await client.request({ method: 'eth_getBlockByNumber', params: ['finalized', false] });
  return answer === null ? null : parseAnswer(headerAnswer, answer, 'finalized block');
}

/** The node's newest header. @throws NodeAnswerError */
export async function readLatestHeader(client: EvmClient): Promise<EvmHeader> {
  const answer = await client.request({ method: 'eth_getBlockByNumber', params: ['latest', false] });
  return parseAnswer(headerAnswer, answer, 'latest block');
}

/** The node's newest block. @throws NodeAnswerError */
export async function readLatestBlock(client: EvmClient): Promise<EvmBlock> {
  const answer = await client.request({ method: 'eth_getBlockByNumber', params: ['latest', true] });
  return parseAnswer(blockAnswer, answer, 'latest block');
}

function withNumber<Header extends EvmHeader>(header: Header, number: bigint): Header {
  if (header.number === number) return header;
  throw new NodeAnswerError('The node answered with another block than the one asked for.', {
    asked: number,
    answered: header.number,
  });
}
