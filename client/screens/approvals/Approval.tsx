import { Anchor, Button, Grid, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { type Client, useClient } from 'urql';
import { useActorName } from '../../components/ActorText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { ApprovalDetailDocument } from '../../generated/screens/approvals/approvals.ts';
import { fillNodes } from '../../i18n/fillNodes.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import { type OwnFileChoice, useRequestCheck } from '../../signing/useRequestCheck.ts';
import { useApprovalTitle } from './ApprovalCard.tsx';
import { ApprovalState, CheckState, isLiveApproval } from './ApprovalState.tsx';
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
    concerns: ({ type }) => /^(APPROVAL|PAYOUT_BATCH|ACCOUNT|CHAIN|MEMBER|ORGANIZATION|TRANSFER)/.test(type),
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
  const title = useApprovalTitle()(approval);
  const [file, setFile] = useState<OwnFileChoice | null>(null);
  const { check, retry, rows } = useApprovalCheck(approval, file);
  const outcome = check.kind === 'DONE' ? check.outcome : null;
  const checked = outcome?.checked ?? null;
  // While another file is compared the page stays as it is, but for what can be signed.
  const shown = checked ?? (check.kind === 'LOADING' ? (check.previous?.checked ?? null) : null);
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
            <Button component={Link} to={`/batches/${approval.subject.id}`} variant="default" size="xs">
              {t('batch')}
            </Button>
          </>
        }
      />
      <ApprovalState approval={approval} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <CheckState check={check} retry={retry} />
            {checked?.kind === 'REFUSED' && (
              <Refusal refused={checked} symbol={approval.subject.asset.symbol} />
            )}
            {shown?.kind === 'SOUND' && <Facts approval={approval} sound={shown} />}
            {isOpening && <NetworkFee fee={approval.subject.estimatedNetworkFee} />}
            {isOpening && <OwnFile file={file} check={check} choose={setFile} />}
            {shown?.kind === 'SOUND' && isOpening && (
              <NewRecipients sound={shown} batch={approval.subject} rows={rows} />
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md" style={{ position: 'sticky', top: STICKY_TOP_PX }}>
            <DecidePanel approval={approval} checked={checked} isLastKnown={isLastKnown} />
            <Decisions approval={approval} />
          </Stack>
        </Grid.Col>
        {shown?.kind === 'SOUND' && isOpening && (
          <Grid.Col span={{ base: 12, md: 8 }}>
            <PayoutRows
              key={shown.facts.batchId}
              approvalId={approval.id}
              batchId={approval.subject.id}
              rows={rows}
              token={shown.facts.token}
            />
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}

/** Checks what the server asks to be signed, and again when there is a connection after there was none. */
function useApprovalCheck(approval: Shown, file: OwnFileChoice | null) {
  const client: Client = useClient();
  const connection = useConnection();
  const { subject } = approval;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the batch's payouts never change
  const loadListed = useCallback(() => listPayouts(client, subject), [client, subject.id]);
  const state = useRequestCheck({ request: requestOf(approval), file, loadListed });
  const { check, retry } = state;
  const isDue = check.kind === 'FAILED' && check.isOffline && connection.kind === 'LIVE';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the connection is back
  useEffect(() => {
    if (isDue) retry();
  }, [isDue]);
  return state;
}

function Facts({ approval, sound }: { approval: Shown; sound: SoundRequest }) {
  return (
    <>
      <SignedFactsCard
        sound={sound}
        accountName={approval.account.name}
        nonceNote={isLiveApproval(approval) ? <NonceNote approval={approval} /> : null}
        isPending={approval.status === 'PENDING'}
      />
      <Warnings sound={sound} batch={approval.subject} organizationId={approval.organization.id} />
    </>
  );
}

/** It is in no byte that is signed: the server's estimate. */
function NetworkFee({ fee }: { fee: Shown['subject']['estimatedNetworkFee'] }) {
  const t = useMessages(approvalMessages);
  if (fee === null) return null;
  return (
    <Text size="sm" c="dimmed">
      {fillNodes((standIns) => t('networkFee', standIns), { amount: <Amount money={fee} /> })}
    </Text>
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
function NonceNote({ approval: { status, waitsFor } }: { approval: Shown }) {
  const t = useMessages(approvalMessages);
  const titleOf = useApprovalTitle();
  if (waitsFor === null) return <>{t('comesNext')}</>;
  return (
    <>
      {t(status === 'PENDING' ? 'comesFirst' : 'comesFirstPast')}{' '}
      <Anchor component={Link} to={`/approvals/${waitsFor.id}`} inherit>
        {titleOf(waitsFor)}
      </Anchor>
    </>
  );
}
