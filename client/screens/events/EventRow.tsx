import { Box, Code, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId } from 'react';
import { EventSentence } from '../../components/EventSentence.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import classes from './events.module.css';
import { eventLogMessages } from './messages.ts';

const ICON_PX = 16;

/** An entry in words; opened, as subscribers receive it. */
export function EventRow({ event }: { event: LiveEvent }) {
  const t = useMessages(eventLogMessages);
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Box component="li" className={classes.row} data-cursor={event.cursor}>
      <Group wrap="nowrap" align="flex-start" gap="xs">
        <UnstyledButton
          onClick={toggle}
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={t('details')}
          className={classes.toggle}
        >
          <Chevron size={ICON_PX} aria-hidden />
        </UnstyledButton>
        <Box style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <EventSentence event={event} />
          </Text>
          <Group gap="xs">
            <Text size="xs" c="dimmed" ff="monospace">
              {event.type}
            </Text>
            <Text size="xs" c="dimmed">
              <TimeText iso={event.occurredAt} />
            </Text>
          </Group>
        </Box>
      </Group>
      <Collapse expanded={isOpen} id={id}>
        {isOpen && (
          <Code block mt="xs" tabIndex={0} aria-label={t('details')}>
            {JSON.stringify(event, null, 2)}
          </Code>
        )}
      </Collapse>
    </Box>
  );
}
