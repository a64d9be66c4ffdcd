import { IconAddressBook } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { usePages } from '../../components/usePages.ts';
import { PayeesDocument } from '../../generated/screens/payees/payees.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import { PayeeItem } from './PayeeItem.tsx';
import classes from './payees.module.css';

const ICON_PX = 26;

const PAGE_SIZE = 50;

type PayeeListProps = {
  search: string;
  archived: boolean;
  /** What to do about an empty address book. */
  action: ReactNode;
  /** Null for those who may not. */
  edit: ((payee: ListedPayee) => void) | null;
  archive: ((payee: ListedPayee) => void) | null;
};

/** The payees that are searched for, as far as they are asked for. */
export function PayeeList(props: PayeeListProps) {
  const t = useMessages(payeeMessages);
  const { search, archived, edit, archive } = props;
  const { organization } = useOrganization();
  const pages = usePages({
    query: PayeesDocument,
    variables: { organizationId: organization.id, search: search === '' ? null : search, archived },
    pageSize: PAGE_SIZE,
    select: (data) => data.organization?.payees,
    keyOf: ({ id }) => id,
    concerns: ({ type }) => type.startsWith('PAYEE'),
  });
  return (
    <PagedList pages={pages} more={t('more')} gap="xs" empty={<Nobody {...props} />}>
      {({ nodes }) => (
        <ul className={classes.list} aria-label={t('list')}>
          {nodes.map((node) => (
            <PayeeItem key={node.id} payee={node} edit={edit} archive={archive} />
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function Nobody({ search, archived, action }: PayeeListProps) {
  const t = useMessages(payeeMessages);
  if (search !== '') return <EmptyState title={t('emptySearch')} hint={t('emptySearchHint')} />;
  if (archived) return <EmptyState title={t('emptyArchived')} hint={t('emptyArchivedHint')} />;
  return (
    <EmptyState
      title={t('empty')}
      hint={t('emptyHint')}
      icon={<IconAddressBook size={ICON_PX} />}
      action={action}
    />
  );
}
