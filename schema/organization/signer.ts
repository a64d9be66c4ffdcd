import type { SignerRow } from '../../resolvers/organization/loadSigners.ts';
import { builder } from '../builder.ts';

export const SignerKind = builder.enumType('SignerKind', {
  description: 'What a signer is made of.',
  values: {
    WALLET: { description: 'A wallet’s key.' },
    PASSKEY: { description: 'A passkey, verified on chain by a contract of its own.' },
  } as const,
});

export const Signer = builder.objectRef<SignerRow>('Signer');

builder.node(Signer, {
  description:
    'A key that a person approves with: a wallet, or a passkey with its on-chain verifier. Visible to its owner, and to members of the organizations that know its owner by it.',
  id: { resolve: (signer) => signer.id },
  loadWithoutCache: (id, context) => context.loaders.signer.load(id),
  fields: (t) => ({
    kind: t.expose('kind', { type: SignerKind, description: 'What it is made of.' }),
    label: t.exposeString('label', { description: 'What its owner calls it.' }),
    address: t.expose('address', {
      type: 'Address',
      description: 'Its address, by which accounts know it as an owner.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it became known here.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used to sign in or approve here; null for never.',
    }),
  }),
});
