import { Alert, Card, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { restoreDemonstrationWallet } from '../../session/currentWallet.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useUser } from '../../session/SessionProvider.tsx';
import type { CheckedServedRequest } from '../../signing/servedRequest.ts';
import { type Choice, choiceOf } from './choiceOf.ts';
import { decideMessages } from './decideMessages.ts';
import { RejectForm } from './RejectForm.tsx';
import { SignForm } from './SignForm.tsx';

type Approval = NonNullable<ApprovalDetailQuery['approval']>;
/** What the viewer has done here, and how many of their keys could decide then. */
type Done = { what: 'signed' | 'rejectedDone'; keyCount: number };

/** The viewer's own decision: there is a button to sign only beside what was checked and found sound. */
export function DecidePanel(props: {
  approval: Approval;
  /** Null while it is being checked, or could not be. */
  checked: CheckedServedRequest | null;
  isLastKnown: boolean;
}) {
  const t = useMessages(decideMessages);
  const { approval, checked, isLastKnown } = props;
  const { may } = useOrganization();
  const { signers } = useUser();
  const connection = useConnection();
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => void restoreDemonstrationWallet(), []);
  const choice = choiceOf(approval, { signers, mayDecide: may('APPROVAL_DECIDE') }, Date.now());
  const hindrance = isLastKnown ? t('lastKnown') : connection.kind === 'OFFLINE' ? t('offline') : null;
  const keyCount = choice.kind === 'NOTHING' ? 0 : choice.signers.length;
  // Until the log tells of the decision the page still shows what it was before.
  const isDeciding = choice.kind !== 'NOTHING' && (done === null || keyCount < done.keyCount);
  return (
    <Card component="section" aria-labelledby="decide">
      <Stack gap="md">
        <Title order={2} size="h4" id="decide">
          {t('heading')}
        </Title>
        {done !== null && <Result done={done} />}
        {choice.kind !== 'DECIDE' && <Text size="sm">{t(`why_${choice.why}`)}</Text>}
        {isDeciding && hindrance !== null && (
          <Alert color="gray" role="status">
            {hindrance}
          </Alert>
        )}
        {isDeciding && (
          <Forms
            {...{ approval, checked, choice }}
            isHindered={hindrance !== null}
            tell={(what) => setDone({ what, keyCount })}
          />
        )}
      </Stack>
    </Card>
  );
}

/** It takes the focus: the form that had it is gone, and a keyboard or a reader goes on from here. */
function Result({ done }: { done: Done }) {
  const t = useMessages(decideMessages);
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each decision
  useEffect(() => place.current?.focus(), [done]);
  return (
    <Alert ref={place} tabIndex={-1} color={done.what === 'signed' ? 'teal' : 'gray'} role="status">
      {t(done.what)}
    </Alert>
  );
}

function Forms(props: {
  approval: Approval;
  checked: CheckedServedRequest | null;
  choice: Exclude<Choice, { kind: 'NOTHING' }>;
  isHindered: boolean;
  tell(what: Done['what']): void;
}) {
  const t = useMessages(decideMessages);
  const { approval, checked, choice, isHindered, tell } = props;
  const [signer] = choice.signers;
  return (
    <>
      {choice.kind === 'DECIDE' && checked === null && (
        <Text size="sm" c="dimmed">
          {t('checkFirst')}
        </Text>
      )}
      {choice.kind === 'DECIDE' && checked?.kind === 'REFUSED' && <Text size="sm">{t('nothingToSign')}</Text>}
      {choice.kind === 'DECIDE' && checked?.kind === 'SOUND' && (
        <SignForm
          approvalId={approval.id}
          sound={checked}
          signers={choice.signers}
          isHindered={isHindered}
          onDone={() => tell('signed')}
        />
      )}
      {signer !== undefined && (
        <RejectForm
          approvalId={approval.id}
          signerId={signer.id}
          isHindered={isHindered}
          onDone={() => tell('rejectedDone')}
        />
      )}
    </>
  );
}
