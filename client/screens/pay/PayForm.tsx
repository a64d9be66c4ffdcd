import { Button, Card, Group, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { FormFault } from '../../components/FormFault.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { PayOneDocument } from '../../generated/screens/pay/payOne.ts';
import { useIdempotencyKey } from '../../graphql/useIdempotencyKey.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { AccountSelect, AssetSelect } from '../source/SourceSelects.tsx';
import type { Source, SourceAccount, SourceChain } from '../source/sourceTypes.ts';
import { useSource } from '../source/useSource.ts';
import { payMessages } from './messages.ts';
import { PaymentFields, type PaymentTexts } from './PaymentFields.tsx';
import { NOBODY, type Whom, WhomField } from './WhomField.tsx';

const FIELDS = ['accountId', 'assetId', 'recipient', 'payeeId', 'amount', 'memo', 'reference'];

/** @param props.accounts that can pay */
export function PayForm(props: { chains: readonly SourceChain[]; accounts: readonly SourceAccount[] }) {
  const t = useMessages(payMessages);
  const [whom, setWhom] = useState(NOBODY);
  const [texts, setTexts] = useState<PaymentTexts>({ amount: '', memo: '', reference: '' });
  const faults = useFormFaults(payMessages, FIELDS);
  const isOffline = useConnection().kind === 'OFFLINE';
  const { pay, isPaying } = usePay(faults.take);
  // Payees are those of what is paid.
  const source = useSource(props.chains, props.accounts, () => setWhom({ ...whom, payeeId: null }));
  const { account, assets, chosen } = source;
  const payment = paymentOf(chosen, whom, texts);
  return (
    <Card component="section" maw={720}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (payment !== null) void pay(payment);
        }}
      >
        <Stack gap="md">
          <FormFault text={faults.general} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <AccountSelect label={t('account')} source={source} error={faults.at('accountId')} required />
            <AssetSelect
              label={t('asset')}
              placeholder={t('assetHint')}
              source={source}
              error={faults.at('assetId')}
              required
            />
          </SimpleGrid>
          <WhomField
            whom={whom}
            choose={setWhom}
            assetId={chosen.assetId}
            chainName={account?.chain.name ?? null}
            faultAt={faults.at}
          />
          <PaymentFields
            texts={texts}
            change={setTexts}
            symbol={assets.find(({ id }) => id === chosen.assetId)?.symbol ?? ''}
            faultAt={faults.at}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={isPaying} disabled={payment === null || isOffline}>
              {t('send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** What is asked for; null while something is missing. */
function paymentOf(
  { accountId, assetId }: Source,
  { way, recipient, payeeId }: Whom,
  { amount, memo, reference }: PaymentTexts,
): Payment | null {
  const isWhom = way === 'ADDRESS' ? recipient.trim() !== '' : payeeId !== null;
  if (accountId === null || assetId === null || !isWhom || amount.trim() === '') return null;
  return {
    accountId,
    assetId,
    ...(way === 'ADDRESS' ? { recipient } : { payeeId }),
    amount,
    memo: memo.trim() || null,
    reference: reference.trim() || null,
  };
}

type Payment = {
  accountId: string;
  assetId: string;
  recipient?: string | null;
  payeeId?: string | null;
  amount: string;
  memo: string | null;
  reference: string | null;
};

/** Makes a payment, once however often it is pressed, and shows its batch: what is worth a look, and who must sign. */
function usePay(take: ReturnType<typeof useFormFaults>['take']) {
  const navigate = useNavigate();
  const keyFor = useIdempotencyKey();
  const [{ fetching: isPaying }, send] = useMutation(PayOneDocument);
  const pay = async (payment: Payment) => {
    const { data, error } = await send({ input: { ...payment, idempotencyKey: keyFor(payment) } });
    const isDone = take({ error, faults: data?.payoutCreate?.userErrors });
    const made = data?.payoutCreate?.payoutBatch;
    if (isDone && made != null) void navigate(`/batches/${made.id}`);
  };
  return { pay, isPaying };
}
