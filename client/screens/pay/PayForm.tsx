import { Button, Card, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { FormFault } from '../../components/FormFault.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { PayOneDocument } from '../../generated/screens/pay/payOne.ts';
import { useIdempotencyKey } from '../../graphql/useIdempotencyKey.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { defaultChoice, onlyAsset, payableAssets } from '../import/importDefaults.ts';
import type { ChosenAccount, ChosenChain } from '../import/importTypes.ts';
import { payMessages } from './messages.ts';
import { PaymentFields, type PaymentTexts } from './PaymentFields.tsx';
import { SourceFields } from './SourceFields.tsx';
import { NOBODY, type Whom, WhomField } from './WhomField.tsx';

const FIELDS = ['accountId', 'assetId', 'recipient', 'payeeId', 'amount', 'memo', 'reference'];

/** @param props.accounts that can pay */
export function PayForm(props: { chains: readonly ChosenChain[]; accounts: readonly ChosenAccount[] }) {
  const t = useMessages(payMessages);
  const { chains, accounts } = props;
  const { organization } = useOrganization();
  const [{ accountId, assetId }, setChoice] = useState(() =>
    defaultChoice(organization.id, chains, accounts),
  );
  const [whom, setWhom] = useState(NOBODY);
  const [texts, setTexts] = useState<PaymentTexts>({ amount: '', memo: '', reference: '' });
  const faults = useFormFaults(payMessages, FIELDS);
  const isOffline = useConnection().kind === 'OFFLINE';
  const { pay, isPaying } = usePay(faults.take);
  const account = accounts.find(({ id }) => id === accountId);
  const assets = payableAssets(chains, account);
  /** Payees are those of what is paid. */
  const choose = (choice: { accountId: string | null; assetId: string | null }) => {
    setChoice(choice);
    setWhom({ ...whom, payeeId: null });
  };
  const payment = paymentOf(accountId, assetId, whom, texts);
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
          <SourceFields
            accounts={accounts}
            assets={assets}
            choice={{ accountId, assetId }}
            faultAt={faults.at}
            chooseAccount={(next) => {
              const chosen = accounts.find(({ id }) => id === next);
              const same = payableAssets(chains, chosen).find(({ id }) => id === assetId);
              choose({ accountId: next, assetId: (same ?? onlyAsset(chains, chosen))?.id ?? null });
            }}
            chooseAsset={(next) => choose({ accountId, assetId: next })}
          />
          <WhomField
            whom={whom}
            choose={setWhom}
            assetId={assetId}
            chainName={account?.chain.name ?? null}
            faultAt={faults.at}
          />
          <PaymentFields
            texts={texts}
            change={setTexts}
            symbol={assets.find(({ id }) => id === assetId)?.symbol ?? ''}
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
  accountId: string | null,
  assetId: string | null,
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
