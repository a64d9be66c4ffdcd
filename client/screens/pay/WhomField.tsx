import { SegmentedControl, Text, TextInput } from '@mantine/core';
import { useMessages } from '../../i18n/messages.ts';
import { payMessages } from './messages.ts';
import { PayeeField } from './PayeeField.tsx';

/** Whom to pay: an address, or a payee. What was said of the other stays, in case. */
export type Whom = {
  readonly way: 'ADDRESS' | 'PAYEE';
  readonly recipient: string;
  readonly payeeId: string | null;
};

export const NOBODY: Whom = { way: 'ADDRESS', recipient: '', payeeId: null };

type Props = {
  whom: Whom;
  choose(whom: Whom): void;
  assetId: string | null;
  /** Of the account that pays; null while none is chosen. */
  chainName: string | null;
  faultAt(field: string): string | undefined;
};

export function WhomField({ whom, choose, assetId, chainName, faultAt }: Props) {
  const t = useMessages(payMessages);
  return (
    <>
      <div>
        <Text size="sm" fw={600} mb={4} id="pay-whom">
          {t('whom')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="pay-whom"
          value={whom.way}
          onChange={(way) => choose({ ...whom, way })}
          data={[
            { value: 'ADDRESS', label: t('toAddress') },
            { value: 'PAYEE', label: t('toPayee') },
          ]}
        />
      </div>
      {whom.way === 'ADDRESS' ? (
        <TextInput
          label={t('recipient')}
          {...(chainName === null ? {} : { description: t('recipientHint', { chain: chainName }) })}
          value={whom.recipient}
          onChange={(event) => choose({ ...whom, recipient: event.currentTarget.value })}
          error={faultAt('recipient')}
          autoComplete="off"
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          required
        />
      ) : (
        <PayeeField
          assetId={assetId}
          payeeId={whom.payeeId}
          choose={(payeeId) => choose({ ...whom, payeeId })}
          error={faultAt('payeeId') ?? faultAt('recipient')}
        />
      )}
    </>
  );
}
