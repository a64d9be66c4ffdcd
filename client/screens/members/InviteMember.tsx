import { Modal, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { MAX_NAME_CHARACTERS } from '../../../core/limits.ts';
import { ModalForm } from '../../components/FormModal.tsx';
import { useFormFaults } from '../../components/useFormFaults.ts';
import type { InviteMemberMutation, Role } from '../../generated/operationTypes.ts';
import { InviteMemberDocument } from '../../generated/screens/members/members.ts';
import { useIdempotencyKey } from '../../graphql/useIdempotencyKey.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { changeMessages } from './changeMessages.ts';
import { InvitationLink } from './InvitationLink.tsx';
import { RolesField } from './RolesField.tsx';

type Invitation = NonNullable<NonNullable<InviteMemberMutation['memberInvite']>['invitation']>;
/** `secret` is null where its answer was lost. It lives no longer than this dialog. */
type Made = { invitation: Invitation; secret: string | null };

/** Asks who is to come in and as what; then shows the link, once. */
export function InviteMember({ close }: { close(): void }) {
  const t = useMessages(changeMessages);
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Modal
      opened
      onClose={close}
      title={t('invite')}
      size="lg"
      // The link is shown once: a click beside it must not lose it.
      closeOnClickOutside={made === null}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {made === null ? (
        <InviteForm close={close} done={setMade} />
      ) : (
        <InvitationLink invitation={made.invitation} secret={made.secret} close={close} />
      )}
    </Modal>
  );
}

function InviteForm({ close, done }: { close(): void; done(made: Made): void }) {
  const t = useMessages(changeMessages);
  const { organization } = useOrganization();
  const faults = useFormFaults(changeMessages, ['displayName', 'roles', 'address']);
  const keyFor = useIdempotencyKey();
  const [{ fetching }, invite] = useMutation(InviteMemberDocument);
  const [displayName, setDisplayName] = useState('');
  const [address, setAddress] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>([]);

  const submit = async () => {
    faults.clear();
    const wallet = address.trim();
    const input = {
      organizationId: organization.id,
      displayName,
      roles: [...roles],
      ...(wallet === '' ? {} : { address: wallet }),
    };
    const { data, error } = await invite({ input: { ...input, idempotencyKey: keyFor(input) } });
    const answer = data?.memberInvite;
    if (!faults.take({ error, faults: answer?.userErrors }) || answer?.invitation == null) return;
    done({ invitation: answer.invitation, secret: answer.secret });
  };

  return (
    <ModalForm
      close={close}
      lead={<Text size="sm">{t('inviteLead')}</Text>}
      fault={faults.general}
      action={t('inviteNow')}
      isReady={displayName.trim() !== '' && roles.length > 0}
      isSending={fetching}
      send={submit}
    >
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
        error={faults.at('displayName')}
        maxLength={MAX_NAME_CHARACTERS}
        autoComplete="off"
        required
        data-autofocus
      />
      <RolesField chosen={roles} choose={setRoles} fault={faults.at('roles')} />
      <TextInput
        label={t('wallet')}
        description={t('walletHint')}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={faults.at('address')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        autoComplete="off"
        spellCheck={false}
      />
    </ModalForm>
  );
}
