import { Alert, Anchor, Button, Loader, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { RequestCheck } from '../../signing/useRequestCheck.ts';
import { useBlockerText } from '../batches/useBlockerText.ts';
import { checkMessages } from './checkMessages.ts';
import { approvalMessages } from './messages.ts';

type Shown = NonNullable<ApprovalDetailQuery['approval']>;

/** Whether it can still be executed. */
export function isLiveApproval({ status }: Pick<Shown, 'status'>): boolean {
  return status === 'PENDING' || status === 'APPROVED';
}

/** What became of it, once it is decided; and what holds it. */
export function ApprovalState({ approval: { status, replacedBy, subject } }: { approval: Shown }) {
  const t = useMessages(approvalMessages);
  const blockerText = useBlockerText();
  const { blocker } = subject;
  const { text, detail } = blocker === null ? { text: '', detail: null } : blockerText(blocker);
  return (
    <>
      {status !== 'PENDING' && (
        <Alert color={status === 'EXECUTED' || status === 'APPROVED' ? 'teal' : 'gray'} role="status">
          <Text size="sm">{t(`state_${status}`)}</Text>
          {replacedBy !== null && (
            <Anchor component={Link} to={`/approvals/${replacedBy.id}`} size="sm">
              {t('replaced')}
            </Anchor>
          )}
        </Alert>
      )}
      {isLiveApproval({ status }) && blocker !== null && (
        <Alert color="orange" title={t('blocker')} role="status">
          <Text size="sm">{text}</Text>
          {detail !== null && (
            <Text size="xs" c="dimmed" lang="en">
              {detail}
            </Text>
          )}
        </Alert>
      )}
    </>
  );
}

/** While it is being checked, and when it could not be. */
export function CheckState({ check, retry }: { check: RequestCheck; retry(): void }) {
  const t = useMessages(checkMessages);
  if (check.kind === 'DONE' || (check.kind === 'LOADING' && check.previous?.checked.kind === 'SOUND'))
    return null;
  if (check.kind === 'FAILED') {
    return (
      <Alert color="red" role="alert" title={t('failed')}>
        <Text size="sm">{check.isOffline ? t('failedOffline') : check.message}</Text>
        <Button size="xs" mt="xs" variant="default" onClick={retry}>
          {t('retry')}
        </Button>
      </Alert>
    );
  }
  return (
    <Alert color="gray" role="status" icon={<Loader size="sm" />}>
      {t(check.phase === 'MANIFEST' ? 'loadingManifest' : 'checking')}
    </Alert>
  );
}
