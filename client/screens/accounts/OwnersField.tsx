import { Anchor, Badge, Checkbox, Group, Input, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { MAX_PAGE_SIZE } from '../../../core/limits.ts';
import { PagedList } from '../../components/PagedList.tsx';
import { usePages } from '../../components/usePages.ts';
import type { AccountOwnerChoicesQuery } from '../../generated/operationTypes.ts';
import { AccountOwnerChoicesDocument } from '../../generated/screens/accounts/accounts.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useUser } from '../../session/SessionProvider.tsx';
import { openMessages } from './openMessages.ts';

export type ChosenOwner = { signerId: string; userId: string; name: string };
type Members = NonNullable<NonNullable<AccountOwnerChoicesQuery['organization']>['members']>;
type Member = Members['edges'][number]['node'];
type Choice = { chosen: readonly ChosenOwner[]; choose(owners: readonly ChosenOwner[]): void };

/** Whose keys are to own the account: of each approver, the addresses by which the organization knows them. */
export function OwnersField({ chosen, choose, fault }: Choice & { fault: string | undefined }) {
  const t = useMessages(openMessages);
  const twice = namesOfTwo(chosen);
  return (
    <Checkbox.Group
      label={t('owners')}
      description={t('ownersHint')}
      error={fault}
      value={chosen.map(({ signerId }) => signerId)}
      required
    >
      <Stack gap="xs" mt="xs">
        <MemberList chosen={chosen} choose={choose} />
        {chosen.length > 0 && (
          <Text size="sm" role="status">
            {t('ownersOrder', { count: chosen.length })}
            {twice.length > 0 && ` · ${t('samePerson', { names: twice.join(', ') })}`}
          </Text>
        )}
      </Stack>
    </Checkbox.Group>
  );
}

function namesOfTwo(chosen: readonly ChosenOwner[]): string[] {
  const counts = Map.groupBy(chosen, ({ userId }) => userId);
  return [...counts.values()].flatMap(([first, second]) =>
    first === undefined || second === undefined ? [] : [first.name],
  );
}

function MemberList({ chosen, choose }: Choice) {
  const t = useMessages(openMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: AccountOwnerChoicesDocument,
    variables: { organizationId: organization.id },
    pageSize: MAX_PAGE_SIZE,
    select: (data) => data.organization?.members,
    keyOf: ({ user }) => user.id,
    concerns: ({ type }) => type.startsWith('MEMBER'),
  });
  return (
    <PagedList pages={pages} more={t('moreMembers')} gap="xs" buttonSize="xs" empty={null}>
      {({ nodes, hasNextPage }) => (
        <MemberChoices members={nodes} isAll={!hasNextPage} chosen={chosen} choose={choose} />
      )}
    </PagedList>
  );
}

function MemberChoices({
  members,
  isAll,
  chosen,
  choose,
}: Choice & { members: readonly Member[]; isAll: boolean }) {
  const t = useMessages(openMessages);
  const approvers = members.filter(({ roles }) => roles.includes('APPROVER'));
  const offered = approvers.filter(({ user }) => user.signers.length > 0);
  const lacking = members.filter(({ roles }) => !roles.includes('APPROVER'));
  const keyless = approvers.filter(({ user }) => user.signers.length === 0);
  const names = (list: readonly Member[]) => list.map(({ user }) => user.displayName).join(', ');
  return (
    <Stack gap="xs">
      {offered.length === 0 && isAll && (
        <Text size="sm">
          <strong>{t('noOwners')}.</strong> {t('noOwnersHint')}{' '}
          <Anchor component={Link} to="/members" inherit>
            {t('toMembers')}
          </Anchor>
        </Text>
      )}
      {offered.map((member) => (
        <MemberKeys key={member.user.id} member={member} chosen={chosen} choose={choose} />
      ))}
      {lacking.length > 0 && (
        <Input.Description>{t('notOffered', { names: names(lacking) })}</Input.Description>
      )}
      {keyless.length > 0 && (
        <Input.Description>{t('noSigner', { names: names(keyless) })}</Input.Description>
      )}
    </Stack>
  );
}

function MemberKeys({ member, chosen, choose }: Choice & { member: Member }) {
  const t = useMessages(openMessages);
  const viewer = useUser();
  const { user } = member;
  const toggle = (signerId: string, is: boolean) => {
    const others = chosen.filter((owner) => owner.signerId !== signerId);
    choose(is ? [...others, { signerId, userId: user.id, name: user.displayName }] : others);
  };
  return user.signers.map(({ id, kind, address }) => (
    <Checkbox.Card key={id} value={id} radius="md" p="sm" onChange={(is) => toggle(id, is)}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Checkbox.Indicator mt={2} />
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} size="sm">
              {user.displayName}
            </Text>
            {user.id === viewer.id && (
              <Badge size="sm" variant="default">
                {t('you')}
              </Badge>
            )}
            <Text size="xs" c="dimmed">
              {t(kind === 'PASSKEY' ? 'passkey' : 'wallet')}
            </Text>
          </Group>
          <Text ff="monospace" size="xs" style={{ overflowWrap: 'anywhere' }}>
            {address}
          </Text>
        </div>
      </Group>
    </Checkbox.Card>
  ));
}
