import { useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { CreatePayeeDocument, UpdatePayeeDocument } from '../../generated/screens/payees/payees.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import type { TypedDestination } from './destinations.ts';
import { payeeFormMessages } from './formMessages.ts';
import type { ListedPayee } from './listedPayee.ts';
import { type PayeeFault, usePayeeFaultText } from './payeeFaultText.ts';
import { readPercent, shareText } from './shares.ts';

type Typed = { name: string; reference: string; destinations: readonly TypedDestination[] };
type Answer = { error: CombinedError | undefined; userErrors: readonly PayeeFault[] };

/**
 * Saves what was typed, and keeps what the server says is wrong with it, by field.
 * @param payee null for a new one
 */
export function useSavePayee(payee: ListedPayee | null, done: () => void) {
  const t = useMessages(payeeFormMessages);
  const textOf = usePayeeFaultText();
  const client = useClient();
  const { organization } = useOrganization();
  // One key a form: pressing twice makes one payee.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [isSaving, setSaving] = useState(false);
  const [faults, setFaults] = useState<readonly PayeeFault[]>([]);
  const [error, setError] = useState<CombinedError | undefined>();

  const send = async ({ name, reference, destinations: typed }: Typed): Promise<Answer> => {
    const destinations = typed.map(({ assetId, address, percent }) => ({
      assetId: assetId ?? '',
      address,
      share: shareText(readPercent(percent) ?? 0n),
    }));
    if (payee !== null) {
      const input = { payeeId: payee.id, name, reference, destinations };
      const { data, error: failed } = await client.mutation(UpdatePayeeDocument, { input }).toPromise();
      return { error: failed, userErrors: data?.payeeUpdate?.userErrors ?? [] };
    }
    const input = { organizationId: organization.id, name, reference, destinations, idempotencyKey };
    const { data, error: failed } = await client.mutation(CreatePayeeDocument, { input }).toPromise();
    return { error: failed, userErrors: data?.payeeCreate?.userErrors ?? [] };
  };

  const save = async (typed: Typed) => {
    setFaults(missing(typed, t('required')));
    setError(undefined);
    if (missing(typed, '').length > 0) return;
    setSaving(true);
    const answer = await send(typed);
    setSaving(false);
    setFaults(answer.userErrors);
    setError(answer.error);
    if (answer.error === undefined && answer.userErrors.length === 0) done();
  };

  const faultAt = (...path: string[]): string | undefined => {
    const fault = faults.find((each) => each.path?.slice(1).join('.') === path.join('.'));
    return fault === undefined ? undefined : textOf(fault);
  };
  return { save, isSaving, faultAt, fault: formFault(error, faults, textOf, t) };
}

/** An asset is the one thing that the browser does not insist on by itself. */
function missing({ destinations }: Typed, message: string): PayeeFault[] {
  return destinations.flatMap(({ assetId }, index) =>
    assetId === null
      ? [{ reason: null, message, path: ['input', 'destinations', String(index), 'assetId'] }]
      : [],
  );
}

/** What is about no field. */
function formFault(
  error: CombinedError | undefined,
  faults: readonly PayeeFault[],
  textOf: (fault: PayeeFault) => string,
  t: (key: 'unanswered' | 'failed', values?: Record<string, string>) => string,
): string | null {
  if (error?.networkError !== undefined) return t('unanswered');
  if (error !== undefined) return t('failed', { why: error.graphQLErrors[0]?.message ?? error.message });
  const FIELDS = ['name', 'reference', 'destinations'];
  const other = faults.find(({ path }) => !FIELDS.includes(path?.[1] ?? ''));
  return other === undefined ? null : textOf(other);
}
