import { BaseError } from './errors.ts';

/** Types that `node(id:)` can answer. */
export const NODE_TYPES = [
  'Account',
  'Approval',
  'Asset',
  'Chain',
  'ChainTransaction',
  'Invitation',
  'Organization',
  'Payee',
  'Payout',
  'PayoutBatch',
  'Signer',
  'Transfer',
  'User',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** Types that have ids: besides, what is no object of the graph. */
export type IdType = NodeType | 'Upload';
const ID_TYPES: readonly IdType[] = [...NODE_TYPES, 'Upload'];

export class InvalidIdError extends BaseError {
  override readonly name = 'InvalidIdError';
  constructor() {
    super('ID_INVALID', 'This is not an id of this API.');
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The opaque, global id clients see: base64url of `Type:uuid`. */
export function encodeNodeId(type: IdType, uuid: string): string {
  return btoa(`${type}:${uuid}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads an id back. @throws InvalidIdError when it is malformed or of an unknown type */
export function decodeNodeId(id: string): { type: IdType; uuid: string } {
  let text: string;
  try {
    text = atob(id.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw new InvalidIdError();
  }
  const [type, uuid, ...rest] = text.split(':');
  const known = ID_TYPES.find((candidate) => candidate === type);
  if (known === undefined || uuid === undefined || !UUID.test(uuid) || rest.length > 0)
    throw new InvalidIdError();
  if (encodeNodeId(known, uuid) !== id) throw new InvalidIdError();
  return { type: known, uuid };
}
