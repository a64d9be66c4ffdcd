import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { PayingScreen } from '../source/PayingScreen.tsx';
import { payMessages } from './messages.ts';
import { PayForm } from './PayForm.tsx';

/** One payment without a file: submitted at once, and approved like every batch. */
export function PayOne() {
  const t = useMessages(payMessages);
  const { organization, may } = useOrganization();
  return (
    <PayingScreen
      texts={{
        title: t('title'),
        lead: t('lead'),
        mayNot: t('mayNot'),
        mayNotHint: t('mayNotHint'),
        noAccountHint: t('noAccountHint'),
      }}
      isAllowed={may('BATCH_CREATE') && may('BATCH_SUBMIT')}
      form={(chains, accounts) => <PayForm key={organization.id} chains={chains} accounts={accounts} />}
    />
  );
}
