import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { MAX_DESTINATIONS_PER_PAYEE } from '../../../core/limits.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { PayeeAssetsDocument } from '../../generated/screens/payees/payees.ts';
import { useMessages } from '../../i18n/messages.ts';
import { DestinationFields } from './DestinationFields.tsx';
import { emptyDestination, type TypedDestination } from './destinations.ts';
import { payeeFormMessages } from './formMessages.ts';
import { percentText, sumPercents, WHOLE_MILLIONTHS } from './shares.ts';

const ICON_PX = 16;

/** Where a payee is paid, and whether the shares are the whole. */
export function DestinationList(props: {
  destinations: readonly TypedDestination[];
  change(destinations: readonly TypedDestination[]): void;
  faultAt(...path: string[]): string | undefined;
}) {
  const t = useMessages(payeeFormMessages);
  const { destinations, change, faultAt } = props;
  const [{ data, error }] = useQuery({ query: PayeeAssetsDocument, requestPolicy: 'cache-first' });
  const assets = (data?.chains ?? []).flatMap((chain) =>
    chain.assets.edges
      .filter(({ node }) => node.id !== chain.nativeAsset.id)
      .map(({ node }) => ({
        value: node.id,
        label: t('assetOn', { asset: node.symbol, chain: chain.name }),
      })),
  );
  const sum = sumPercents(destinations.map(({ percent }) => percent));
  const left = WHOLE_MILLIONTHS - sum;
  const fault = faultAt('destinations');
  return (
    <Stack gap="sm">
      <div>
        <Title order={3} size="h5">
          {t('destinations')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('destinationsHint')}
        </Text>
      </div>
      {error !== undefined && <ErrorState error={error} />}
      {fault !== undefined && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      {destinations.map((destination, index) => (
        <DestinationFields
          key={destination.key}
          number={index + 1}
          destination={destination}
          assets={assets}
          faultAt={(field) => faultAt('destinations', String(index), field)}
          change={(next) => change(destinations.with(index, next))}
          remove={destinations.length === 1 ? null : () => change(destinations.toSpliced(index, 1))}
        />
      ))}
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600} role="status" c={left === 0n ? 'dimmed' : 'var(--mantine-color-error)'}>
          {left === 0n
            ? t('sumIsWhole')
            : t(left > 0n ? 'sumTooLow' : 'sumTooHigh', {
                sum: percentText(sum),
                rest: percentText(left > 0n ? left : -left),
              })}
        </Text>
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={ICON_PX} aria-hidden />}
          disabled={destinations.length >= MAX_DESTINATIONS_PER_PAYEE}
          onClick={() => change([...destinations, emptyDestination(left > 0n ? percentText(left) : '')])}
        >
          {t('addDestination')}
        </Button>
      </Group>
    </Stack>
  );
}
