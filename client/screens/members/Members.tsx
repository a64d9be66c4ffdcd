import { Button, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { PagedList } from '../../components/PagedList.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { useDialog } from '../../components/useDialog.ts';
import { usePages } from '../../components/usePages.ts';
import { MembersDocument } from '../../generated/screens/members/members.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { Invitations } from './Invitations.tsx';
import { InviteMember } from './InviteMember.tsx';
import { MemberItem } from './MemberItem.tsx';
import classes from './members.module.css';
import { memberMessages } from './messages.ts';

const PAGE_SIZE = 50;
const ICON_PX = 18;

/** Who belongs to the organization, who was asked to, and the ways to change it. */
export function Members() {
  const t = useMessages(memberMessages);
  const { may, membership } = useOrganization();
  const isAllowed = may('MEMBERS_MANAGE');
  const isOwner = membership.roles.includes('OWNER');
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} actions={isAllowed && <InviteButton />} />
      <Stack gap="xl">
        <Stack gap="sm">
          {!isOwner && (
            <Text size="sm" c="dimmed">
              {t(isAllowed ? 'ownerOnly' : 'mayNot')}
            </Text>
          )}
          <VisuallyHidden component="h2">{t('list')}</VisuallyHidden>
          <MemberList />
        </Stack>
        {isAllowed && <Invitations />}
      </Stack>
    </>
  );
}

function InviteButton() {
  const t = useMessages(memberMessages);
  const isOffline = useConnection().kind === 'OFFLINE';
  const { asked, ask, close } = useDialog<'invite'>();
  return (
    <>
      <Button
        leftSection={<IconUserPlus size={ICON_PX} stroke={1.6} aria-hidden />}
        onClick={(event) => ask('invite', event.currentTarget)}
        disabled={isOffline}
        {...(isOffline ? { title: t('offline') } : {})}
      >
        {t('invite')}
      </Button>
      {asked !== null && <InviteMember close={close} />}
    </>
  );
}

function MemberList() {
  const t = useMessages(memberMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: MembersDocument,
    variables: { organizationId: organization.id },
    pageSize: PAGE_SIZE,
    select: (data) => data.organization?.members,
    keyOf: ({ user }) => user.id,
    concerns: ({ type }) => type.startsWith('MEMBER'),
  });
  return (
    <PagedList pages={pages} more={t('more')} empty={null}>
      {({ nodes, hasNextPage }) => {
        const owners = nodes.filter(({ roles }) => roles.includes('OWNER'));
        // Whether there are others is known of a list that is shown whole.
        const isOneOwner = !hasNextPage && owners.length === 1;
        return (
          <ul className={classes.list} aria-label={t('list')}>
            {nodes.map((node) => (
              <MemberItem
                key={node.user.id}
                member={node}
                isLastOwner={isOneOwner && node.roles.includes('OWNER')}
              />
            ))}
          </ul>
        );
      }}
    </PagedList>
  );
}
