import { ActionIcon, Avatar, Badge, Group, Menu, Text } from '@mantine/core';
import { IconDoorExit, IconDots, IconUserEdit, IconUserMinus } from '@tabler/icons-react';
import { useRef } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { useDialog } from '../../components/useDialog.ts';
import type { MemberListItemFragment } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useUser } from '../../session/SessionProvider.tsx';
import { ChangeRoles } from './ChangeRoles.tsx';
import classes from './members.module.css';
import { memberMessages } from './messages.ts';
import { RemoveMember } from './RemoveMember.tsx';
import { RoleBadges } from './RoleBadges.tsx';

const ICON_PX = 16;

/** A member: who it is, by which wallets, since when, and what can be done about it. */
export function MemberItem({
  member,
  isLastOwner,
}: {
  member: MemberListItemFragment;
  isLastOwner: boolean;
}) {
  const t = useMessages(memberMessages);
  const format = useFormat();
  const viewer = useUser();
  const { user, roles, joinedAt } = member;
  return (
    <li className={classes.item}>
      <Avatar name={user.displayName} color="initials" radius="xl" aria-hidden />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {user.displayName}
          </Text>
          {user.id === viewer.id && (
            <Badge size="sm" variant="default">
              {t('you')}
            </Badge>
          )}
          <RoleBadges roles={roles} />
        </Group>
        <Text size="sm" c="dimmed">
          {t('since', { when: format.date(joinedAt) })}
        </Text>
        {user.signers.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('noSigner')}
          </Text>
        )}
        {user.signers.map(({ id, address }) => (
          <div key={id}>
            <AddressText value={address} full />
          </div>
        ))}
      </div>
      <MemberMenu member={member} isLastOwner={isLastOwner} />
    </li>
  );
}

function MemberMenu({ member, isLastOwner }: { member: MemberListItemFragment; isLastOwner: boolean }) {
  const t = useMessages(memberMessages);
  const { may, membership } = useOrganization();
  const viewer = useUser();
  const isOffline = useConnection().kind === 'OFFLINE';
  const opener = useRef<HTMLButtonElement>(null);
  const { asked, ask, close } = useDialog<'roles' | 'remove'>();
  const isOwn = member.user.id === viewer.id;
  const mayManage = may('MEMBERS_MANAGE');
  const isBarred = member.roles.includes('OWNER') && !membership.roles.includes('OWNER');
  if (!isOwn && (!mayManage || isBarred)) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <ActionIcon
            ref={opener}
            variant="subtle"
            color="gray"
            size="lg"
            disabled={isOffline}
            aria-label={t('actions', { name: member.user.displayName })}
            {...(isOffline ? { title: t('offline') } : {})}
          >
            <IconDots size={ICON_PX} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayManage && (
            <Menu.Item
              leftSection={<IconUserEdit size={ICON_PX} aria-hidden />}
              onClick={() => ask('roles', opener.current)}
            >
              {t('changeRoles')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={
              isOwn ? (
                <IconDoorExit size={ICON_PX} aria-hidden />
              ) : (
                <IconUserMinus size={ICON_PX} aria-hidden />
              )
            }
            onClick={() => ask('remove', opener.current)}
          >
            {t(isOwn ? 'leave' : 'remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'roles' && <ChangeRoles member={member} isLastOwner={isLastOwner} close={close} />}
      {asked === 'remove' && (
        <RemoveMember member={member} isOwn={isOwn} isLastOwner={isLastOwner} close={close} />
      )}
    </>
  );
}
