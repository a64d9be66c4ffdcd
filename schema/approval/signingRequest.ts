import { encodeNodeId } from '../../core/ids.ts';
import type { SigningRequest as SigningRequestOf } from '../../resolvers/approval/loadSigningRequests.ts';
import { builder } from '../builder.ts';

const ManifestFile = builder.objectRef<SigningRequestOf>('ManifestFile').implement({
  description:
    'Every chunk’s packed rows in order: rows → chunks → root → open() → Safe transaction → digest. Approvers keep it: with it anyone can execute the batch.',
  fields: (t) => ({
    url: t.string({
      description: 'Where to get it, with the same session. Needs READ in the organization.',
      resolve: ({ approvalId }, _args, context) =>
        `${context.publicOrigin}/manifests/${encodeNodeId('Approval', approvalId)}`,
    }),
    sha256: t.field({
      type: 'Hex',
      description: 'The SHA-256 of the file.',
      resolve: ({ manifestSha256 }) => `0x${manifestSha256}`,
    }),
    byteSize: t.exposeInt('manifestByteSize', { description: 'How many bytes it has.' }),
  }),
});

export const SigningRequest = builder.objectRef<SigningRequestOf>('SigningRequest').implement({
  description: 'All that a client or the offline verifier needs to rebuild the digest itself.',
  fields: (t) => ({
    digest: t.expose('digest', {
      type: 'Hex',
      description: 'The EIP-712 hash of the Safe transaction. Rebuild it from the manifest before signing.',
    }),
    typedData: t.field({
      type: 'JSON',
      description:
        'The same transaction as `eth_signTypedData_v4` takes it: a convenience that no verifier may trust.',
      resolve: ({ typedData }) => typedData,
    }),
    manifest: t.field({
      type: ManifestFile,
      description: 'The batch’s manifest file.',
      resolve: (request) => request,
    }),
    webauthn: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What a passkey is to sign; null while the account has no passkey among its owners.',
      resolve: () => null,
    }),
  }),
});
