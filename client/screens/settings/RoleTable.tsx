import { Card, ScrollArea, Stack, Table, Text, Title, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { RoleTableDocument } from '../../generated/screens/settings/settings.ts';
import { useMessages } from '../../i18n/messages.ts';
import { settingsMessages } from './messages.ts';

const ICON_PX = 18;

/** Who may do what: the server's own table, not a copy of it. */
export function RoleTable() {
  const t = useMessages(settingsMessages);
  const [{ data, error }, again] = useQuery({ query: RoleTableDocument });
  const rows = data?.rolePermissions ?? [];
  const permissions = [...new Set(rows.flatMap((row) => row.permissions))];
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('roles')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('rolesHint')}
        </Text>
        {error !== undefined && (
          <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )}
        {data === undefined && error === undefined && <LoadingState />}
        {data !== undefined && (
          <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('roles') }}>
            <Table miw={620} striped>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('permission')}</Table.Th>
                  {rows.map(({ role, description }) => (
                    <Table.Th key={role} scope="col" ta="center">
                      <Tooltip label={description} multiline maw={260}>
                        <span>{t(role)}</span>
                      </Tooltip>
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {permissions.map((permission) => (
                  <Table.Tr key={permission}>
                    <Table.Th scope="row" fw={500}>
                      {t(permission)}
                    </Table.Th>
                    {rows.map((row) => (
                      <Table.Td key={row.role} ta="center">
                        <Mark is={row.permissions.includes(permission)} />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
      </Stack>
    </Card>
  );
}

function Mark({ is }: { is: boolean }) {
  const t = useMessages(settingsMessages);
  return (
    <>
      {is ? (
        <IconCheck size={ICON_PX} color="var(--mantine-color-teal-6)" aria-hidden />
      ) : (
        <IconMinus size={ICON_PX} color="var(--mantine-color-dimmed)" aria-hidden />
      )}
      <VisuallyHidden>{t(is ? 'yes' : 'no')}</VisuallyHidden>
    </>
  );
}
