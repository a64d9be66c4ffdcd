import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SignedRow } from '../../signing/checkerProtocol.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import type { useRequestCheck } from '../../signing/useRequestCheck.ts';
import { checkMessages } from './checkMessages.ts';
import { RowList } from './PayoutRows.tsx';
import { READABLE_RED } from './readableRed.ts';
import { noteOf } from './useServerNotes.ts';
import { isPaidBefore } from './Warnings.tsx';

type Batch = NonNullable<ApprovalDetailQuery['approval']>['subject'];

const SHOWN_FIRST = 10;

/** New recipients in red: that they are new the server says, who and how much is read from the bytes. */
export function NewRecipients(props: {
  sound: SoundRequest;
  batch: Batch;
  rows: ReturnType<typeof useRequestCheck>['rows'];
}) {
  const t = useMessages(checkMessages);
  const { sound, batch, rows } = props;
  const [found, setFound] = useState<readonly SignedRow[]>([]);
  const [isAllShown, setAllShown] = useState(false);
  const listed = batch.newPayouts.edges.map(({ node }) => node);
  const key = listed.map(({ index }) => index).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is which payouts, `sound` which manifest
  useEffect(() => {
    let isCurrent = true;
    rows({ kind: 'ROWS_AT', indexes: listed.map(({ index }) => index) }).then(
      (answer) => isCurrent && setFound(answer.rows),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [rows, key, sound]);
  if (batch.newRecipientCount === 0) {
    // Nothing calm stands beside the warning that something may be paid twice.
    if (batch.warnings.some(isPaidBefore)) return null;
    return (
      <Text size="sm" c="dimmed">
        {t('newRecipientsNone')}
      </Text>
    );
  }
  const noteAt = (index: number) => {
    const payout = listed.find((each) => each.index === index);
    return payout === undefined ? null : noteOf(payout);
  };
  return (
    <Card component="section" aria-labelledby="new-recipients" style={{ borderColor: READABLE_RED }}>
      <Stack gap="xs">
        <Title order={2} size="h4" id="new-recipients" c={READABLE_RED}>
          <IconUserExclamation size={20} aria-hidden style={{ verticalAlign: '-3px' }} />{' '}
          {t('newRecipients', { count: batch.newRecipientCount })}
        </Title>
        <Text size="sm" c="dimmed">
          {t('newRecipientsHint')}
        </Text>
        <RowList
          label={t('newRecipients', { count: batch.newRecipientCount })}
          rows={isAllShown ? found : found.slice(0, SHOWN_FIRST)}
          token={sound.facts.token}
          color={READABLE_RED}
          noteOf={noteAt}
        />
        {!isAllShown && found.length > SHOWN_FIRST && (
          <Button variant="default" size="xs" onClick={() => setAllShown(true)}>
            {t('newRecipientsShow', { count: found.length })}
          </Button>
        )}
        {isAllShown && batch.newRecipientCount > listed.length && (
          <Text size="sm">
            {t('newRecipientsMore', { shown: listed.length, count: batch.newRecipientCount })}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
