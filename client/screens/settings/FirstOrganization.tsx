import { Alert, Button, Card, Center, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { FoundOrganizationDocument } from '../../generated/screens/settings/settings.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useSession } from '../../session/SessionProvider.tsx';
import { settingsMessages } from './messages.ts';

/** For somebody who belongs to no organization: they found one, or open the invitation they have. */
export function FirstOrganization() {
  const t = useMessages(settingsMessages);
  const { refresh, signOut } = useSession();
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  // One key a visit: pressing twice founds one.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [{ fetching }, found] = useMutation(FoundOrganizationDocument);

  const submit = async () => {
    setFault(null);
    const { data, error } = await found({ input: { name, members: [], idempotencyKey } });
    const refused = data?.organizationCreate?.userErrors[0];
    if (error !== undefined) setFault(t('failed', { why: error.message }));
    else if (refused !== undefined) setFault(refused.message);
    else await refresh();
  };

  return (
    <Center mih="100dvh" p="md" component="main">
      <Card w="100%" maw={480} padding="xl">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Stack>
            <Title order={1} size="h2">
              {t('welcome')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('welcomeHint')}
            </Text>
            {fault !== null && (
              <Alert color="red" role="alert">
                {fault}
              </Alert>
            )}
            <TextInput
              label={t('name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
              required
              data-autofocus
            />
            <Group justify="space-between">
              <Button type="submit" loading={fetching} disabled={name.trim() === ''}>
                {t('found')}
              </Button>
              <Button variant="subtle" color="gray" onClick={() => void signOut()}>
                {t('signOut')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
