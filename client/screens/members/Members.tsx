import { Button, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { useDialog } from '../../components/useDialog.ts';
import { MembersDocument } from '../../generated/screens/members/members.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { Invitations } from './Invitations.tsx';
import { InviteMember } from './InviteMember.tsx';
import { MemberItem } from './MemberItem.tsx';
import classes from './members.module.css';
import { memberMessages } from './messages.ts';

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
          <MemberPage after={null} />
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

/** One page of the list, and below it the next where it is asked for. */
function MemberPage({ after }: { after: string | null }) {
  const t = useMessages(memberMessages);
  const { organization } = useOrganization();
  const [isMoreShown, setMoreShown] = useState(false);
  const result = useLiveQuery({
    query: MembersDocument,
    variables: { organizationId: organization.id, after },
    concerns: ({ type }) => type.startsWith('MEMBER'),
  });
  return (
    <LiveContent result={result} select={(data) => data.organization?.members}>
      {({ edges, pageInfo }) => {
        const owners = edges.filter(({ node }) => node.roles.includes('OWNER'));
        // Whether there are others is known of a list that is shown whole.
        const isOneOwner = after === null && !pageInfo.hasNextPage && owners.length === 1;
        return (
          <Stack gap="sm">
            <ul className={classes.list} aria-label={t('list')}>
              {edges.map(({ node }) => (
                <MemberItem
                  key={node.user.id}
                  member={node}
                  isLastOwner={isOneOwner && node.roles.includes('OWNER')}
                />
              ))}
            </ul>
            {pageInfo.hasNextPage && isMoreShown && <MemberPage after={pageInfo.endCursor} />}
            {pageInfo.hasNextPage && !isMoreShown && (
              <Button variant="default" style={{ alignSelf: 'center' }} onClick={() => setMoreShown(true)}>
                {t('more')}
              </Button>
            )}
          </Stack>
        );
      }}
    </LiveContent>
  );
}
