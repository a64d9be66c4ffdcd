import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { AddressText } from '../../components/AddressText.tsx';
import { PayPayeesDocument } from '../../generated/screens/pay/payOne.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { payMessages } from './messages.ts';

const SEARCH_DELAY_MS = 250;

/** Who of the address book is paid: one who has a single address, in this asset. */
export function PayeeField(props: {
  assetId: string | null;
  payeeId: string | null;
  choose(id: string | null): void;
  error: string | undefined;
}) {
  const t = useMessages(payMessages);
  const { organization } = useOrganization();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SEARCH_DELAY_MS);
  const [chosenText, setChosenText] = useState('');
  const [{ data, fetching, error }] = useQuery({
    query: PayPayeesDocument,
    // What was chosen stands in the field: that is no search.
    variables: {
      organizationId: organization.id,
      search: search === '' || search === chosenText ? null : search,
    },
  });
  const payees = (data?.organization?.payees.edges ?? [])
    .map(({ node }) => node)
    .filter(({ destinations: [only, ...others] }) => others.length === 0 && only?.asset.id === props.assetId);
  const chosen = payees.find(({ id }) => id === props.payeeId);
  return (
    <div>
      <Select
        label={t('payee')}
        description={t('payeeHint')}
        data={payees.map(({ id, name, reference }) => ({ value: id, label: `${name} · ${reference}` }))}
        value={props.payeeId}
        onChange={(id, option) => {
          setChosenText(option?.label ?? '');
          props.choose(id);
        }}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        // The server has searched.
        filter={({ options }) => options}
        nothingFoundMessage={fetching ? '…' : t('noPayee')}
        error={error === undefined ? props.error : t('payeesFailed')}
        required
      />
      {chosen !== undefined && (
        <Text size="sm" c="dimmed" mt={6} component="div">
          {t('payeeAddress')} <AddressText value={chosen.destinations[0]?.address ?? ''} full />
        </Text>
      )}
    </div>
  );
}
