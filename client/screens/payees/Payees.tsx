import { Button, Group, SegmentedControl, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { PageTitle } from '../../components/PageTitle.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ArchivePayee } from './ArchivePayee.tsx';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import { PayeeDrawer } from './PayeeDrawer.tsx';
import { PayeeList } from './PayeeList.tsx';

const ICON_PX = 18;
const SEARCH_DELAY_MS = 250;
const MAX_SEARCH_CHARACTERS = 200;

/** What is open above the list. */
type Opened = { kind: 'ADD' } | { kind: 'EDIT' | 'ARCHIVE'; payee: ListedPayee };

/** The address book. */
export function Payees() {
  const t = useMessages(payeeMessages);
  const { organization, may } = useOrganization();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SEARCH_DELAY_MS);
  const [archived, setArchived] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const mayManage = may('PAYEES_MANAGE');
  const close = () => setOpened(null);
  const add = mayManage ? (
    <Button
      leftSection={<IconUserPlus size={ICON_PX} stroke={1.6} aria-hidden />}
      onClick={() => setOpened({ kind: 'ADD' })}
    >
      {t('add')}
    </Button>
  ) : null;
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} actions={add} />
      {!mayManage && (
        <Text size="sm" c="dimmed" mb="md">
          {t('mayNot')}
        </Text>
      )}
      <Group gap="sm" mb="md" align="flex-end">
        <TextInput
          label={t('search')}
          placeholder={t('searchHint')}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          maxLength={MAX_SEARCH_CHARACTERS}
          leftSection={<IconSearch size={ICON_PX} aria-hidden />}
          style={{ flex: '1 1 220px', maxWidth: 420 }}
        />
        <SegmentedControl
          aria-label={t('which')}
          value={archived ? 'archived' : 'current'}
          onChange={(chosen) => setArchived(chosen === 'archived')}
          data={(['current', 'archived'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </Group>
      <VisuallyHidden component="h2">{t('list')}</VisuallyHidden>
      <PayeeList
        key={`${organization.id} ${archived} ${search}`}
        search={search}
        archived={archived}
        action={add}
        edit={mayManage ? (payee) => setOpened({ kind: 'EDIT', payee }) : null}
        archive={mayManage ? (payee) => setOpened({ kind: 'ARCHIVE', payee }) : null}
      />
      <PayeeDrawer
        payee={opened?.kind === 'EDIT' ? opened.payee : null}
        isOpen={opened?.kind === 'ADD' || opened?.kind === 'EDIT'}
        close={close}
      />
      <ArchivePayee payee={opened?.kind === 'ARCHIVE' ? opened.payee : null} close={close} />
    </>
  );
}
