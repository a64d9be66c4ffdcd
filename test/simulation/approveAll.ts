import { setTimeout as delay } from 'node:timers/promises';
import type { Hex } from 'viem';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import { THRESHOLD } from './cast.ts';
import type { News } from './news.ts';
import type { Organization, People } from './people.ts';
import type { World } from './world.ts';

const LOOK_INTERVAL_MS = 300;
const MAX_BATCHES = 60;

const PENDING = /* GraphQL */ `
  query Pending($id: ID!) {
    organization(id: $id) {
      payoutBatches(first: ${MAX_BATCHES}) {
        edges { node { id approvals(last: 1) { edges { node { id status signingRequest { digest } } } } } }
      }
    }
  }
`;
const GRANT = /* GraphQL */ `
  mutation Grant($input: ApprovalGrantInput!) {
    approvalGrant(input: $input) { approval { status } userErrors { code message } }
  }
`;
type Approval = { id: string; status: string; signingRequest: { digest: Hex } | null };
type Pending = {
  organization: {
    payoutBatches: { edges: { node: { id: string; approvals: { edges: { node: Approval }[] } } }[] };
  };
};

export type ApprovingPeople = { stop(): Promise<void> };

/** Owners who sign whatever is asked of them, and again when it went stale and is asked for anew. */
export function approveAll(world: World, people: People, news: News): ApprovingPeople {
  let stopped = false;
  let seen: number | null = null;
  const running = (async () => {
    while (!stopped) {
      if (seen !== news.approvalMoves()) {
        seen = news.approvalMoves();
        for (const organization of people.organizations) {
          await approvePending(world, people, organization).catch((error: unknown) => {
            seen = null;
            world.note(`approvals: ${String(error)}`);
          });
        }
      }
      await delay(LOOK_INTERVAL_MS);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

async function approvePending(world: World, people: People, { id }: Organization): Promise<void> {
  const [first] = people.approvers;
  if (first === undefined) return;
  const { organization } = await first.client.ask<Pending>(PENDING, { id });
  for (const { node } of organization.payoutBatches.edges) {
    const approval = node.approvals.edges[0]?.node;
    if (approval?.status !== 'PENDING' || approval.signingRequest === null) continue;
    const hash = approval.signingRequest.digest;
    for (const { index, client, signerId } of people.approvers.slice(0, THRESHOLD)) {
      const wallet = await developmentAccount(index).sign({ hash });
      const { approvalGrant } = await client.ask<{ approvalGrant: { userErrors: { code: string }[] } }>(
        GRANT,
        {
          input: { approvalId: approval.id, signerId, signature: { wallet } },
        },
      );
      const [fault] = approvalGrant.userErrors;
      if (fault !== undefined) world.note(`approver ${index} could not sign ${approval.id}: ${fault.code}`);
    }
  }
}
