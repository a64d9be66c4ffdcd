import { Alert, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { FormModal } from '../../components/FormModal.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import type { MemberListItemFragment, Role } from '../../generated/operationTypes.ts';
import { ChangeMemberRolesDocument } from '../../generated/screens/members/members.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useSession, useUser } from '../../session/SessionProvider.tsx';
import { changeMessages } from './changeMessages.ts';
import { RolesField } from './RolesField.tsx';

/** What a member is to be from now on. What comes of it, the log says. */
export function ChangeRoles(props: { member: MemberListItemFragment; isLastOwner: boolean; close(): void }) {
  const t = useMessages(changeMessages);
  const { organization } = useOrganization();
  const viewer = useUser();
  const { refresh } = useSession();
  const { member, isLastOwner, close } = props;
  const { user } = member;
  const faults = useFormFaults(changeMessages, ['roles']);
  const [{ fetching }, change] = useMutation(ChangeMemberRolesDocument);
  const [roles, setRoles] = useState<readonly Role[]>(member.roles);
  const submit = async () => {
    faults.clear();
    const input = { organizationId: organization.id, userId: user.id, roles: [...roles] };
    const { data, error } = await change({ input });
    if (!faults.take({ error, faults: data?.memberRolesChange?.userErrors })) return;
    if (user.id === viewer.id) await refresh();
    close();
  };
  return (
    <FormModal
      title={t('change', { name: user.displayName })}
      close={close}
      fault={faults.general}
      action={t('changeNow')}
      isReady={roles.length > 0 && !(isLastOwner && !roles.includes('OWNER'))}
      isSending={fetching}
      send={submit}
    >
      {isLastOwner && !roles.includes('OWNER') && (
        <Alert color="orange" role="status">
          {t('lastOwner')}
        </Alert>
      )}
      <RolesField chosen={roles} choose={setRoles} fault={faults.at('roles')} />
      <Text size="sm" c="dimmed">
        {t('changeHint')}
      </Text>
    </FormModal>
  );
}
