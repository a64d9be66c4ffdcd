import { ActionIcon, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMessages } from '../../i18n/messages.ts';
import type { TypedDestination } from './destinations.ts';
import { payeeFormMessages } from './formMessages.ts';
import classes from './payees.module.css';
import { readPercent } from './shares.ts';

const ICON_PX = 18;
const MAX_ADDRESS_CHARACTERS = 200;
const MAX_PERCENT_CHARACTERS = 12;

/** One destination: what, to which address, and how much of each line. */
export function DestinationFields(props: {
  number: number;
  destination: TypedDestination;
  assets: readonly { value: string; label: string }[];
  faultAt(field: string): string | undefined;
  change(destination: TypedDestination): void;
  /** Null for the only one. */
  remove: (() => void) | null;
}) {
  const t = useMessages(payeeFormMessages);
  const { number, destination, assets, faultAt, change, remove } = props;
  const { assetId, address, percent } = destination;
  const isFaulty = percent.trim() !== '' && readPercent(percent) === null;
  const shareFault = isFaulty ? t('shareInvalid') : faultAt('share');
  return (
    <fieldset className={classes.destination}>
      <Group component="legend" gap={4} px={4}>
        <Text size="sm" fw={600}>
          {t('destination', { number })}
        </Text>
        {remove !== null && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={remove}
            aria-label={t('remove', { number })}
          >
            <IconTrash size={ICON_PX} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Stack gap="xs">
        <Group gap="sm" align="flex-start">
          <Select
            label={t('asset')}
            placeholder={t('assetHint')}
            data={assets}
            value={assetId}
            onChange={(chosen) => change({ ...destination, assetId: chosen })}
            error={faultAt('assetId')}
            allowDeselect={false}
            required
            style={{ flex: '2 1 200px' }}
          />
          <TextInput
            label={t('share')}
            value={percent}
            onChange={(event) => change({ ...destination, percent: event.currentTarget.value })}
            inputMode="decimal"
            maxLength={MAX_PERCENT_CHARACTERS}
            error={shareFault}
            required
            style={{ flex: '1 1 120px' }}
          />
        </Group>
        <TextInput
          label={t('address')}
          placeholder={t('addressHint')}
          value={address}
          onChange={(event) => change({ ...destination, address: event.currentTarget.value })}
          maxLength={MAX_ADDRESS_CHARACTERS}
          error={faultAt('address')}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          required
        />
      </Stack>
    </fieldset>
  );
}
