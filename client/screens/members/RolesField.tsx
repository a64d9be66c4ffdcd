import { Checkbox, Stack } from '@mantine/core';
import { useQuery } from 'urql';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import type { Role } from '../../generated/operationTypes.ts';
import { RoleTableDocument } from '../../generated/screens/settings/settings.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { settingsMessages } from '../settings/messages.ts';
import { changeMessages } from './changeMessages.ts';

/** Roles to choose, each with what it may do, as the server's table says. */
export function RolesField(props: {
  chosen: readonly Role[];
  choose(roles: readonly Role[]): void;
  fault: string | undefined;
}) {
  const t = useMessages(changeMessages);
  const settings = useMessages(settingsMessages);
  const { membership } = useOrganization();
  const [{ data, error }] = useQuery({ query: RoleTableDocument });
  const isOwner = membership.roles.includes('OWNER');
  if (error !== undefined && data === undefined) return <ErrorState error={error} />;
  if (data === undefined) return <LoadingState />;
  return (
    <Checkbox.Group
      label={t('roles')}
      description={t('rolesHint')}
      error={props.fault}
      value={[...props.chosen]}
      onChange={(roles) => props.choose(roles as Role[])}
      required
    >
      <Stack gap="sm" mt="xs">
        {data.rolePermissions.map(({ role, permissions }) => {
          const isBarred = role === 'OWNER' && !isOwner;
          const more = permissions
            .filter((permission) => permission !== 'READ')
            .map((each) => settings(each));
          const may = more.length === 0 ? t('readOnly') : more.join(' · ');
          return (
            <Checkbox
              key={role}
              value={role}
              label={settings(role)}
              description={isBarred ? `${may}. ${t('ownerOnly')}` : may}
              disabled={isBarred}
            />
          );
        })}
      </Stack>
    </Checkbox.Group>
  );
}
