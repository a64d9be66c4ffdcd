import { LimitExceededError } from '../../core/errors.ts';
import { decodeNodeId, InvalidIdError } from '../../core/ids.ts';
import { MAX_NODES_PER_REQUEST } from '../../core/limits.ts';
import { builder } from '../builder.ts';

function readAnyId(id: string): { type: string; id: string } | null {
  try {
    const { type, uuid } = decodeNodeId(id);
    // It has an id, and is no object of the graph.
    return type === 'Upload' ? null : { type, id: uuid };
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}

builder.queryField('node', (t) =>
  t.node({
    description:
      'Any object by its id; null when it does not exist or belongs to an organization the viewer is no member of. Needs READ in its organization.',
    args: { id: t.arg.id({ required: true, description: 'The id of the object.' }) },
    id: (_root, { id }) => readAnyId(id),
  }),
);

builder.queryField('nodes', (t) =>
  t.nodeList({
    description:
      'Objects by their ids, in the order asked for, at most 100 at once; null for each that does not exist or belongs to an organization the viewer is no member of. Needs READ in their organizations.',
    args: { ids: t.arg.idList({ required: true, description: 'The ids of the objects.' }) },
    ids: (_root, { ids }) => {
      if (ids.length > MAX_NODES_PER_REQUEST) {
        throw new LimitExceededError(
          'MAX_NODES_PER_REQUEST',
          `Ask for at most ${MAX_NODES_PER_REQUEST} objects at once.`,
        );
      }
      return ids.map(readAnyId);
    },
  }),
);
