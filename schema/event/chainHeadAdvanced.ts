import { NotFoundError } from '../../core/errors.ts';
import { chainHeadAdvanced } from '../../resolvers/watch/chainHeadAdvanced.ts';
import { builder } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { readNodeId } from '../nodeId.ts';
import { readMessage } from './readMessage.ts';

builder.subscriptionField('chainHeadAdvanced', (t) =>
  t.field({
    type: Chain,
    description:
      'A chain as it stands, then whenever its head, its final head or its node has moved. It tells the latest state, twice a second at most: what lies between is left out, and it is not in any event log. Needs a session.',
    args: { chainId: t.arg.id({ required: true, description: 'The chain.' }) },
    subscribe: (_root, { chainId }, context) => {
      const uuid = readNodeId('Chain', chainId);
      if (uuid === null) throw new NotFoundError('The chain');
      return chainHeadAdvanced(context, uuid);
    },
    resolve: (message) => readMessage(message),
  }),
);
