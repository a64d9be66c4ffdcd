import type { ObjectRef } from '@pothos/core';
import type { Loaders } from '../resolvers/loaders.ts';
import type { SchemaTypes } from './builder.ts';
import type { PayloadBuilder } from './mutation.ts';

/** What mutations change and can read again by its id. */
type Changed = 'account' | 'approval' | 'invitation' | 'organization' | 'payee' | 'payout' | 'payoutBatch';

type Row<Name extends Changed> = NonNullable<Awaited<ReturnType<Loaders[Name]['load']>>>;

/**
 * A payload's field for what was changed: read anew by the payload's `<name>Id`, and null where that is.
 * @param what the description, but for when it is null
 */
export function changedObject<Name extends Changed, Payload extends { [Key in `${Name}Id`]: string | null }>(
  t: PayloadBuilder<Payload>,
  name: Name,
  type: ObjectRef<SchemaTypes, Row<Name>>,
  what: string,
  whenNull = 'when the request was refused',
) {
  return t.field({
    // Pothos cannot follow types that are still generic here; name, type and payload agree on them.
    type: type as unknown as ObjectRef<SchemaTypes, object>,
    nullable: true,
    description: `${what}; null ${whenNull}.`,
    resolve: (payload, _args, context): Promise<object | null> | null => {
      const id = payload[`${name}Id`];
      return id === null ? null : context.loaders[name].load(id);
    },
  });
}
