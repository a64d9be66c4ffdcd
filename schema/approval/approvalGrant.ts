import type { Hex } from 'viem';
import { refuse } from '../../core/errors.ts';
import { approvalGrant } from '../../resolvers/approval/approvalGrant.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Approval } from './approval.ts';

const SignatureInput = builder.inputType('SignatureInput', {
  description: 'A signature over an approval’s digest: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    wallet: t.field({
      type: 'Hex',
      description:
        '65 bytes over the EIP-712 hash, by `eth_signTypedData_v4`. eth_sign signatures are refused.',
    }),
    passkey: t.field({
      type: 'JSON',
      description:
        'What `navigator.credentials.get` answered. Refused for now: accounts cannot have passkeys among their owners yet.',
    }),
  }),
});

const Input = builder.inputType('ApprovalGrantInput', {
  description: 'A signature for an approval.',
  fields: (t) => ({
    approvalId: t.id({ required: true, description: 'The approval.' }),
    signerId: t.id({ required: true, description: 'The viewer’s signer that signed.' }),
    signature: t.field({ type: SignatureInput, required: true, description: 'The signature.' }),
  }),
});

type Payload = { approvalId: string | null };

addMutation<typeof Input.$inferInput, Payload>('approvalGrant', {
  description:
    'Adds the viewer’s signature to an approval. With the last one that the threshold asks for, it is executed. Granting again with the same signer changes nothing. Needs APPROVAL_DECIDE, and a key that is an owner of the account on chain.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The approval was not found.',
    SIGNER_NOT_FOUND: 'The signer is not one of the viewer’s.',
    SIGNER_NOT_OWNER: 'The signer is not an owner of the account on chain.',
    SIGNATURE_INVALID: 'The signature is malformed or of a kind that is refused.',
    SIGNATURE_OF_ANOTHER_KEY: 'The signature is by another key, or over another digest.',
    APPROVAL_NOT_OPEN: 'The approval takes no more signatures.',
    APPROVAL_EXPIRED: 'The time to open the batch is over.',
    ALREADY_REJECTED: 'The viewer has rejected the approval with this signer.',
    DUTIES_SEPARATED:
      'The organization separates duties, and the viewer made, submitted or cancelled the batch. They may still reject.',
  },
  payloadFields: (t) => ({
    approval: changedObject(t, 'approval', Approval, 'The approval as it is now'),
  }),
  refused: { approvalId: null },
  resolve: ({ approvalId, signerId, signature }, context) =>
    approvalGrant(context, {
      approvalId: uuidInInput('Approval', approvalId),
      signerId: uuidInInput('Signer', signerId),
      signature: (signature.wallet ??
        refuse('SIGNATURE_INVALID', 'Passkeys cannot sign here yet. Sign with a wallet.', [
          'input',
          'signature',
        ])) as Hex,
    }),
});
