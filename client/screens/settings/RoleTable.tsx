import {
  Badge,
  Box,
  Card,
  Group,
  List,
  ScrollArea,
  Stack,
  Table,
  Text,
  Title,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import type { RoleTableQuery } from '../../generated/operationTypes.ts';
import { RoleTableDocument } from '../../generated/screens/settings/settings.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { settingsMessages } from './messages.ts';

const ICON_PX = 18;

type RoleRow = RoleTableQuery['rolePermissions'][number] & { readonly isYours: boolean };
type Rows = { readonly rows: readonly RoleRow[] };

/** Who may do what: the server's own table, not a copy of it. The viewer's own roles come first. */
export function RoleTable() {
  const t = useMessages(settingsMessages);
  const [{ data, error }, again] = useQuery({ query: RoleTableDocument });
  const { membership } = useOrganization();
  const all = (data?.rolePermissions ?? []).map((row) => ({
    ...row,
    isYours: membership.roles.includes(row.role),
  }));
  const rows = [...all.filter(({ isYours }) => isYours), ...all.filter(({ isYours }) => !isYours)];
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
          <>
            <Box visibleFrom="md">
              <Columns rows={rows} />
            </Box>
            <Box hiddenFrom="md">
              <Cards rows={rows} />
            </Box>
          </>
        )}
      </Stack>
    </Card>
  );
}

function Columns({ rows }: Rows) {
  const t = useMessages(settingsMessages);
  const permissions = [...new Set(rows.flatMap((row) => row.permissions))];
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('roles') }}>
      <Table miw={620} striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('permission')}</Table.Th>
            {rows.map(({ role, description, isYours }) => (
              <Table.Th key={role} scope="col" ta="center">
                <Stack gap={2} align="center">
                  <Tooltip label={description} multiline maw={260}>
                    <span>{t(role)}</span>
                  </Tooltip>
                  {isYours && <Yours />}
                </Stack>
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
  );
}

/** Where there is no room for columns: what each role may do. */
function Cards({ rows }: Rows) {
  const t = useMessages(settingsMessages);
  return (
    <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {rows.map(({ role, permissions, isYours }) => (
        <Card key={role} component="li" withBorder padding="sm">
          <Group gap="xs" mb={6}>
            <Title order={3} size="h5">
              {t(role)}
            </Title>
            {isYours && <Yours />}
          </Group>
          <List size="sm" spacing={4} icon={<Check />}>
            {permissions.map((permission) => (
              <List.Item key={permission}>{t(permission)}</List.Item>
            ))}
          </List>
        </Card>
      ))}
    </Stack>
  );
}

function Yours() {
  const t = useMessages(settingsMessages);
  return (
    <Badge size="sm" variant="default" tt="none">
      {t('yourRole')}
    </Badge>
  );
}

function Check() {
  return <IconCheck size={ICON_PX} color="var(--mantine-color-teal-6)" aria-hidden />;
}

function Mark({ is }: { is: boolean }) {
  const t = useMessages(settingsMessages);
  return (
    <>
      {is ? <Check /> : <IconMinus size={ICON_PX} color="var(--mantine-color-dimmed)" aria-hidden />}
      <VisuallyHidden>{t(is ? 'yes' : 'no')}</VisuallyHidden>
    </>
  );
}
