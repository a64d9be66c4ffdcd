import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_NAME_CHARACTERS, MAX_REFERENCE_CHARACTERS } from '../../../core/limits.ts';
import { useMessages } from '../../i18n/messages.ts';
import { DestinationList } from './DestinationList.tsx';
import { emptyDestination, type TypedDestination, typedDestination } from './destinations.ts';
import { payeeFormMessages } from './formMessages.ts';
import type { ListedPayee } from './listedPayee.ts';
import { sumPercents, WHOLE_MILLIONTHS } from './shares.ts';
import { useSavePayee } from './useSavePayee.ts';

export function PayeeForm({ payee, close }: { payee: ListedPayee | null; close(): void }) {
  const t = useMessages(payeeFormMessages);
  const [name, setName] = useState(payee?.name ?? '');
  const [reference, setReference] = useState(payee?.reference ?? '');
  const [destinations, setDestinations] = useState<readonly TypedDestination[]>(
    () => payee?.destinations.map(typedDestination) ?? [emptyDestination('100')],
  );
  const { save, isSaving, faultAt, fault } = useSavePayee(payee, close);
  const isWhole = sumPercents(destinations.map(({ percent }) => percent)) === WHOLE_MILLIONTHS;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save({ name, reference, destinations });
      }}
    >
      <Stack>
        {fault !== null && (
          <Alert color="red" role="alert">
            {fault}
          </Alert>
        )}
        <TextInput
          label={t('name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={MAX_NAME_CHARACTERS}
          error={faultAt('name')}
          required
          data-autofocus
        />
        <TextInput
          label={t('reference')}
          description={t('referenceHint')}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          maxLength={MAX_REFERENCE_CHARACTERS}
          error={faultAt('reference')}
          required
        />
        <DestinationList destinations={destinations} change={setDestinations} faultAt={faultAt} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isSaving} disabled={!isWhole}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
