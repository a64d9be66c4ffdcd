import { Alert, Card, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { restoreDemonstrationWallet } from '../../session/currentWallet.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useUser } from '../../session/SessionProvider.tsx';
import type { CheckedServedRequest } from '../../signing/servedRequest.ts';
import { choiceOf } from './choiceOf.ts';
import { decideMessages } from './decideMessages.ts';
import { RejectForm } from './RejectForm.tsx';
import { SignForm } from './SignForm.tsx';

type Approval = NonNullable<ApprovalDetailQuery['approval']>;

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
  useEffect(() => void restoreDemonstrationWallet(), []);
  const choice = choiceOf(approval, { signers, mayDecide: may('APPROVAL_DECIDE') }, Date.now());
  const hindrance = isLastKnown ? t('lastKnown') : connection.kind === 'OFFLINE' ? t('offline') : null;
  return (
    <Card component="section" aria-labelledby="decide">
      <Stack gap="md">
        <Title order={2} size="h4" id="decide">
          {t('heading')}
        </Title>
        {choice.kind !== 'DECIDE' && <Text size="sm">{t(`why_${choice.why}`)}</Text>}
        {choice.kind !== 'NOTHING' && hindrance !== null && (
          <Alert color="gray" role="status">
            {hindrance}
          </Alert>
        )}
        {choice.kind === 'DECIDE' && checked === null && (
          <Text size="sm" c="dimmed">
            {t('checkFirst')}
          </Text>
        )}
        {choice.kind === 'DECIDE' && checked?.kind === 'REFUSED' && (
          <Text size="sm">{t('nothingToSign')}</Text>
        )}
        {choice.kind === 'DECIDE' && checked?.kind === 'SOUND' && (
          <SignForm
            approvalId={approval.id}
            sound={checked}
            signers={choice.signers}
            isHindered={hindrance !== null}
          />
        )}
        {choice.kind !== 'NOTHING' && choice.signers[0] !== undefined && (
          <RejectForm
            approvalId={approval.id}
            signerId={choice.signers[0].id}
            isHindered={hindrance !== null}
          />
        )}
      </Stack>
    </Card>
  );
}
