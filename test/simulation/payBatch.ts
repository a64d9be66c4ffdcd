import { setTimeout as delay } from 'node:timers/promises';
import type { ChainDriver } from './chainDriver.ts';
import { decimalAmount, type PayrollRow, payrollFile } from './payrollRows.ts';
import type { Account, People } from './people.ts';
import type { PersistentClient } from './persistentClient.ts';
import type { PlannedBatch } from './plan.ts';
import type { World } from './world.ts';

const ASK_INTERVAL_MS = 300;
/** A retry may be refused by the token, too; not for ever. */
const MAX_RETRIES = 4;

const ENDED = ['COMPLETED', 'PARTIALLY_FAILED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED'];
const CREATE = /* GraphQL */ `
  mutation Create($input: PayoutBatchCreateInput!) {
    payoutBatchCreate(input: $input) { payoutBatch { id } userErrors { code message } }
  }
`;
const IMPORT = /* GraphQL */ `
  mutation Import($input: PayoutBatchImportInput!) {
    payoutBatchImport(input: $input) { payoutBatch { id } userErrors { code message } }
  }
`;
const SUBMIT = /* GraphQL */ `
  mutation Submit($input: PayoutBatchSubmitInput!) {
    payoutBatchSubmit(input: $input) { payoutBatch { id } userErrors { code message } }
  }
`;
const CANCEL = /* GraphQL */ `
  mutation Cancel($input: PayoutBatchCancelInput!) {
    payoutBatchCancel(input: $input) { payoutBatch { id } userErrors { code message } }
  }
`;
const RETRY = /* GraphQL */ `
  mutation Retry($input: PayoutBatchRetryFailedInput!) {
    payoutBatchRetryFailed(input: $input) { payoutBatch { id } userErrors { code message } }
  }
`;
const STATE = /* GraphQL */ `
  query State($id: ID!) {
    payoutBatch(id: $id) { status progress { pending submitted included confirmed undelivered failed } }
  }
`;
type Progress = Record<'pending' | 'submitted' | 'included' | 'confirmed' | 'undelivered' | 'failed', number>;
type State = { status: string; progress: Progress };
type Made = { payoutBatch: { id: string } | null; userErrors: { code: string; message: string }[] };

export type Story = {
  readonly planned: PlannedBatch;
  readonly rows: readonly PayrollRow[];
  /** Batches that pay these rows: the first, and each retry of the one before. Ids of the API. */
  readonly batchIds: string[];
  /** As any approver may download it: with it, strangers can execute the first of the batches. */
  manifest: string | null;
};

/**
 * Pays a planned batch as people do: makes it, submits it, stops it when the plan says so; and where recipients were
 * refused, asks for them to be paid again, from the beginning and until it is granted.
 */
export async function payBatch(
  world: World,
  people: People,
  driver: ChainDriver,
  { account, story }: { account: Account; story: Story },
): Promise<void> {
  const client = people.approvers[0]?.client as PersistentClient;
  const { planned, batchIds } = story;
  await driver.reach(planned.submitTick);
  let id = await make(client, people, account, story, `batch ${world.plan.batches.indexOf(planned)}`);
  batchIds.push(id);
  await tell(world, client, 'payoutBatchSubmit', SUBMIT, id);
  story.manifest = await readManifest(client, id);
  if (planned.cancelTick !== null) {
    await driver.reach(planned.cancelTick);
    await tell(world, client, 'payoutBatchCancel', CANCEL, id);
  }
  if (planned.blockedRows.length === 0) return untilEnded(world, client, driver, id);
  for (let attempt = 1; attempt <= MAX_RETRIES; attempt += 1) {
    const next = await retryEagerly(world, client, driver, id, attempt);
    if (next === null) return;
    id = next;
    batchIds.push(id);
    await tell(world, client, 'payoutBatchSubmit', SUBMIT, id);
  }
  await untilEnded(world, client, driver, id);
}

