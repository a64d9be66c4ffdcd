import { Badge, Box, Card, Group, ScrollArea, Stack, Table, Text, Title } from '@mantine/core';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './import.module.css';
import type { ImportPreview } from './importTypes.ts';
import { NEW_RECIPIENT_COLOR } from './newRecipientColor.ts';
import { previewMessages } from './previewMessages.ts';

const MIN_TABLE_PX = 880;

type Rows = ImportPreview['rows'];

/** The beginning of what would be written, so that people see whether the columns were understood. */
export function FirstRows({ rows }: { rows: Rows }) {
  const t = useMessages(previewMessages);
  if (rows.length === 0) return null;
  return (
    <Card>
      <Title order={2} size="h4" id="import-rows">
        {t('first')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('firstHint')}
      </Text>
      <Box visibleFrom="md">
        <RowTable rows={rows} />
      </Box>
      <Box hiddenFrom="md">
        <RowCards rows={rows} />
      </Box>
    </Card>
  );
}

function RowTable({ rows }: { rows: Rows }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('first') }}>
      <Table miw={MIN_TABLE_PX} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('row')}</Table.Th>
            <Table.Th scope="col">{t('recipient')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('amount')}
            </Table.Th>
            <Table.Th scope="col">{t('reference')}</Table.Th>
            <Table.Th scope="col">{t('memo')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((each) => (
            <Table.Tr key={keyOf(each)}>
              <Table.Td>{format.number(each.row)}</Table.Td>
              <Table.Td>
                <Recipient of={each} />
              </Table.Td>
              <Table.Td ta="end">
                <Amount money={each.amount} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{each.reference}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{each.memo}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

/** Where there is no room for columns. */
function RowCards({ rows }: { rows: Rows }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  return (
    <Stack component="ul" gap={0} m={0} p={0} aria-labelledby="import-rows" className={classes.cards}>
      {rows.map((each) => (
        <li key={keyOf(each)} className={classes.card}>
          <Group justify="space-between" wrap="nowrap" align="baseline">
            <Text size="sm" c="dimmed">
              {t('row')} {format.number(each.row)}
            </Text>
            <Amount money={each.amount} fw={600} />
          </Group>
          <Recipient of={each} />
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {[each.reference, each.memo].filter((text) => text !== null).join(' · ')}
          </Text>
        </li>
      ))}
    </Stack>
  );
}

function Recipient({ of: { payee, recipient, isNewRecipient } }: { of: Rows[number] }) {
  const t = useMessages(previewMessages);
  return (
    <>
      {payee !== null && (
        <Text size="sm" fw={600}>
          {payee.name}
        </Text>
      )}
      <AddressText value={recipient} full {...(isNewRecipient ? { color: NEW_RECIPIENT_COLOR } : {})} />
      {isNewRecipient && (
        <Badge color="red" variant="light" size="sm" ml={6} tt="none">
          {t('isNew')}
        </Badge>
      )}
    </>
  );
}

function keyOf({ row, recipient, amount }: Rows[number]): string {
  return `${row} ${recipient} ${amount.asset.id}`;
}
