import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { PauseButton } from '../pauses/PauseButton.tsx';
import { PauseNotice } from '../pauses/PauseNotice.tsx';
import type { Pausable } from '../pauses/pauseTypes.ts';
import type { ShownAccount } from './Account.tsx';

function pausesOf({ id, name, pause, chain, organization }: ShownAccount) {
  return [
    { subject: { scope: 'ACCOUNT', id, name }, pause },
    {
      subject: { scope: 'CHAIN', id: chain.id, name: chain.name, organizationId: organization.id },
      pause: organization.chainPauses.find((each) => each.chain?.id === chain.id) ?? null,
    },
  ] satisfies { subject: Pausable; pause: unknown }[];
}

/** Stops the account, or all of the organization's on its chain, for now. */
export function PauseAccount({ account }: { account: ShownAccount }) {
  const { may } = useOrganization();
  const isOffered = account.status === 'ACTIVE' && may('PAYOUTS_PAUSE');
  const going = pausesOf(account).flatMap(({ subject, pause }) => (pause === null ? [subject] : []));
  return <PauseButton subjects={isOffered ? going : []} />;
}

/** What of it is paused, the widest first. */
export function AccountPauses({ account }: { account: ShownAccount }) {
  return pausesOf(account)
    .reverse()
    .map(
      ({ subject, pause }) =>
        pause !== null && <PauseNotice key={subject.scope} subject={subject} pause={pause} />,
    );
}
