import { required } from '../../core/errors.ts';
import { loadDestinations } from '../../resolvers/payee/loadDestinations.ts';
import type { PayeeRow } from '../../resolvers/payee/loadPayees.ts';
import { builder } from '../builder.ts';
import { Organization } from '../organization/organization.ts';
import { PayeeDestination } from './payeeDestination.ts';

export const Payee = builder.objectRef<PayeeRow>('Payee');

builder.node(Payee, {
  description:
    'Somebody in an organization’s address book. A line of an import is theirs when its reference is theirs or when it pays one of their addresses. Needs READ in its organization.',
  id: { resolve: (payee) => payee.id },
  loadWithoutCache: (id, context) => context.loaders.payee.load(id),
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'Whose address book it stands in.',
      resolve: async (payee, _args, context) =>
        required(await context.loaders.organization.load(payee.organizationId), 'The organization'),
    }),
    name: t.exposeString('name', { description: 'What the payee is called.' }),
    reference: t.exposeString('reference', {
      description:
        'What the payee is known as in files. Without regard to case it names one payee of the organization, archived ones aside.',
    }),
    destinations: t.field({
      type: [PayeeDestination],
      description:
        'Where the payee is paid, at most 10, in their order. A line that names the payee without an address is split over them; what cannot be divided goes to the first.',
      resolve: (payee, _args, context) => context.loaders.by(loadDestinations, payee.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken out of the address book; null while it stands there.',
    }),
  }),
});

export const PayeeConnection = builder.connectionObject(
  { type: Payee, name: 'PayeeConnection', description: 'One page of payees.' },
  { name: 'PayeeEdge', description: 'A payee with its position in the list.' },
);
