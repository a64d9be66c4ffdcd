import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconArchive, IconPencil } from '@tabler/icons-react';
import { AddressText } from '../../components/AddressText.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import classes from './payees.module.css';
import { percentOfShare } from './shares.ts';

const ICON_PX = 18;

/** A payee, with every address in full. */
export function PayeeItem(props: {
  payee: ListedPayee;
  edit: ((payee: ListedPayee) => void) | null;
  archive: ((payee: ListedPayee) => void) | null;
}) {
  const t = useMessages(payeeMessages);
  const format = useFormat();
  const { payee, edit, archive } = props;
  const { name, reference, destinations, archivedAt } = payee;
  return (
    <li className={classes.payee}>
      <div className={classes.who}>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('reference', { reference })}
        </Text>
        {archivedAt !== null && (
          <Text size="sm" c="dimmed">
            {t('archivedOn', { when: format.date(archivedAt) })}
          </Text>
        )}
      </div>
      <ul className={classes.destinations}>
        {destinations.map(({ asset, chain, address, share }) => (
          <li key={`${asset.id} ${address}`}>
            <Text size="sm" component="div">
              {t('destination', { asset: asset.symbol, chain: chain.name })}
              {destinations.length > 1 && (
                <Text span size="sm" fw={600}>
                  {' '}
                  · {t('share', { percent: percentOfShare(share) })}
                </Text>
              )}
            </Text>
            <AddressText value={address} full />
          </li>
        ))}
      </ul>
      {archivedAt === null && edit !== null && archive !== null && (
        <Group gap={4} wrap="nowrap" className={classes.actions}>
          <Tooltip label={t('edit')}>
            <ActionIcon
              variant="subtle"
              size="lg"
              onClick={() => edit(payee)}
              aria-label={t('editName', { name })}
            >
              <IconPencil size={ICON_PX} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('archive')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              onClick={() => archive(payee)}
              aria-label={t('archiveName', { name })}
            >
              <IconArchive size={ICON_PX} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </li>
  );
}
