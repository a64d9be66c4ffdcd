import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { MAX_NAME_CHARACTERS } from '../../../core/limits.ts';
import { FormModal } from '../../components/FormModal.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { AdoptAccountDocument } from '../../generated/screens/accounts/accounts.ts';
import { useIdempotencyKey } from '../../graphql/useIdempotencyKey.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ChainField } from './ChainField.tsx';
import { openMessages } from './openMessages.ts';

/** Makes an account of a Safe that stands already. Whether it can be one, the chain says: the account's page waits for it. */
export function AdoptSafe({ close }: { close(): void }) {
  const t = useMessages(openMessages);
  const { organization } = useOrganization();
  const navigate = useNavigate();
  const faults = useFormFaults(openMessages, ['name', 'chainId', 'address']);
  const keyFor = useIdempotencyKey();
  const [{ fetching }, adopt] = useMutation(AdoptAccountDocument);
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [chainId, setChainId] = useState('');

  const submit = async () => {
    faults.clear();
    const input = { organizationId: organization.id, chainId, name, address: address.trim() };
    const { data, error } = await adopt({ input: { ...input, idempotencyKey: keyFor(input) } });
    const adopted = data?.accountAdopt?.account;
    if (!faults.take({ error, faults: data?.accountAdopt?.userErrors }) || adopted == null) return;
    void navigate(`/accounts/${adopted.id}`);
  };

  return (
    <FormModal
      title={t('adopt')}
      close={close}
      lead={<Text size="sm">{t('adoptLead')}</Text>}
      fault={faults.general}
      action={t('adoptNow')}
      isReady={name.trim() !== '' && address.trim() !== '' && chainId !== ''}
      isSending={fetching}
      send={submit}
    >
      <TextInput
        label={t('address')}
        description={t('addressHint')}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={faults.at('address')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        autoComplete="off"
        spellCheck={false}
        required
        data-autofocus
      />
      <ChainField value={chainId} choose={setChainId} fault={faults.at('chainId')} />
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={faults.at('name')}
        maxLength={MAX_NAME_CHARACTERS}
        required
      />
    </FormModal>
  );
}
