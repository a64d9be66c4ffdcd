import type { AccountHeadFragment } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { accountMessages } from './messages.ts';

/** "2 of 3", or that nobody knows yet; null of what is no account. */
export function useSignatures(): (account: AccountHeadFragment, isLong?: boolean) => string | null {
  const t = useMessages(accountMessages);
  const format = useFormat();
  return ({ status, threshold, safe, approvers }, isLong = false) => {
    if (status === 'REFUSED') return null;
    const owners = safe === null ? approvers.length : safe.owners.length;
    if (threshold === 0 || owners === 0) return t('notRead');
    return t(isLong ? 'kOfNLong' : 'kOfN', { k: format.number(threshold), n: format.number(owners) });
  };
}
