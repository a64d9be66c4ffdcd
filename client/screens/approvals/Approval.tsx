import { Alert, Anchor, Button, Grid, Loader, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { type Client, useClient } from 'urql';
import { useActorName } from '../../components/ActorText.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { ApprovalDetailDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { type OwnFileChoice, type RequestCheck, useRequestCheck } from '../../signing/useRequestCheck.ts';
import { useBlockerText } from '../batches/useBlockerText.ts';
import { useApprovalTitle } from './ApprovalCard.tsx';
import { checkMessages } from './checkMessages.ts';
import { DecidePanel } from './DecidePanel.tsx';
import { Decisions } from './Decisions.tsx';
import { listPayouts } from './listPayouts.ts';
import { approvalMessages } from './messages.ts';
import { NewRecipients } from './NewRecipients.tsx';
import { OwnFile } from './OwnFile.tsx';
import { PayoutRows } from './PayoutRows.tsx';
import { Refusal } from './Refusal.tsx';
import { requestOf } from './requestOf.ts';
import { SignedFactsCard } from './SignedFactsCard.tsx';
import { Warnings } from './Warnings.tsx';

/** Below the header that stays. */
const STICKY_TOP_PX = 76;

type Shown = NonNullable<ApprovalDetailQuery['approval']>;

/** One approval: what would be signed, how that was checked, who decided what, and the viewer's own decision. */
export function Approval() {
  const { approvalId = '' } = useParams();
  const result = useLiveQuery({
    query: ApprovalDetailDocument,
    variables: { id: approvalId },
    concerns: ({ type }) => /^(APPROVAL|PAYOUT_BATCH|ACCOUNT|MEMBER|ORGANIZATION|TRANSFER)/.test(type),
  });
  return (
    <LiveContent result={result} select={(data) => data.approval}>
      {(approval) => (
        <ApprovalContent key={approval.id} approval={approval} isLastKnown={result.lastKnownAt !== null} />
      )}
    </LiveContent>
  );
}

function ApprovalContent({ approval, isLastKnown }: { approval: Shown; isLastKnown: boolean }) {
  const t = useMessages(approvalMessages);
  const client: Client = useClient();
  const [file, setFile] = useState<OwnFileChoice | null>(null);
  const { subject } = approval;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the batch's payouts never change
  const loadListed = useCallback(() => listPayouts(client, subject), [client, subject.id]);
  const { check, retry, rows } = useRequestCheck({ request: requestOf(approval), file, loadListed });
  const connection = useConnection();
  const isWaiting = check.kind === 'FAILED' && check.isOffline && connection.kind === 'LIVE';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the connection is back
  useEffect(() => {
    if (isWaiting) retry();
  }, [isWaiting]);
  const outcome = check.kind === 'DONE' ? check.outcome : null;
  const checked = outcome?.checked ?? null;
  const title = useApprovalTitle()(approval);
  const isOpening = approval.kind === 'PAYOUT_OPEN';
  return (
    <Stack gap="md">
      <Anchor component={Link} to="/approvals" size="sm">
        ← {t('back')}
      </Anchor>
      <PageTitle
        title={title}
        hint={<Asked approval={approval} />}
        actions={
          <>
            <StatusBadge kind="APPROVAL" status={approval.status} />
            <Button component={Link} to={`/batches/${subject.id}`} variant="default" size="xs">
              {t('batch')}
            </Button>
          </>
        }
      />
      <State approval={approval} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <CheckState check={check} retry={retry} />
            {checked?.kind === 'REFUSED' && <Refusal refused={checked} />}
            {checked?.kind === 'SOUND' && (
              <>
                <SignedFactsCard
                  sound={checked}
                  accountName={approval.account.name}
                  nonceNote={<NonceNote approval={approval} />}
                  isPending={approval.status === 'PENDING'}
                />
                <Warnings sound={checked} batch={subject} />
              </>
            )}
            {isOpening && <OwnFile file={file} outcome={outcome} choose={setFile} />}
            {checked?.kind === 'SOUND' && isOpening && (
              <NewRecipients sound={checked} batch={subject} rows={rows} />
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md" style={{ position: 'sticky', top: STICKY_TOP_PX }}>
            <DecidePanel approval={approval} checked={checked} isLastKnown={isLastKnown} />
            <Decisions approval={approval} />
          </Stack>
        </Grid.Col>
        {checked?.kind === 'SOUND' && isOpening && (
          <Grid.Col span={{ base: 12, md: 8 }}>
            <PayoutRows
              key={checked.digest}
              approvalId={approval.id}
              rows={rows}
              token={checked.facts.token}
            />
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}

function Asked({ approval: { requestedBy, createdAt, account } }: { approval: Shown }) {
  const t = useMessages(approvalMessages);
  const actorName = useActorName();
  return (
    <>
      {t('asked', { who: actorName(requestedBy) })}, <TimeText iso={createdAt} /> · {account.name}
      <br />
      {t('serverSays')}
    </>
  );
}

/** Which other approval of the account is executed before this one. */
function NonceNote({ approval: { waitsFor } }: { approval: Shown }) {
  const t = useMessages(approvalMessages);
  const titleOf = useApprovalTitle();
  if (waitsFor === null) return <>{t('comesNext')}</>;
  return (
    <>
      {t('comesFirst')}{' '}
      <Anchor component={Link} to={`/approvals/${waitsFor.id}`} inherit>
        {titleOf(waitsFor)}
      </Anchor>
    </>
  );
}

/** What became of it, once it is decided; and what holds it. */
function State({ approval: { status, replacedBy, waitsFor, subject } }: { approval: Shown }) {
  const t = useMessages(approvalMessages);
  const blockerText = useBlockerText();
  // What comes first from the account stands beside the nonce.
  const blocker = waitsFor !== null && subject.blocker?.code === 'WAITS_FOR_NONCE' ? null : subject.blocker;
  const isLive = status === 'PENDING' || status === 'APPROVED';
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
      {isLive && blocker !== null && (
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

function CheckState({ check, retry }: { check: RequestCheck; retry(): void }) {
  const t = useMessages(checkMessages);
  if (check.kind === 'DONE') return null;
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
