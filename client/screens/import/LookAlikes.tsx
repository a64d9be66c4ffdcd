import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconSpy } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ImportIssue } from './importTypes.ts';
import { issueMessages } from './issueMessages.ts';
import { useIssueText } from './useIssueText.ts';

const SHOWN = 3;

/** Addresses that may have been made to be mistaken for somebody’s: told before everything else. */
export function LookAlikes({ issues, showOnly }: { issues: readonly ImportIssue[]; showOnly(): void }) {
  const t = useMessages(issueMessages);
  const format = useFormat();
  const textOf = useIssueText();
  const found = issues.filter(({ code }) => code === 'POSSIBLE_ADDRESS_POISONING');
  if (found.length === 0) return null;
  return (
    <Alert
      color="red"
      icon={<IconSpy aria-hidden />}
      title={t('lookAlike', { count: found.length, rows: format.number(found.length) })}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('lookAlikeHint')}</Text>
        <List size="sm" spacing="xs">
          {found.slice(0, SHOWN).map((issue) => (
            <List.Item key={issue.row} style={{ overflowWrap: 'anywhere' }}>
              <strong>{t('row', { row: format.number(issue.row) })}</strong>{' '}
              <Text span ff="monospace" size="sm">
                {issue.value}
              </Text>
              <br />
              {textOf(issue)}
            </List.Item>
          ))}
        </List>
        {found.length > SHOWN && (
          <Button size="xs" variant="light" color="red" onClick={showOnly}>
            {t('lookAlikeShow')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
