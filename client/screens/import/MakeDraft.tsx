import { Alert, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFilePlus } from '@tabler/icons-react';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import type { ImportAnswer, ImportTarget, RequestFault } from './importTypes.ts';
import { previewMessages } from './previewMessages.ts';
import type { Checked } from './useCheck.ts';
import { useMakeDraft } from './useMakeDraft.ts';
import type { ArrivedFile, UploadControl } from './useUpload.ts';

const ICON_PX = 18;

/** The one button that writes; and what holds it. */
export function MakeDraft(props: {
  arrived: ArrivedFile | null;
  target: ImportTarget | null;
  title: string;
  checked: Checked;
  isChecking: boolean;
  upload: UploadControl;
  onMade(batches: ImportAnswer['payoutBatches']): void;
  /** The server refuses the request as such: title, account, asset. */
  onRefused(faults: readonly RequestFault[]): void;
  /** The file has faults that it had not when it was checked. */
  onChanged(): void;
}) {
  const t = useMessages(previewMessages);
  const { may } = useOrganization();
  const draft = useMakeDraft(props);
  const blocked = blockedBy({ ...props, isAllowed: may('BATCH_CREATE') });
  return (
    <Card>
      <Stack gap="sm">
        {draft.fault !== null && (
          <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
            {draft.fault}
          </Alert>
        )}
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" id="import-make-hint" style={{ flex: '1 1 260px' }}>
            {blocked === null ? t('makeHint') : t(blocked)}
          </Text>
          <Button
            size="md"
            leftSection={<IconFilePlus size={ICON_PX} aria-hidden />}
            disabled={blocked !== null}
            loading={draft.isMaking}
            aria-describedby="import-make-hint"
            onClick={draft.make}
          >
            {t('make')}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function blockedBy(of: {
  isAllowed: boolean;
  arrived: ArrivedFile | null;
  isChecking: boolean;
  checked: Checked;
  title: string;
}) {
  if (!of.isAllowed) return 'blocked_mayNot';
  if (of.arrived === null) return 'blocked_arriving';
  if (of.isChecking) return 'blocked_checking';
  if (of.checked.answer.errorCount > 0 || of.checked.answer.userErrors.length > 0) return 'blocked_faults';
  return of.title.trim() === '' ? 'blocked_title' : null;
}
