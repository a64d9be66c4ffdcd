import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { appMessages } from '../app/messages.ts';
import { useMessages } from '../i18n/messages.ts';

const HEAD_CHARACTERS = 8;
const TAIL_CHARACTERS = 6;

/**
 * An address, hash or cursor that can be copied. It is shortened only where nobody decides by it: look-alike addresses
 * share their ends.
 * @param props.full all of it, wrapped where there is no room
 */
export function AddressText({
  value,
  full = false,
  color,
}: {
  value: string;
  full?: boolean;
  color?: string;
}) {
  const t = useMessages(appMessages);
  const isShort = !full && value.length > HEAD_CHARACTERS + TAIL_CHARACTERS;
  const text = isShort ? `${value.slice(0, HEAD_CHARACTERS)}…${value.slice(-TAIL_CHARACTERS)}` : value;
  return (
    <Group
      gap={4}
      wrap="nowrap"
      component="span"
      display="inline-flex"
      style={{ minWidth: 0, maxWidth: '100%' }}
    >
      <Text
        span
        ff="monospace"
        size="sm"
        title={value}
        style={{ overflowWrap: 'anywhere' }}
        {...(color === undefined ? {} : { c: color })}
      >
        {text}
      </Text>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              onClick={copy}
              aria-label={`${t('copy')} ${text}`}
            >
              {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
