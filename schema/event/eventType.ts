import { builder } from '../builder.ts';

export const EventType = builder.enumType('EventType', {
  description: 'What an entry of the event log tells. New values are not a breaking change.',
  values: {
    ACCOUNT_OPENED: { description: 'An account stands on chain.' },
    ACCOUNT_REFUSED: { description: 'What was to be adopted cannot be an account here.' },
    ACCOUNT_CHANGED: { description: 'What an account’s Safe is made of has changed on chain.' },
    TRANSFER_INCLUDED: {
      description: 'Money moved in or out of an account, in a block that may be taken back.',
    },
    TRANSFER_CONFIRMED: { description: 'A transfer has as many blocks on top as its chain asks for.' },
    TRANSFER_REORGED: { description: 'A reorganization of the chain took a transfer back.' },
    PAYOUT_BATCH_CREATED: { description: 'A payout batch was made.' },
    PAYOUT_BATCH_STATUS_CHANGED: { description: 'A payout batch has another status.' },
    PAYOUTS_CHANGED: { description: 'Payouts of a batch have another status.' },
    PAYOUTS_REORGED: { description: 'A reorganization of the chain took statuses of payouts back.' },
    APPROVAL_REQUESTED: { description: 'Approvers are asked to sign.' },
    APPROVAL_DECIDED: { description: 'An approver has signed or refused.' },
    APPROVAL_STATUS_CHANGED: { description: 'An approval has another status.' },
    MEMBER_INVITED: { description: 'Somebody was asked to become a member.' },
    INVITATION_REVOKED: { description: 'An invitation was taken back.' },
    MEMBER_JOINED: { description: 'Somebody accepted an invitation and is a member.' },
    MEMBER_ROLES_CHANGED: { description: 'A member has other roles.' },
    MEMBER_REMOVED: { description: 'Somebody is a member no more.' },
    ORGANIZATION_UPDATED: { description: 'The organization has other settings.' },
    PAYEE_CREATED: { description: 'Somebody was put into the address book.' },
    PAYEE_UPDATED: { description: 'A payee was changed.' },
    PAYEE_ARCHIVED: { description: 'A payee was taken out of the address book.' },
  } as const,
});
