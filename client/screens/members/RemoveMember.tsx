import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { FormFault } from '../../components/FormFault.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import type { MemberListItemFragment } from '../../generated/operationTypes.ts';
import { RemoveMemberDocument } from '../../generated/screens/members/members.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useSession } from '../../session/SessionProvider.tsx';
import { changeMessages } from './changeMessages.ts';

/** Says what goes with a member, and what does not; for oneself it is leaving. */
export function RemoveMember(props: {
  member: MemberListItemFragment;
  isOwn: boolean;
  isLastOwner: boolean;
  close(): void;
}) {
  const t = useMessages(changeMessages);
  const { organization } = useOrganization();
  const { refresh } = useSession();
  const navigate = useNavigate();
  const { isOwn, isLastOwner, close } = props;
  const { user } = props.member;
  const faults = useFormFaults(changeMessages, []);
  const [{ fetching }, remove] = useMutation(RemoveMemberDocument);
  const name = user.displayName;
  const run = async () => {
    faults.clear();
    const { data, error } = await remove({ input: { organizationId: organization.id, userId: user.id } });
    if (!faults.take({ error, faults: data?.memberRemove?.userErrors })) return;
    close();
    if (!isOwn) return;
    void navigate('/', { replace: true });
    await refresh();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={isOwn ? t('leave') : t('remove', { name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        {isLastOwner ? (
          <Alert color="orange">{t('lastOwner')}</Alert>
        ) : (
          <>
            <Text size="sm">{isOwn ? t('leaveText') : t('removeText', { name })}</Text>
            <Text size="sm">{t(isOwn ? 'leaveKeys' : 'removeKeys')}</Text>
          </>
        )}
        <FormFault text={faults.general} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t(isLastOwner ? 'close' : 'cancel')}
          </Button>
          {!isLastOwner && (
            <Button color="red" loading={fetching} onClick={() => void run()}>
              {t(isOwn ? 'leaveNow' : 'removeNow')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
