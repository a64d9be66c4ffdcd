import { Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMutation, useQuery } from 'urql';
import { MAX_NAME_CHARACTERS } from '../../../core/limits.ts';
import { FormFault } from '../../components/FormFault.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import type { InvitationOfSecretQuery } from '../../generated/operationTypes.ts';
import { AcceptInvitationDocument } from '../../generated/screens/members/invitation.ts';
import { RoleTableDocument } from '../../generated/screens/settings/settings.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { rememberOrganization } from '../../session/OrganizationProvider.tsx';
import { useSession, useUser } from '../../session/SessionProvider.tsx';
import { settingsMessages } from '../settings/messages.ts';
import { acceptMessages } from './acceptMessages.ts';
import { forgetInvitationSecret } from './invitationSecret.ts';
import { RoleBadges } from './RoleBadges.tsx';

type Invitation = NonNullable<InvitationOfSecretQuery['invitation']>;

/** What one is invited to, in words, and the button that makes one a member. */
export function AcceptForm({ secret, invitation }: { secret: string; invitation: Invitation }) {
  const t = useMessages(acceptMessages);
  const format = useFormat();
  const user = useUser();
  const { refresh, signOut } = useSession();
  const navigate = useNavigate();
  const faults = useFormFaults(acceptMessages, ['displayName']);
  const [{ fetching }, accept] = useMutation(AcceptInvitationDocument);
  const [displayName, setDisplayName] = useState(invitation.displayName);
  const { organizationName, roles, address, expiresAt } = invitation;

  const submit = async () => {
    faults.clear();
    const { data, error } = await accept({ input: { secret, displayName } });
    const organization = data?.invitationAccept?.organization;
    if (!faults.take({ error, faults: data?.invitationAccept?.userErrors }) || organization == null) return;
    forgetInvitationSecret();
    rememberOrganization(organization.id);
    await refresh();
    void navigate('/', { replace: true });
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {t('heading', { organization: organizationName })}
        </Title>
        <Text size="sm">{t('lead')}</Text>
        <RoleBadges roles={roles} />
        <Allowed roles={roles} />
        <FormFault text={faults.general} />
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
          error={faults.at('displayName')}
          maxLength={MAX_NAME_CHARACTERS}
          autoComplete="name"
          required
        />
        <Text size="sm" c="dimmed">
          {t('expires', { when: format.dateTime(expiresAt) })} {t(address === null ? 'learnsAll' : 'learns')}
        </Text>
        <Group justify="space-between" gap="sm">
          <Button type="submit" loading={fetching} disabled={displayName.trim() === ''}>
            {t('accept')}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => void signOut()}>
            {t('other')}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t('signedInAs', { name: user.displayName })}
        </Text>
      </Stack>
    </form>
  );
}

/** What the roles add up to, by the server's own table. */
function Allowed({ roles }: { roles: Invitation['roles'] }) {
  const t = useMessages(acceptMessages);
  const settings = useMessages(settingsMessages);
  const [{ data }] = useQuery({ query: RoleTableDocument });
  const rows = data?.rolePermissions.filter(({ role }) => roles.includes(role)) ?? [];
  const permissions = [...new Set(rows.flatMap((row) => row.permissions))];
  if (permissions.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('roles')}
      </Text>
      <List size="sm">
        {permissions.map((permission) => (
          <List.Item key={permission}>
            {permission === 'READ' ? t('readAll') : settings(permission)}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
