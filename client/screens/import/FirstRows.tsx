import { Badge, Card, ScrollArea, Table, Text, Title } from '@mantine/core';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ImportPreview } from './importTypes.ts';
import { NEW_RECIPIENT_COLOR } from './newRecipientColor.ts';
import { previewMessages } from './previewMessages.ts';

const MIN_TABLE_PX = 880;

/** The beginning of what would be written, so that people see whether the columns were understood. */
export function FirstRows({ rows }: { rows: ImportPreview['rows'] }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <Card>
      <Title order={2} size="h4">
        {t('first')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('firstHint')}
      </Text>
      <ScrollArea tabIndex={0} role="region" aria-label={t('first')}>
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
              <Table.Tr key={`${each.row} ${each.recipient} ${each.amount.asset.id}`}>
                <Table.Td>{format.number(each.row)}</Table.Td>
                <Table.Td>
                  {each.payee !== null && (
                    <Text size="sm" fw={600}>
                      {each.payee.name}
                    </Text>
                  )}
                  <AddressText
                    value={each.recipient}
                    full
                    {...(each.isNewRecipient ? { color: NEW_RECIPIENT_COLOR } : {})}
                  />
                  {each.isNewRecipient && (
                    <Badge color="red" variant="light" size="sm" ml={6} tt="none">
                      {t('isNew')}
                    </Badge>
                  )}
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
    </Card>
  );
}
