import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import type { RequestDifference } from '../../../chains/evm/codec/requestDifference.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { RefusedServedRequest } from '../../signing/servedRequest.ts';
import { decideMessages } from './decideMessages.ts';
import { differenceMessages } from './differenceMessages.ts';

/** In red: what differs, one sentence each. Nothing here can be signed. */
export function Refusal({ refused }: { refused: RefusedServedRequest }) {
  const t = useMessages(decideMessages);
  const sentence = useSentence();
  const { differences, differentRowCount, withOwnFile } = refused;
  const rows = (source: RequestDifference['source']) =>
    differences.filter((difference) => difference.what === 'ROW' && difference.source === source);
  const groups = [
    { heading: t('group_LISTED_ROWS'), found: rows('LISTED_ROWS') },
    { heading: t('group_MANIFEST_ROWS'), found: rows('MANIFEST') },
    { heading: t('group_others'), found: differences.filter(({ what }) => what !== 'ROW') },
  ].filter(({ found }) => found.length > 0);
  return (
    <Alert
      color="red"
      variant="outline"
      role="alert"
      title={t('refused')}
      icon={<IconAlertOctagon aria-hidden />}
      style={{ borderWidth: 2 }}
    >
      <Stack gap="sm">
        <Text size="sm">{t(withOwnFile ? 'refusedFileText' : 'refusedText')}</Text>
        {groups.map(({ heading, found }) => (
          <div key={heading}>
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
                  {sentence(difference)}
                </List.Item>
              ))}
            </List>
          </div>
        ))}
        {differentRowCount > 0 && <Text size="sm">{t('differentRows', { count: differentRowCount })}</Text>}
      </Stack>
    </Alert>
  );
}

/** In English as the check says it; in Chinese from the parts and the values. */
function useSentence(): (difference: RequestDifference) => string {
  const t = useMessages(decideMessages);
  const part = useMessages(differenceMessages);
  const language = useLanguage();
  return ({ what, row, expected, found, sentence }) => {
    if (language === 'en') return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
    if (expected === null && found === null) return `${part(what)}：${sentence}`;
    const values = { expected: expected ?? t('missing'), found: found ?? t('missing') };
    return row === undefined
      ? t('difference', { part: part(what), ...values })
      : t('differenceRow', { row, ...values });
  };
}
