import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { fillNodes } from '../i18n/fillNodes.tsx';
import { useFormat } from '../i18n/format.ts';
import { type BaseKey, useMessages } from '../i18n/messages.ts';
import type { LiveEvent } from '../live/LiveProvider.tsx';
import { type ShownActor, useActorName } from './ActorText.tsx';
import { Amount } from './Amount.tsx';
import { eventMessages } from './eventMessages.ts';

type Key = BaseKey<(typeof eventMessages)['keys'][number]>;
type Values = Record<string, string | number>;
type Say = (key: string, nodes?: Record<string, ReactNode>, values?: Values) => ReactNode;
type Of<Name extends LiveEvent['__typename']> = Extract<LiveEvent, { __typename: Name }>;
type BatchEvent = Of<'PayoutBatchCreated' | 'PayoutBatchStatusChanged' | 'PayoutsChanged' | 'PayoutsReorged'>;
type PauseEvent = Of<
  | 'PayoutBatchPaused'
  | 'PayoutBatchResumed'
  | 'AccountPaused'
  | 'AccountResumed'
  | 'ChainPaused'
  | 'ChainResumed'
>;
type ApprovalEvent = Of<'ApprovalRequested' | 'ApprovalDecided' | 'ApprovalStatusChanged'>;
type TransferEvent = Of<'TransferIncluded' | 'TransferConfirmed' | 'TransferReorged'>;
const SIGNER_HEAD_CHARACTERS = 6;
const SIGNER_TAIL_CHARACTERS = 4;

