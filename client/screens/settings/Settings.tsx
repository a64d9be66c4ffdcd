import { Alert, Button, Card, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import type { OrganizationSettingsQuery } from '../../generated/operationTypes.ts';
import {
  OrganizationSettingsDocument,
  UpdateOrganizationDocument,
} from '../../generated/screens/settings/settings.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useSession } from '../../session/SessionProvider.tsx';
import { settingsMessages } from './messages.ts';
import { RoleTable } from './RoleTable.tsx';

type ShownOrganization = NonNullable<OrganizationSettingsQuery['organization']>;
type Change = { name?: string; separatesDuties?: boolean };

/** The organization's name, its separation of duties, and the table of who may do what. */
export function Settings() {
  const t = useMessages(settingsMessages);
  const { organization } = useOrganization();
  const result = useLiveQuery({
    query: OrganizationSettingsDocument,
    variables: { organizationId: organization.id },
    concerns: ({ type }) => type === 'ORGANIZATION_UPDATED',
  });
  return (
    <>
      <PageTitle title={t('title')} />
      <Stack gap="lg">
        <LiveContent result={result} select={(data) => data.organization}>
          {(shown) => <Form key={shown.name} organization={shown} />}
        </LiveContent>
        <RoleTable />
      </Stack>
    </>
  );
}

function Form({ organization }: { organization: ShownOrganization }) {
  const t = useMessages(settingsMessages);
  const { may } = useOrganization();
  const { refresh } = useSession();
  const [name, setName] = useState(organization.name);
  const [{ fetching }, update] = useMutation(UpdateOrganizationDocument);
  const [fault, setFault] = useState<{ field: string | null; message: string } | null>(null);
  const isAllowed = may('ORGANIZATION_UPDATE');

  const change = async (what: Change) => {
    setFault(null);
    const { data, error } = await update({ input: { organizationId: organization.id, ...what } });
    const refused = data?.organizationUpdate?.userErrors[0];
    if (error !== undefined) setFault({ field: null, message: t('failed', { why: error.message }) });
    else if (refused !== undefined)
      setFault({ field: refused.path?.at(-1) ?? null, message: refused.message });
    else await refresh();
  };

  return (
    <Card>
      <Stack gap="lg">
        {!isAllowed && (
          <Text size="sm" c="dimmed">
            {t('mayNot')}
          </Text>
        )}
        {fault !== null && fault.field !== 'name' && (
          <Alert color="red" role="alert">
            {fault.message}
          </Alert>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void change({ name });
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              disabled={!isAllowed}
              maxLength={200}
              required
              error={fault?.field === 'name' ? fault.message : undefined}
              style={{ flex: '1 1 240px', maxWidth: 420 }}
            />
            <Button
              type="submit"
              loading={fetching}
              disabled={!isAllowed || name.trim() === organization.name}
            >
              {t('save')}
            </Button>
          </Group>
        </form>
        <Stack gap={4}>
          <Title order={2} size="h4">
            {t('duties')}
          </Title>
          <Switch
            label={t('dutiesLabel')}
            description={t('dutiesHint')}
            checked={organization.separatesDuties}
            disabled={!isAllowed || fetching}
            onChange={(event) => void change({ separatesDuties: event.currentTarget.checked })}
          />
        </Stack>
      </Stack>
    </Card>
  );
}
