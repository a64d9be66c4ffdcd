import { randomUUID } from 'node:crypto';
import { decodeNodeId, type IdType, InvalidIdError } from '../core/ids.ts';

/** The uuid in an id of this type; null for anything else, which is answered like an object that does not exist. */
export function readNodeId(type: IdType, id: string): string | null {
  try {
    const decoded = decodeNodeId(id);
    return decoded.type === type ? decoded.uuid : null;
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}

/**
 * The uuid in an id of a mutation's input. What is no id of this type becomes a new one, which no object has: the use case
 * refuses it in the words, and at the path, in which it refuses every id that it does not find.
 */
export function uuidInInput(type: IdType, id: string): string {
  return readNodeId(type, id) ?? randomUUID();
}
