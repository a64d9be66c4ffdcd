import { Badge, Text } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './import.module.css';
import type { ImportIssue } from './importTypes.ts';
import { issueMessages } from './issueMessages.ts';
import { issueTitles } from './issueTitles.ts';
import { useIssueText } from './useIssueText.ts';

/** Where it is, what is wrong in words, and what stands there. */
export function IssueRow({ issue, isNew }: { issue: ImportIssue; isNew: boolean }) {
  const t = useMessages(issueMessages);
  const title = useMessages(issueTitles);
  const format = useFormat();
  const textOf = useIssueText();
  const { code, row, column, value, severity } = issue;
  const isFault = severity === 'ERROR';
  return (
    <div className={classes.issue}>
      <div>
        <Text size="sm" fw={650}>
          {t('row', { row: format.number(row) })}
        </Text>
        {column !== null && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {column}
          </Text>
        )}
      </div>
      <div>
        <Text size="sm" fw={600} component="div">
          <Badge variant="light" color={isFault ? 'red' : 'yellow'} size="sm" mr={6} tt="none">
            {t(isFault ? 'fault' : 'warning')}
          </Badge>
          {title(code)}
          {isNew && (
            <Badge variant="outline" color="grape" size="sm" ml={6} tt="none">
              {t('isNew')}
            </Badge>
          )}
        </Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {textOf(issue)}
        </Text>
      </div>
      {(column !== null || value !== null) && (
        <div>
          <Text size="xs" c="dimmed">
            {t('value')}
          </Text>
          <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {value ?? (
              <Text span size="sm" c="dimmed" fs="italic">
                {t('nothing')}
              </Text>
            )}
          </Text>
        </div>
      )}
    </div>
  );
}
