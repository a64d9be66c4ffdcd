import { Badge, Group } from '@mantine/core';
import type { Role } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import { settingsMessages } from '../settings/messages.ts';

const COLORS: Record<Role, string> = {
  OWNER: 'violet',
  ADMIN: 'blue',
  PROPOSER: 'cyan',
  APPROVER: 'teal',
  VIEWER: 'gray',
};

/** What somebody is in the organization, in words; the colour only repeats them. */
export function RoleBadges({ roles }: { roles: readonly Role[] }) {
  const t = useMessages(settingsMessages);
  return (
    <Group gap={6}>
      {roles.map((role) => (
        <Badge key={role} variant="light" color={COLORS[role]} tt="none">
          {t(role)}
        </Badge>
      ))}
    </Group>
  );
}
