import { Badge, Tooltip } from '@mantine/core';
import { useMessages } from '../i18n/messages.ts';
import { useConnection } from '../live/LiveProvider.tsx';
import { appMessages } from './messages.ts';

const SHOWN = {
  LIVE: { color: 'teal', text: 'live', hint: 'liveHint' },
  CATCHING_UP: { color: 'blue', text: 'catchingUp', hint: 'catchingUpHint' },
  IDLE: { color: 'yellow', text: 'connecting', hint: 'connectingHint' },
  CONNECTING: { color: 'yellow', text: 'connecting', hint: 'connectingHint' },
  OFFLINE: { color: 'gray', text: 'offline', hint: 'offlineHint' },
  ENDED: { color: 'red', text: 'ended', hint: 'endedHint' },
} as const;

/** Whether what is shown is of now. Screen readers are told when it changes. */
export function ConnectionBadge() {
  const t = useMessages(appMessages);
  const { kind } = useConnection();
  const { color, text, hint } = SHOWN[kind];
  return (
    <Tooltip label={t(hint)} multiline maw={280}>
      <Badge
        variant="dot"
        color={color}
        size="lg"
        role="status"
        data-connection={kind}
        style={{ flexShrink: 0 }}
      >
        {t(text)}
      </Badge>
    </Tooltip>
  );
}
