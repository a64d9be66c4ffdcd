import { Button, Card, Code, CopyButton, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import { eventLogMessages } from './messages.ts';

const ICON_PX = 16;
const FORMS = ['subscription', 'program', 'terminal'] as const;
type Form = (typeof FORMS)[number];

/** The subscription to this very log, to be copied: as GraphQL, as a program, as one line for a terminal. */
export function FollowLog({ organizationId, cursor }: { organizationId: string; cursor: string | null }) {
  const t = useMessages(eventLogMessages);
  const [form, setForm] = useState<Form>('subscription');
  const text = TEXTS[form](organizationId, cursor);
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('follow')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('followHint')}
        </Text>
        <Group justify="space-between">
          <SegmentedControl
            aria-label={t('follow')}
            value={form}
            onChange={(chosen) => setForm(chosen as Form)}
            data={FORMS.map((value) => ({ value, label: t(value) }))}
            size="xs"
          />
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                variant="light"
                onClick={copy}
                leftSection={
                  copied ? <IconCheck size={ICON_PX} aria-hidden /> : <IconCopy size={ICON_PX} aria-hidden />
                }
              >
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Code block tabIndex={0} aria-label={t(form)} style={{ overflowX: 'auto' }}>
          {text}
        </Code>
        <Text size="xs" c="dimmed">
          {t('tokenHint')}
        </Text>
      </Stack>
    </Card>
  );
}

const SUBSCRIPTION = `subscription Follow($organizationId: ID!, $after: EventCursor) {
  events(organizationId: $organizationId, after: $after) {
    cursor
    type
    occurredAt
    subject { __typename id }
    ... on PayoutBatchEvent {
      status
      progress { pending submitted included confirmed final undelivered failed }
    }
  }
}`;

const TEXTS: Record<Form, (organizationId: string, cursor: string | null) => string> = {
  subscription: (organizationId, after) =>
    `${SUBSCRIPTION}\n\n# ${JSON.stringify({ organizationId, after }, null, 2).replaceAll('\n', '\n# ')}`,
  program: (organizationId, after) => `import { createClient } from 'graphql-ws';

let after = ${JSON.stringify(after)}; // keep it where a restart finds it
const client = createClient({
  url: '${location.origin.replace(/^http/, 'ws')}/graphql',
  connectionParams: { authorization: \`Bearer \${process.env.TOKEN}\` },
});
const query = \`${SUBSCRIPTION}\`;
const variables = { organizationId: ${JSON.stringify(organizationId)}, after };
for await (const { data, errors } of client.iterate({ query, variables })) {
  if (errors) throw new Error(errors[0].message);
  console.log(data.events);
  after = data.events.cursor;
}`,
  terminal: (organizationId, after) => {
    const query = SUBSCRIPTION.replaceAll(/\s+/g, ' ');
    const body = JSON.stringify({ query, variables: { organizationId, after } });
    return `curl -N ${location.origin}/graphql -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -H 'accept: text/event-stream' \\
  -d '${body}'`;
  },
};
