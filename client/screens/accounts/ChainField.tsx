import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { ErrorState } from '../../components/ErrorState.tsx';
import { AccountChainsDocument } from '../../generated/screens/accounts/accounts.ts';
import { useMessages } from '../../i18n/messages.ts';
import { openMessages } from './openMessages.ts';

/** The chains on which there can be Safes. */
export function ChainField(props: { value: string; choose(id: string): void; fault: string | undefined }) {
  const t = useMessages(openMessages);
  const [{ data, error }] = useQuery({ query: AccountChainsDocument });
  const chains = data?.chains.filter(({ family }) => family === 'EVM') ?? [];
  const first = chains[0]?.id;
  const { value, choose } = props;
  useEffect(() => {
    if (value === '' && first !== undefined) choose(first);
  }, [value, first, choose]);
  if (error !== undefined) return <ErrorState error={error} />;
  return (
    <NativeSelect
      label={t('chain')}
      value={value}
      onChange={(event) => choose(event.currentTarget.value)}
      data={chains.map(({ id, name }) => ({ value: id, label: name }))}
      error={data !== undefined && chains.length === 0 ? t('noChains') : props.fault}
      required
    />
  );
}
