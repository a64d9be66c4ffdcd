import { Anchor, Loader, Text } from '@mantine/core';
import { Link } from 'react-router';
import { EventSentence } from '../../components/EventSentence.tsx';
import { Section } from '../../components/Section.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useLive } from '../../live/LiveProvider.tsx';
import classes from './dashboard.module.css';
import { dashboardMessages } from './messages.ts';

const MAX_SHOWN_EVENTS = 14;

/** What happens, as it happens; the newest first. */
export function Activity() {
  const t = useMessages(dashboardMessages);
  const { feed, isFeedLoading } = useLive();
  return (
    <Section
      title={t('activity')}
      hint={t('activityHint')}
      action={
        <Anchor component={Link} to="/events" size="sm">
          {t('wholeLog')}
        </Anchor>
      }
    >
      {feed.length === 0 &&
        (isFeedLoading ? (
          <Loader type="dots" size="sm" />
        ) : (
          <Text c="dimmed" size="sm">
            {t('noActivity')}
          </Text>
        ))}
      <div role="log" aria-live="off" aria-label={t('activity')}>
        <ul className={classes.feed}>
          {feed.slice(0, MAX_SHOWN_EVENTS).map((event) => (
            <li key={event.cursor} data-cursor={event.cursor}>
              <span>
                <EventSentence event={event} />
              </span>
              <Text size="xs" c="dimmed" span>
                <TimeText iso={event.occurredAt} />
              </Text>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
