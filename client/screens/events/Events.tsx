import { Button, Card, Center, MultiSelect, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import type { EventLogPageQuery, EventType } from '../../generated/operationTypes.ts';
import { EventLogPageDocument } from '../../generated/screens/events/events.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { EventRow } from './EventRow.tsx';
import { EVENT_TYPES } from './eventTypes.ts';
import { FollowLog } from './FollowLog.tsx';
import { eventLogMessages } from './messages.ts';

type Page = NonNullable<EventLogPageQuery['organization']>['events'];

/** The event log itself, and how to follow it from a program. */
export function Events() {
  const t = useMessages(eventLogMessages);
  const { organization } = useOrganization();
  const [types, setTypes] = useState<EventType[]>([]);
  const variables = {
    organizationId: organization.id,
    before: null,
    types: types.length === 0 ? null : types,
  };
  const result = useLiveQuery({
    query: EventLogPageDocument,
    variables,
    concerns: ({ type }) => types.length === 0 || types.includes(type),
  });
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <Stack gap="lg">
        <FollowLog organizationId={organization.id} cursor={result.data?.organization?.eventCursor ?? null} />
        <MultiSelect
          label={t('filter')}
          placeholder={types.length === 0 ? t('filterHint') : ''}
          data={[...EVENT_TYPES]}
          value={types}
          onChange={(chosen) => setTypes(chosen as EventType[])}
          searchable
          clearable
          maw={560}
        />
        <LiveContent result={result} select={(data) => data.organization?.events}>
          {(page) => <Log key={types.join()} newest={page} variables={variables} />}
        </LiveContent>
      </Stack>
    </>
  );
}

/** The newest page, which is live, and the earlier ones that were asked for. */
function Log({
  newest,
  variables,
}: {
  newest: Page;
  variables: { organizationId: string; types: EventType[] | null };
}) {
  const t = useMessages(eventLogMessages);
  const { earlier, isLoading, error, load, hasMore } = useEarlier(newest, variables);
  const entries = useMemo(() => entriesOf([...earlier, newest]), [earlier, newest]);
  if (entries.length === 0) {
    return variables.types === null ? (
      <EmptyState title={t('empty')} hint={t('emptyHint')} />
    ) : (
      <EmptyState title={t('emptyFilter')} hint={t('emptyFilterHint')} />
    );
  }
  return (
    <Stack gap="sm">
      <Card p={0} component="ol" aria-label={t('list')} m={0} style={{ listStyle: 'none' }}>
        {entries.map((event) => (
          <EventRow key={event.cursor} event={event} />
        ))}
      </Card>
      {error !== undefined && <ErrorState error={error} retry={load} />}
      <Center>
        {hasMore ? (
          <Button variant="light" loading={isLoading} onClick={load}>
            {t('earlier')}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {t('end')}
          </Text>
        )}
      </Center>
    </Stack>
  );
}

function useEarlier(newest: Page, variables: { organizationId: string; types: EventType[] | null }) {
  const client = useClient();
  const [earlier, setEarlier] = useState<readonly Page[]>([]);
  const [state, setState] = useState<{ isLoading: boolean; error?: ErrorOfState }>({ isLoading: false });
  const oldest = earlier[0] ?? newest;
  const load = async () => {
    setState({ isLoading: true });
    const before = oldest.pageInfo.startCursor ?? null;
    const { data, error } = await client.query(EventLogPageDocument, { ...variables, before }).toPromise();
    setState(error === undefined ? { isLoading: false } : { isLoading: false, error });
    const page = data?.organization?.events;
    if (page !== undefined) setEarlier((pages) => [page, ...pages]);
  };
  return {
    earlier,
    ...state,
    error: state.error,
    load: () => void load(),
    hasMore: oldest.pageInfo.hasPreviousPage,
  };
}
type ErrorOfState = Parameters<typeof ErrorState>[0]['error'];

/** Newest first. What lies between the newest page of now and the earlier ones moves into the latter's gap by its cursor. */
function entriesOf(pages: readonly Page[]): LiveEvent[] {
  const byCursor = new Map(
    pages.flatMap(({ edges }) => edges.map(({ node }) => [node.cursor, node as LiveEvent] as const)),
  );
  return [...byCursor.values()].reverse();
}