/** An entry of the event log as a sentence, with links to what it is about. */
export function EventSentence({ event }: { event: LiveEvent }) {
  const t = useMessages(eventMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const say: Say = (key, nodes = {}, values = {}) =>
    fillNodes((standIns) => t(key as never, { ...values, ...standIns }), nodes);
  return <>{sentence(event, say, { number: format.number, nameOf })}</>;
}

type Words = { number(value: number): string; nameOf(actor: ShownActor): string };

function sentence(event: LiveEvent, say: Say, { number, nameOf }: Words): ReactNode {
  switch (event.__typename) {
    case 'PayoutBatchCreated':
    case 'PayoutBatchStatusChanged':
    case 'PayoutsChanged':
    case 'PayoutsReorged':
      return batchSentence(event, say, number);
    case 'ApprovalRequested':
    case 'ApprovalDecided':
    case 'ApprovalStatusChanged':
      return approvalSentence(event, say);
    case 'TransferIncluded':
    case 'TransferConfirmed':
    case 'TransferReorged':
      return transferSentence(event, say);
    case 'AccountOpened':
      return say('accountOpened', { account: accountLink(event.account) });
    case 'AccountRefused':
      return say('accountRefused', { account: accountLink(event.account) });
    case 'AccountChanged':
      return say('accountChanged', { account: accountLink(event.account) });
    case 'MemberInvited':
      return say('invited', personNodes(event.displayName, nameOf(event.changedBy)));
    case 'InvitationRevoked':
      return say('revoked', personNodes(event.displayName, nameOf(event.changedBy)));
    case 'MemberJoined':
      return say('joined', personNodes(event.user.displayName, ''));
    case 'MemberRolesChanged':
      return say('rolesChanged', personNodes(event.user.displayName, nameOf(event.changedBy)));
    case 'MemberRemoved': {
      const isOwnWish = event.changedBy.__typename === 'User' && event.changedBy.id === event.user.id;
      return say(
        isOwnWish ? 'left' : 'removed',
        personNodes(event.user.displayName, nameOf(event.changedBy)),
      );
    }
    case 'OrganizationUpdated':
      return say('organizationUpdated', nodes('/settings', event.name, nameOf(event.changedBy)));
    case 'PayeeCreated':
      return say('payeeCreated', nodes('/payees', event.name, nameOf(event.changedBy)));
    case 'PayeeUpdated':
      return say('payeeUpdated', nodes('/payees', event.name, nameOf(event.changedBy)));
    case 'PayeeArchived':
      return say('payeeArchived', nodes('/payees', event.name, nameOf(event.changedBy)));
    case 'PayoutBatchPaused':
    case 'PayoutBatchResumed':
    case 'AccountPaused':
    case 'AccountResumed':
    case 'ChainPaused':
    case 'ChainResumed':
      return pauseSentence(event, say, nameOf(event.changedBy));
    default:
      // A newer server tells what this page does not know.
      return say('other', {}, { type: (event as { type: string }).type });
  }
}

function batchSentence(event: BatchEvent, say: Say, number: (value: number) => string): ReactNode {
  const batch = link(`/batches/${event.payoutBatch.id}`, event.payoutBatch.title);
  const { payoutCount } = event.payoutBatch;
  const ofAll = { count: payoutCount, rows: number(payoutCount) };
  if (event.__typename === 'PayoutBatchCreated') return say('created', { batch }, ofAll);
  if (event.__typename === 'PayoutBatchStatusChanged') {
    return say(`batch_${event.status}` satisfies Key, { batch }, ofAll);
  }
  const count = event.changes.reduce((sum, { firstIndex, lastIndex }) => sum + lastIndex - firstIndex + 1, 0);
  const values = { count, rows: number(count) };
  if (event.__typename === 'PayoutsReorged') return say('reorged', { batch }, values);
  const statuses = new Set(event.changes.map(({ status }) => status));
  const [status] = statuses;
  // An entry may tell of two statuses: the delivered rows of a block, and those that the token refused.
  if (status === undefined || statuses.size > 1) return say('payouts', { batch });
  return say(`payouts_${status}`, { batch }, values);
}

function pauseSentence(event: PauseEvent, say: Say, actor: string): ReactNode {
  switch (event.__typename) {
    case 'PayoutBatchPaused':
    case 'PayoutBatchResumed': {
      const batch = link(`/batches/${event.payoutBatch.id}`, event.payoutBatch.title);
      return say(event.__typename === 'PayoutBatchPaused' ? 'batchPaused' : 'batchResumed', { batch, actor });
    }
    case 'AccountPaused':
    case 'AccountResumed': {
      const account = accountLink(event.account);
      return say(event.__typename === 'AccountPaused' ? 'accountPaused' : 'accountResumed', {
        account,
        actor,
      });
    }
    case 'ChainPaused':
    case 'ChainResumed': {
      const chain = event.chain.name;
      return say(event.__typename === 'ChainPaused' ? 'chainPaused' : 'chainResumed', { chain, actor });
    }
  }
}

function approvalSentence(event: ApprovalEvent, say: Say): ReactNode {
  const approval = link(`/approvals/${event.approval.id}`, event.payoutBatch.title);
  switch (event.__typename) {
    case 'ApprovalRequested':
      return say(event.approval.kind === 'PAYOUT_CLOSE' ? 'requestedClose' : 'requested', { approval });
    case 'ApprovalDecided': {
      const { signerAddress, approval: of } = event;
      const person = of.decisions.find((decision) => decision.signerAddress === signerAddress)?.user;
      const short = `${signerAddress.slice(0, SIGNER_HEAD_CHARACTERS)}…${signerAddress.slice(-SIGNER_TAIL_CHARACTERS)}`;
      const signer = <span title={signerAddress}>{person?.displayName ?? short}</span>;
      return say(event.verdict === 'GRANTED' ? 'granted' : 'rejected', { approval, signer });
    }
    case 'ApprovalStatusChanged':
      return say(`approval_${event.approvalStatus}` satisfies Key, { approval });
  }
}

function transferSentence(event: TransferEvent, say: Say): ReactNode {
  const { transfer } = event;
  const filled = {
    amount: <Amount money={transfer.amount} fw={600} />,
    account: accountLink(transfer.account),
  };
  if (event.__typename === 'TransferReorged') return say('transferReorged', filled);
  const way = transfer.direction === 'IN' ? 'transferIn' : 'transferOut';
  return say(event.__typename === 'TransferConfirmed' ? `${way}Confirmed` : way, filled);
}

function accountLink({ id, name }: { id: string; name: string }): ReactNode {
  return link(`/accounts/${id}`, name);
}

function personNodes(name: string, actor: string): Record<string, ReactNode> {
  return nodes('/members', name, actor);
}

function nodes(to: string, name: string, actor: string): Record<string, ReactNode> {
  return { name: link(to, name), actor };
}

function link(to: string, text: string): ReactNode {
  return (
    <Anchor component={Link} to={to} inherit>
      {text}
    </Anchor>
  );
}
