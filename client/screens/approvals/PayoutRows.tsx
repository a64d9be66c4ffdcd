import { Button, Card, Group, Pagination, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { startTransition, useEffect, useState } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SignedRow, SignedRows } from '../../signing/checkerProtocol.ts';
import type { SignedFacts } from '../../signing/servedRequest.ts';
import type { useRequestCheck } from '../../signing/useRequestCheck.ts';
import { checkMessages } from './checkMessages.ts';
import classes from './payoutRows.module.css';
import { signedAmount } from './signedAmount.ts';
import { useServerNotes } from './useServerNotes.ts';

const PAGE_SIZE = 25;
const SEARCH_DELAY_MS = 200;
const NONE: readonly number[] = [];

type Rows = ReturnType<typeof useRequestCheck>['rows'];

/** Every payout to be signed, from the manifest that was checked; in pages, and to be searched. */
export function PayoutRows(props: {
  approvalId: string;
  batchId: string;
  rows: Rows;
  token: SignedFacts['token'];
}) {
  const { approvalId, batchId, rows, token } = props;
  const t = useMessages(checkMessages);
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, SEARCH_DELAY_MS);
  const [page, setPage] = useState(1);
  const [found, setFound] = useState<SignedRows | null>(null);
  useEffect(() => {
    let isCurrent = true;
    rows({ kind: 'ROWS', search: wanted, from: (page - 1) * PAGE_SIZE, count: PAGE_SIZE }).then(
      (answer) => {
        if (isCurrent) startTransition(() => setFound(answer));
      },
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [rows, wanted, page]);
  const noteOf = useServerNotes(batchId, found?.rows.map(({ index }) => index) ?? NONE);
  const pageCount = Math.ceil((found?.matchCount ?? 0) / PAGE_SIZE);
  return (
    <Card component="section" aria-labelledby="signed-rows">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="signed-rows">
            {t('list')}
          </Title>
          <TextInput
            size="sm"
            aria-label={t('search')}
            placeholder={t('search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={({ currentTarget }) => {
              setSearch(currentTarget.value);
              setPage(1);
            }}
          />
        </Group>
        {found !== null && found.rows.length === 0 && <Text size="sm">{t('searchNone')}</Text>}
        {found !== null && found.rows.length > 0 && (
          <RowList label={t('list')} rows={found.rows} token={token} noteOf={noteOf} />
        )}
        {pageCount > 1 && (
          <Pagination
            total={pageCount}
            value={page}
            onChange={setPage}
            size="sm"
            siblings={1}
            aria-label={t('pages')}
            getControlProps={(control) => ({ 'aria-label': `${t('pages')}: ${control}` })}
            getItemProps={(number) => ({ 'aria-label': `${t('pages')}: ${number}` })}
          />
        )}
        <Group gap="sm">
          <Button component="a" href={`/manifests/${approvalId}`} download variant="default" size="xs">
            {t('saveManifest')}
          </Button>
          <Text size="sm" c="dimmed" style={{ flex: '1 1 220px' }}>
            {t('saveManifestHint')}
          </Text>
        </Group>
      </Stack>
    </Card>
  );
}

/**
 * @param props.color of recipients that are to be looked at twice
 * @param props.noteOf what the server says of a payout
 */
export function RowList(props: {
  label: string;
  rows: readonly SignedRow[];
  token: SignedFacts['token'];
  color?: string;
  noteOf?: (index: number) => string | null;
}) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const { label, rows, token, color, noteOf } = props;
  return (
    <ol className={classes.rows} aria-label={label}>
      {rows.map(({ index, recipient, units }) => {
        const note = noteOf?.(index) ?? null;
        return (
          <li key={index} className={classes.row} data-payout={index}>
            <Text size="sm" c="dimmed" className={classes.number}>
              {format.number(index + 1)}
            </Text>
            <div className={classes.recipient}>
              <AddressText value={recipient} full {...(color === undefined ? {} : { color })} />
              {note !== null && (
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {t('note', { note })}
                </Text>
              )}
            </div>
            <Text size="sm" className={classes.amount}>
              <Amount money={signedAmount(units, token)} />
            </Text>
          </li>
        );
      })}
    </ol>
  );
}
