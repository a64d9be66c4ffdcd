import { Alert, Button, Collapse, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { RequestDifference } from '../../../chains/evm/codec/requestDifference.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { RefusedServedRequest } from '../../signing/servedRequest.ts';
import { decideMessages } from './decideMessages.ts';
import { READABLE_RED } from './readableRed.ts';
import { useDifferenceText } from './useDifferenceText.ts';

const HEADER_AND_GAP_PX = 76;

/** In red: what differs, one sentence each. Nothing here can be signed. */
export function Refusal({ refused, symbol }: { refused: RefusedServedRequest; symbol: string }) {
  const t = useMessages(decideMessages);
  const { differences, differentRowCount, withOwnFile } = refused;
  const place = useRef<HTMLDivElement>(null);
  // Whoever drops a file further down must not miss what it found.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const rows = differences.filter(({ what }) => what === 'ROW');
  const others = differences.filter(({ what }) => what !== 'ROW');
  const listed = rows.filter(({ source }) => source === 'LISTED_ROWS');
  const signed = rows.filter(({ source }) => source === 'MANIFEST');
  const isSameTwice = listed.length > 0 && sentencesOf(listed) === sentencesOf(signed);
  return (
    <Alert
      ref={place}
      color="red"
      variant="outline"
      role="alert"
      title={
        <Text span inherit c={READABLE_RED}>
          {t('refused')}
        </Text>
      }
      icon={<IconAlertOctagon aria-hidden />}
      style={{ borderWidth: 2, scrollMarginTop: HEADER_AND_GAP_PX }}
    >
      <Stack gap="sm">
        <Text size="sm">{t(withOwnFile ? 'refusedFileText' : 'refusedText')}</Text>
        {isSameTwice ? (
          <DifferenceList heading={t('group_BOTH_ROWS')} symbol={symbol} found={signed} />
        ) : (
          <>
            <DifferenceList heading={t('group_LISTED_ROWS')} symbol={symbol} found={listed} />
            <DifferenceList heading={t('group_MANIFEST_ROWS')} symbol={symbol} found={signed} />
          </>
        )}
        {differentRowCount > rows.length && (
          <Text size="sm">{t('differentRows', { count: differentRowCount })}</Text>
        )}
        {rows.length === 0 ? (
          <DifferenceList heading={t('group_differences')} symbol={symbol} found={others} />
        ) : (
          <FollowingDifferences symbol={symbol} found={others} />
        )}
      </Stack>
    </Alert>
  );
}

function sentencesOf(differences: readonly RequestDifference[]): string {
  return differences.map(({ sentence }) => sentence).join();
}

/** What follows from rows that differ: hashes, mostly. */
function FollowingDifferences({ symbol, found }: { symbol: string; found: readonly RequestDifference[] }) {
  const t = useMessages(decideMessages);
  const [isOpen, { toggle }] = useDisclosure(false);
  if (found.length === 0) return null;
  return (
    <div>
      <Button variant="default" size="xs" onClick={toggle} aria-expanded={isOpen}>
        {t('following', { count: found.length })}
      </Button>
      <Collapse expanded={isOpen}>
        <DifferenceList heading={t('group_others')} symbol={symbol} found={found} />
      </Collapse>
    </div>
  );
}

function DifferenceList(props: { heading: string; symbol: string; found: readonly RequestDifference[] }) {
  const { heading, symbol, found } = props;
  const textOf = useDifferenceText(symbol);
  if (found.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={650}>
        {heading}
      </Text>
      <List size="sm" mt={4} spacing={4}>
        {found.map((difference) => (
          <List.Item
            key={`${difference.what} ${difference.row} ${difference.sentence}`}
            style={{ overflowWrap: 'anywhere' }}
            data-difference={difference.what}
          >
            {textOf(difference)}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
