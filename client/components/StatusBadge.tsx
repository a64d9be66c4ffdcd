import { Badge } from '@mantine/core';
import { useMessages } from '../i18n/messages.ts';
import { statusMessages } from './statusMessages.ts';

type Key = (typeof statusMessages)['keys'][number];
type Kind = 'BATCH' | 'PAYOUT' | 'APPROVAL' | 'ACCOUNT' | 'TRANSFER' | 'INVITATION';

const COLORS: Readonly<Record<string, string>> = {
  ...{
    DRAFT: 'gray',
    PENDING: 'yellow',
    PENDING_APPROVAL: 'yellow',
    OPENING: 'yellow',
    CANCELLING: 'orange',
  },
  ...{ APPROVED: 'blue', EXECUTING: 'blue', SUBMITTED: 'blue', INCLUDED: 'indigo', CONFIRMED: 'cyan' },
  ...{ COMPLETED: 'teal', FINAL: 'teal', EXECUTED: 'teal', ACTIVE: 'teal', ACCEPTED: 'teal' },
  ...{ PARTIALLY_FAILED: 'orange', UNDELIVERED: 'orange', REORGED: 'orange', STALE: 'gray' },
  ...{
    FAILED: 'red',
    REJECTED: 'red',
    REFUSED: 'red',
    EXPIRED: 'gray',
    CANCELLED: 'gray',
    REVOKED: 'gray',
    CLOSED: 'gray',
  },
};

/** A status in words; the colour only repeats them. */
export function StatusBadge({ kind, status }: { kind: Kind; status: string }) {
  const t = useMessages(statusMessages);
  const color = kind === 'PAYOUT' && status === 'PENDING' ? 'gray' : (COLORS[status] ?? 'gray');
  return (
    <Badge variant="light" color={color} data-status={status} style={{ flexShrink: 0 }}>
      {t(`${kind}_${status}` as Key)}
    </Badge>
  );
}
