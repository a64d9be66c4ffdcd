import type { PayoutBatchStatus } from '../../generated/operationTypes.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { PauseButton } from '../pauses/PauseButton.tsx';
import { PauseNotice } from '../pauses/PauseNotice.tsx';
import type { ShownBatch } from './Batch.tsx';

/** Where a pause can still hold something back. */
const PAUSABLE: readonly PayoutBatchStatus[] = ['DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'EXECUTING'];

/** Stops the batch for now; nothing for who may not, or where nothing is left to stop. */
export function PauseBatch({ batch }: { batch: ShownBatch }) {
  const { may } = useOrganization();
  const { pending, submitted, undelivered } = batch.progress;
  const isMoving = PAUSABLE.includes(batch.status) && pending + submitted + undelivered > 0;
  const isOffered = may('PAYOUTS_PAUSE') && isMoving && batch.pause === null;
  return <PauseButton subjects={isOffered ? [{ scope: 'PAYOUT_BATCH', id: batch.id }] : []} />;
}

/** Every pause that holds the batch, the widest first. */
export function BatchPauses({ batch }: { batch: ShownBatch }) {
  const { account, organization, asset } = batch;
  if (!PAUSABLE.includes(batch.status)) return null;
  const onChain = organization.chainPauses.find(({ chain }) => chain?.id === asset.chain.id);
  const chain = { scope: 'CHAIN', ...asset.chain, organizationId: organization.id } as const;
  return (
    <>
      {onChain !== undefined && <PauseNotice subject={chain} pause={onChain} />}
      {account.pause !== null && (
        <PauseNotice
          subject={{ scope: 'ACCOUNT', id: account.id, name: account.name }}
          pause={account.pause}
        />
      )}
      {batch.pause !== null && (
        <PauseNotice subject={{ scope: 'PAYOUT_BATCH', id: batch.id }} pause={batch.pause} />
      )}
    </>
  );
}
