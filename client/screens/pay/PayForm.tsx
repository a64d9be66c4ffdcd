import { Button, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { MAX_MEMO_CHARACTERS, MAX_REFERENCE_CHARACTERS } from '../../../core/limits.ts';
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
import { PayeeField } from './PayeeField.tsx';
import { SourceFields } from './SourceFields.tsx';

const FIELDS = ['accountId', 'assetId', 'recipient', 'payeeId', 'amount', 'memo', 'reference'];
type Way = 'ADDRESS' | 'PAYEE';

/** @param props.accounts that can pay */
export function PayForm(props: { chains: readonly ChosenChain[]; accounts: readonly ChosenAccount[] }) {
  const t = useMessages(payMessages);
  const { chains, accounts } = props;
  const { organization } = useOrganization();
  const [choice, setChoice] = useState(() => defaultChoice(organization.id, chains, accounts));
  const [way, setWay] = useState<Way>('ADDRESS');
  const [recipient, setRecipient] = useState('');
  const [payeeId, setPayeeId] = useState<string | null>(null);
  const [amount, setAmount] = useState('');
  const [memo, setMemo] = useState('');
  const [reference, setReference] = useState('');
  const faults = useFormFaults(payMessages, FIELDS);
  const isOffline = useConnection().kind === 'OFFLINE';
  const { pay, isPaying } = usePay(faults.take);
  const account = accounts.find(({ id }) => id === choice.accountId);
  const assets = payableAssets(chains, account);
  const symbol = assets.find(({ id }) => id === choice.assetId)?.symbol ?? '';
  const { accountId, assetId } = choice;
  const isWhom = way === 'ADDRESS' ? recipient.trim() !== '' : payeeId !== null;
  const isReady = accountId !== null && assetId !== null && isWhom && amount.trim() !== '';
  const send = () => {
    if (accountId === null || assetId === null) return;
    const whom = way === 'ADDRESS' ? { recipient } : { payeeId };
    const texts = { memo: memo.trim() || null, reference: reference.trim() || null };
    void pay({ accountId, assetId, ...whom, amount, ...texts });
  };
  return (
    <Card component="section" maw={720}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="md">
          <FormFault text={faults.general} />
          <SourceFields
            accounts={accounts}
            assets={assets}
            choice={choice}
            faultAt={faults.at}
            chooseAccount={(next) => {
              const chosen = accounts.find(({ id }) => id === next);
              const same = payableAssets(chains, chosen).find(({ id }) => id === assetId);
              setChoice({ accountId: next, assetId: (same ?? onlyAsset(chains, chosen))?.id ?? null });
              setPayeeId(null);
            }}
            chooseAsset={(next) => {
              setChoice({ accountId, assetId: next });
              setPayeeId(null);
            }}
          />
          <div>
            <Text size="sm" fw={600} mb={4} id="pay-whom">
              {t('whom')}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="pay-whom"
              value={way}
              onChange={(next) => setWay(next as Way)}
              data={[
                { value: 'ADDRESS', label: t('toAddress') },
                { value: 'PAYEE', label: t('toPayee') },
              ]}
            />
          </div>
          {way === 'ADDRESS' ? (
            <TextInput
              label={t('recipient')}
              {...(account === undefined
                ? {}
                : { description: t('recipientHint', { chain: account.chain.name }) })}
              value={recipient}
              onChange={(event) => setRecipient(event.currentTarget.value)}
              error={faults.at('recipient')}
              autoComplete="off"
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              required
            />
          ) : (
            <PayeeField
              assetId={assetId}
              payeeId={payeeId}
              choose={setPayeeId}
              error={faults.at('payeeId') ?? faults.at('recipient')}
            />
          )}
          <TextInput
            label={t('amount')}
            {...(symbol === '' ? {} : { description: t('amountHint', { symbol }) })}
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
            error={faults.at('amount')}
            inputMode="decimal"
            autoComplete="off"
            required
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={t('memo')}
              description={t('memoHint')}
              value={memo}
              onChange={(event) => setMemo(event.currentTarget.value)}
              maxLength={MAX_MEMO_CHARACTERS}
              error={faults.at('memo')}
            />
            <TextInput
              label={t('reference')}
              description={t('referenceHint')}
              value={reference}
              onChange={(event) => setReference(event.currentTarget.value)}
              maxLength={MAX_REFERENCE_CHARACTERS}
              error={faults.at('reference')}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={isPaying} disabled={!isReady || isOffline}>
              {t('send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
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
