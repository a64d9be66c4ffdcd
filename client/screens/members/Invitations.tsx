import { Button, Group, Modal, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { useActorName } from '../../components/ActorText.tsx';
import { AddressText } from '../../components/AddressText.tsx';
import { FormFault } from '../../components/FormFault.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { useDialog } from '../../components/useDialog.ts';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { usePages } from '../../components/usePages.ts';
import type { InvitationListItemFragment, InvitationStatus } from '../../generated/operationTypes.ts';
import { InvitationsDocument, RevokeInvitationDocument } from '../../generated/screens/members/members.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { changeMessages } from './changeMessages.ts';
import classes from './members.module.css';
import { memberMessages } from './messages.ts';
import { RoleBadges } from './RoleBadges.tsx';

const PAGE_SIZE = 20;
const OPEN: InvitationStatus[] = ['PENDING'];

/** Who was asked to come in; those that are open unless all are wanted. */
export function Invitations() {
  const t = useMessages(memberMessages);
  const [isAll, setAll] = useState(false);
  return (
    <Stack gap="sm" component="section" aria-labelledby="invitations-title">
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4" id="invitations-title">
          {t('invitations')}
        </Title>
        <Switch
          size="sm"
          label={t('showEnded')}
          checked={isAll}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </Group>
      <InvitationList key={String(isAll)} isAll={isAll} />
    </Stack>
  );
}

function InvitationList({ isAll }: { isAll: boolean }) {
  const t = useMessages(memberMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: InvitationsDocument,
    variables: { organizationId: organization.id, status: isAll ? null : OPEN },
    pageSize: PAGE_SIZE,
    select: (data) => data.organization?.invitations,
    keyOf: ({ id }) => id,
    concerns: ({ type }) => type.startsWith('MEMBER') || type.startsWith('INVITATION'),
  });
  const empty = (
    <Text size="sm" c="dimmed">
      {t(isAll ? 'noInvitationsAtAll' : 'noInvitations')}
    </Text>
  );
  return (
    <PagedList pages={pages} more={t('moreInvitations')} empty={empty}>
      {({ nodes }) => (
        <ul className={classes.list} aria-label={t('invitations')}>
          {nodes.map((node) => (
            <InvitationItem key={node.id} invitation={node} />
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function InvitationItem({ invitation }: { invitation: InvitationListItemFragment }) {
  const t = useMessages(memberMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const isOffline = useConnection().kind === 'OFFLINE';
  const { asked, ask, close } = useDialog<'revoke'>();
  const { displayName: name, roles, address, status, createdAt, expiresAt, invitedBy } = invitation;
  return (
    <li className={classes.invitation}>
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <StatusBadge kind="INVITATION" status={status} />
          <RoleBadges roles={roles} />
        </Group>
        <Text size="sm" c="dimmed">
          {t('invitedBy', { actor: nameOf(invitedBy), when: format.dateTime(createdAt) })}
          {status === 'PENDING' && ` · ${t('expires', { when: format.dateTime(expiresAt) })}`}
        </Text>
        {address === null ? (
          <Text size="sm" c="dimmed">
            {t('unbound')}
          </Text>
        ) : (
          <Group gap={6}>
            <Text span size="sm" c="dimmed">
              {t('boundTo')}
            </Text>
            <AddressText value={address} full />
          </Group>
        )}
      </div>
      {status === 'PENDING' && (
        <Button
          variant="default"
          size="xs"
          disabled={isOffline}
          aria-label={t('revokeOf', { name })}
          onClick={(event) => ask('revoke', event.currentTarget)}
          {...(isOffline ? { title: t('offline') } : {})}
        >
          {t('revoke')}
        </Button>
      )}
      {asked !== null && <RevokeInvitation invitation={invitation} close={close} />}
    </li>
  );
}

function RevokeInvitation(props: { invitation: InvitationListItemFragment; close(): void }) {
  const t = useMessages(changeMessages);
  const { invitation, close } = props;
  const faults = useFormFaults(changeMessages, []);
  const [{ fetching }, revoke] = useMutation(RevokeInvitationDocument);
  const run = async () => {
    faults.clear();
    const { data, error } = await revoke({ input: { invitationId: invitation.id } });
    if (faults.take({ error, faults: data?.invitationRevoke?.userErrors })) close();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('revoke', { name: invitation.displayName })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('revokeText')}</Text>
        <FormFault text={faults.general} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red" loading={fetching} onClick={() => void run()}>
            {t('revokeNow')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
