import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { MAX_NAME_CHARACTERS } from '../../../core/limits.ts';
import { FormModal } from '../../components/FormModal.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { OpenAccountDocument } from '../../generated/screens/accounts/accounts.ts';
import { useIdempotencyKey } from '../../graphql/useIdempotencyKey.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ChainField } from './ChainField.tsx';
import { type ChosenOwner, OwnersField } from './OwnersField.tsx';
import { openMessages } from './openMessages.ts';
import { ThresholdField } from './ThresholdField.tsx';

/** Asks for a new Safe. It is deployed by a worker: the account's page waits for it. */
export function OpenAccount({ close }: { close(): void }) {
  const t = useMessages(openMessages);
  const { organization } = useOrganization();
  const navigate = useNavigate();
  const faults = useFormFaults(openMessages, ['name', 'chainId', 'approverSignerIds', 'threshold']);
  const keyFor = useIdempotencyKey();
  const [{ fetching }, open] = useMutation(OpenAccountDocument);
  const [name, setName] = useState('');
  const [chainId, setChainId] = useState('');
  const [owners, setOwners] = useState<readonly ChosenOwner[]>([]);
  /** Null: more than half, however many owners are chosen. */
  const [asked, setAsked] = useState<number | null>(null);
  const threshold = Math.min(asked ?? Math.floor(owners.length / 2) + 1, owners.length);

  const submit = async () => {
    faults.clear();
    const approverSignerIds = owners.map(({ signerId }) => signerId);
    const input = { organizationId: organization.id, chainId, name, approverSignerIds, threshold };
    const { data, error } = await open({ input: { ...input, idempotencyKey: keyFor(input) } });
    const opened = data?.accountOpen?.account;
    if (!faults.take({ error, faults: data?.accountOpen?.userErrors }) || opened == null) return;
    void navigate(`/accounts/${opened.id}`);
  };

  return (
    <FormModal
      title={t('open')}
      close={close}
      lead={<Text size="sm">{t('openLead')}</Text>}
      fault={faults.general}
      action={t('openNow')}
      isReady={name.trim() !== '' && chainId !== '' && owners.length > 0}
      isSending={fetching}
      send={submit}
    >
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={faults.at('name')}
        maxLength={MAX_NAME_CHARACTERS}
        required
        data-autofocus
      />
      <ChainField value={chainId} choose={setChainId} fault={faults.at('chainId')} />
      <OwnersField chosen={owners} choose={setOwners} fault={faults.at('approverSignerIds')} />
      <ThresholdField
        threshold={threshold}
        owners={owners.length}
        choose={setAsked}
        fault={faults.at('threshold')}
      />
    </FormModal>
  );
}
