import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { MAX_PAGE_SIZE } from '../../../core/limits.ts';
import { AddressText } from '../../components/AddressText.tsx';
import { Section } from '../../components/Section.tsx';
import { AccountOwnerChoicesDocument } from '../../generated/screens/accounts/accounts.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useUser } from '../../session/SessionProvider.tsx';
import type { ShownAccount } from './Account.tsx';
import classes from './accounts.module.css';
import { detailMessages } from './detailMessages.ts';

/** The owners on chain, each with the member it is; those whom nobody here knows are said to be that. */
export function Owners({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const { organization } = useOrganization();
  const viewer = useUser();
  const { data } = useLiveQuery({
    query: AccountOwnerChoicesDocument,
    variables: { organizationId: organization.id, first: MAX_PAGE_SIZE, after: null },
    concerns: ({ type }) => type.startsWith('MEMBER'),
  });
  const { safe, approvers } = account;
  const owners = safe?.owners ?? approvers.map(({ address }) => address);
  const members = data?.organization?.members?.edges.map(({ node }) => node.user) ?? [];
  return (
    <Section title={t('owners')} {...(owners.length > 0 ? { hint: t('ownersHint') } : {})}>
      {owners.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('notRead')}
        </Text>
      )}
      <ul className={classes.plain}>
        {owners.map((owner) => {
          const member = members.find(({ signers }) => signers.some(({ address }) => address === owner));
          // Of an organization with very many members not all are asked for; the account still knows its approvers.
          const isKnown = member !== undefined || approvers.some(({ address }) => address === owner);
          return (
            <li key={owner}>
              <Group gap="xs">
                {member !== undefined && (
                  <Anchor component={Link} to="/members" size="sm" fw={600}>
                    {member.displayName}
                  </Anchor>
                )}
                {member?.id === viewer.id && (
                  <Badge size="sm" variant="default">
                    {t('you')}
                  </Badge>
                )}
                {member === undefined && data !== undefined && (
                  <Text size="sm" fw={600} {...(isKnown ? {} : { className: classes.unknown })}>
                    {t(isKnown ? 'memberKey' : 'unknownOwner')}
                  </Text>
                )}
              </Group>
              <AddressText value={owner} full />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
