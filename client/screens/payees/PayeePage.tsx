import { Button, Center, Stack } from '@mantine/core';
import { IconAddressBook } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PayeesDocument } from '../../generated/screens/payees/payees.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import { PayeeItem } from './PayeeItem.tsx';
import classes from './payees.module.css';

const ICON_PX = 26;

type PayeePageProps = {
  search: string;
  archived: boolean;
  /** The position of the page before; null for the first. */
  after: string | null;
  /** What to do about an empty address book. */
  action: ReactNode;
  /** Null for those who may not. */
  edit: ((payee: ListedPayee) => void) | null;
  archive: ((payee: ListedPayee) => void) | null;
};

/** One page of the list, and below it the next where it is asked for: when something moves, each follows the one before. */
export function PayeePage(props: PayeePageProps) {
  const t = useMessages(payeeMessages);
  const { search, archived, after } = props;
  const { organization } = useOrganization();
  const [isMoreShown, setMoreShown] = useState(false);
  const result = useLiveQuery({
    query: PayeesDocument,
    variables: {
      organizationId: organization.id,
      search: search === '' ? null : search,
      archived,
      after,
    },
    concerns: ({ type }) => type.startsWith('PAYEE'),
  });
  return (
    <LiveContent result={result} select={(data) => data.organization?.payees}>
      {({ edges, pageInfo }) => {
        if (edges.length === 0 && after === null) return <Nobody {...props} />;
        return (
          <Stack gap="xs">
            <ul className={classes.list} aria-label={t('list')}>
              {edges.map(({ node }) => (
                <PayeeItem key={node.id} payee={node} edit={props.edit} archive={props.archive} />
              ))}
            </ul>
            {pageInfo.hasNextPage && isMoreShown && <PayeePage {...props} after={pageInfo.endCursor} />}
            {pageInfo.hasNextPage && !isMoreShown && (
              <Center>
                <Button variant="default" onClick={() => setMoreShown(true)}>
                  {t('more')}
                </Button>
              </Center>
            )}
          </Stack>
        );
      }}
    </LiveContent>
  );
}

function Nobody({ search, archived, action }: PayeePageProps) {
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