async function readManifest(client: PersistentClient, id: string): Promise<string | null> {
  type Approvals = { approvals: { edges: { node: { id: string } }[] } };
  const { payoutBatch } = await client.ask<{ payoutBatch: Approvals }>(
    'query Approval($id: ID!) { payoutBatch(id: $id) { approvals(last: 1) { edges { node { id } } } } }',
    { id },
  );
  const approval = payoutBatch.approvals.edges[0]?.node;
  return approval === undefined ? null : client.read(`/manifests/${approval.id}`);
}

async function make(
  client: PersistentClient,
  people: People,
  account: Account,
  { planned, rows }: Story,
  key: string,
): Promise<string> {
  const input = { accountId: account.id, assetId: people.assetId, title: key, idempotencyKey: key };
  const made =
    planned.by === 'FILE'
      ? (
          await client.ask<{ payoutBatchImport: Made }>(
            IMPORT,
            { input: { ...input, file: null } },
            payrollFile(rows),
          )
        ).payoutBatchImport
      : (
          await client.ask<{ payoutBatchCreate: Made }>(CREATE, {
            input: {
              ...input,
              payouts: rows.map(({ recipient, units }) => ({ recipient, amount: decimalAmount(units) })),
            },
          })
        ).payoutBatchCreate;
  if (made.payoutBatch === null) throw new Error(`The batch was refused: ${JSON.stringify(made.userErrors)}`);
  return made.payoutBatch.id;
}

/** Does one thing to a batch; what the API has against it is noted, and it is not insisted on. */
async function tell(
  world: World,
  client: PersistentClient,
  field: string,
  document: string,
  id: string,
): Promise<void> {
  const answer = await client.ask<Record<string, Made>>(document, { input: { payoutBatchId: id } });
  const [fault] = answer[field]?.userErrors ?? [];
  if (fault !== undefined) world.note(`${field}: ${fault.code} ${fault.message}`);
}

/** @returns the batch that pays the rows again; null when nothing is left to be paid */
async function retryEagerly(
  world: World,
  client: PersistentClient,
  driver: ChainDriver,
  id: string,
  attempt: number,
): Promise<string | null> {
  while (!driver.isStopped()) {
    const { payoutBatchRetryFailed: retried } = await client.ask<{ payoutBatchRetryFailed: Made }>(RETRY, {
      input: { payoutBatchId: id, idempotencyKey: `retry ${attempt} of ${id}` },
    });
    if (retried.payoutBatch !== null) return retried.payoutBatch.id;
    const { status, progress } = await readState(client, id);
    if (status === 'COMPLETED' || (ENDED.includes(status) && progress.failed === 0)) return null;
    await closeWhatOwes(world, client, driver, id, { status, progress });
    await delay(ASK_INTERVAL_MS);
  }
  return null;
}

async function untilEnded(
  world: World,
  client: PersistentClient,
  driver: ChainDriver,
  id: string,
): Promise<void> {
  while (!driver.isStopped()) {
    const state = await readState(client, id);
    if (ENDED.includes(state.status)) return;
    await closeWhatOwes(world, client, driver, id, state);
    await delay(ASK_INTERVAL_MS * 2);
  }
}

/** Once nothing is disturbed any more: an open vault with rows that nobody will take is closed by its owners. */
async function closeWhatOwes(
  world: World,
  client: PersistentClient,
  driver: ChainDriver,
  id: string,
  { status, progress }: State,
): Promise<void> {
  const underWay = progress.pending + progress.submitted + progress.included + progress.confirmed;
  if (status !== 'EXECUTING' || progress.undelivered === 0 || underWay > 0) return;
  if (driver.tick() > world.plan.quietTick) await tell(world, client, 'payoutBatchCancel', CANCEL, id);
}

async function readState(client: PersistentClient, id: string): Promise<State> {
  return (await client.ask<{ payoutBatch: State }>(STATE, { id })).payoutBatch;
}
