import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { type CombinedError, useClient } from 'urql';
import { useDialog } from '../../components/useDialog.ts';
import type { PayoutBatchStatus, Permission } from '../../generated/operationTypes.ts';
import {
  BatchCancelDocument,
  BatchRetryFailedDocument,
  BatchSubmitDocument,
} from '../../generated/screens/batches/batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { actionMessages } from './actionMessages.ts';
import type { ShownBatch } from './Batch.tsx';

type Outcome = { error: CombinedError | undefined; faults: readonly { code: string; message: string }[] };
type ActionName = 'submit' | 'cancel' | 'retry';
type Offered = { name: ActionName; permission: Permission };

/** What can be done to a batch now, by who looks at it. */
export function BatchActions({ batch }: { batch: ShownBatch }) {
  const t = useMessages(actionMessages);
  const { may } = useOrganization();
  const connection = useConnection();
  const { asked, ask, close } = useDialog<ActionName>();
  const isOffline = connection.kind === 'OFFLINE';
  const offered = offeredFor(batch).filter(({ permission }) => may(permission));
  return (
    <>
      {offered.map(({ name }) => (
        <Button
          key={name}
          variant={name === 'cancel' ? 'default' : 'filled'}
          disabled={isOffline}
          {...(isOffline ? { title: t('offline') } : {})}
          onClick={(event) => ask(name, event.currentTarget)}
        >
          {t(name)}
        </Button>
      ))}
      {asked !== null && <ActionDialog name={asked} batch={batch} close={close} />}
    </>
  );
}

const CANCELLABLE: readonly PayoutBatchStatus[] = ['DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'EXECUTING'];

function offeredFor(batch: ShownBatch): Offered[] {
  const { status, progress, payoutCount } = batch;
  const isDelivered = progress.included + progress.confirmed + progress.final === payoutCount;
  const isClosing = batch.approvals.edges.some(
    ({ node }) => node.kind === 'PAYOUT_CLOSE' && (node.status === 'PENDING' || node.status === 'APPROVED'),
  );
  const offered: Offered[] = [];
  if (CANCELLABLE.includes(status) && !isDelivered && !isClosing) {
    offered.push({ name: 'cancel', permission: 'BATCH_CANCEL' });
  }
  if (status === 'DRAFT') offered.push({ name: 'submit', permission: 'BATCH_SUBMIT' });
  if (status === 'PARTIALLY_FAILED' || status === 'FAILED') {
    offered.push({ name: 'retry', permission: 'BATCH_CREATE' });
  }
  return offered;
}

/** Says what will happen, in words and numbers, and does it when told to. What comes of it, the log says. */
function ActionDialog(props: { name: ActionName; batch: ShownBatch; close(): void }) {
  const { name, batch, close } = props;
  const t = useMessages(actionMessages);
  const act = useAction(name, batch);
  const words = useWords(name, batch);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<ReactNode>(null);
  const run = async () => {
    setBusy(true);
    const { error, faults } = await act();
    setBusy(false);
    const [first] = faults;
    if (error === undefined && first === undefined) return close();
    setFault(first === undefined ? t('failed') : faultText(t, first));
  };
  return (
    <Modal opened onClose={close} title={words.title} closeButtonProps={{ 'aria-label': t('keep') }}>
      <Stack gap="md">
        <Text>{words.text}</Text>
        {fault !== null && (
          <Alert color="red" role="alert">
            {fault}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t('keep')}
          </Button>
          <Button
            {...(name === 'cancel' ? { color: 'red' } : {})}
            loading={isBusy}
            onClick={() => void run()}
          >
            {words.button}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function useWords(name: ActionName, batch: ShownBatch): { title: string; text: string; button: string } {
  const t = useMessages(actionMessages);
  const format = useFormat();
  const total = `${format.amount(batch.total.amount)} ${batch.total.asset.symbol}`;
  const rows = format.number(batch.payoutCount);
  switch (name) {
    case 'submit':
      return {
        title: t('submitTitle'),
        text: t('submitText', { rows, total, account: batch.account.name }),
        button: t('submitNow', { total }),
      };
    case 'retry':
      return {
        title: t('retryTitle'),
        text: t('retryText', { rows: format.number(batch.progress.failed) }),
        button: t('retryNow'),
      };
    case 'cancel': {
      const key = `cancel_${batch.status}` as 'cancel_DRAFT';
      const isKnown = CANCELLABLE.includes(batch.status);
      return {
        title: t('cancelTitle'),
        // It may have ended while the question was read: the server says so then.
        text: isKnown ? t(key) : t('error_BATCH_ENDED'),
        button: t(batch.status === 'EXECUTING' ? 'closeNow' : 'cancelNow'),
      };
    }
  }
}

/** Each of them can be sent again: submitting and cancelling by the batch's state, retrying by its key. */
function useAction(name: ActionName, batch: ShownBatch): () => Promise<Outcome> {
  const client = useClient();
  const navigate = useNavigate();
  const idempotencyKey = useRef(crypto.randomUUID());
  const input = { payoutBatchId: batch.id };
  return async () => {
    switch (name) {
      case 'submit': {
        const { data, error } = await client.mutation(BatchSubmitDocument, { input }).toPromise();
        return { error, faults: data?.payoutBatchSubmit?.userErrors ?? [] };
      }
      case 'cancel': {
        const { data, error } = await client.mutation(BatchCancelDocument, { input }).toPromise();
        return { error, faults: data?.payoutBatchCancel?.userErrors ?? [] };
      }
      case 'retry': {
        const keyed = { ...input, idempotencyKey: idempotencyKey.current };
        const { data, error } = await client.mutation(BatchRetryFailedDocument, { input: keyed }).toPromise();
        const made = data?.payoutBatchRetryFailed?.payoutBatch;
        if (made != null) void navigate(`/batches/${made.id}`);
        return { error, faults: data?.payoutBatchRetryFailed?.userErrors ?? [] };
      }
    }
  };
}

type ErrorKey = Extract<(typeof actionMessages)['keys'][number], `error_${string}`>;

function faultText(
  t: (key: ErrorKey) => string,
  { code, message }: { code: string; message: string },
): string {
  const key = `error_${code}` as ErrorKey;
  return (actionMessages.keys as readonly string[]).includes(key) ? t(key) : message;
}
