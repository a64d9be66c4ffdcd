import { setTimeout as delay } from 'node:timers/promises';
import { required } from '../../core/errors.ts';
import { OWNERS_OTHER_TOOL } from './cast.ts';
import type { ChainDriver } from './chainDriver.ts';
import type { News } from './news.ts';
import { decimalAmount, type PayrollRow, payrollFile } from './payrollRows.ts';
import type { Account, People } from './people.ts';
import type { PersistentClient } from './persistentClient.ts';
import type { PlannedBatch } from './plan.ts';
import { sendAs } from './sendAs.ts';
import { useSafeElsewhere } from './useSafeElsewhere.ts';
import type { World } from './world.ts';

const ASK_INTERVAL_MS = 300;
/** A retry may be refused by the token, too; not for ever. */
const MAX_RETRIES = 4;
const TICKS_BETWEEN_REGRETS = 12;
const MAX_NOTE_CHARACTERS = 200;

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
const PAY_ONE = /* GraphQL */ `
  mutation PayOne($input: PayoutCreateInput!) {
    payoutCreate(input: $input) { payoutBatch { id } userErrors { code message } }
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
    payoutBatch(id: $id) {
      status
      blocker { code }
      progress { pending submitted included confirmed undelivered failed }
    }
  }
`;
type Progress = Record<'pending' | 'submitted' | 'included' | 'confirmed' | 'undelivered' | 'failed', number>;
type State = { status: string; blocker: { code: string } | null; progress: Progress };
type Made = { payoutBatch: { id: string } | null; userErrors: { code: string; message: string }[] };

export type Story = {
  readonly planned: PlannedBatch;
  readonly rows: readonly PayrollRow[];
  /** Batches that pay these rows: the first, and each retry of the one before. Ids of the API. */
  readonly batchIds: string[];
  /** As any approver may download it: with it, strangers can execute the first of the batches. */
  manifest: string | null;
};

/** Where people pay, and what they hear meanwhile. */
export type Scene = {
  readonly world: World;
  readonly people: People;
  readonly driver: ChainDriver;
  readonly news: News;
};

/** Somebody who pays from an account. */
type Payer = Scene & {
  readonly client: PersistentClient;
  readonly account: Account;
  readonly assetId: string;
  /** Whether a batch of the account is cancelled by plan: nothing else may leave a nonce behind that nothing uses. */
  readonly cancels: boolean;
};

/**
 * Pays a planned batch as people do: makes it, submits it, stops it when the plan says so; and where recipients were
 * refused, asks for them to be paid again, from the beginning and until it is granted.
 */
export async function payBatch(
  scene: Scene,
  { account, story }: { account: Account; story: Story },
): Promise<void> {
  const { world, people, driver } = scene;
  const client = required(people.approvers[0], 'Somebody').client;
  const { planned, batchIds } = story;
  const cancels = world.plan.batches.some(
    (batch) => batch.account === planned.account && batch.cancelTick !== null,
  );
  const payer: Payer = { ...scene, client, account, assetId: people.assetId, cancels };
  await driver.reach(planned.submitTick);
  let id = await make(payer, story, `batch ${world.plan.batches.indexOf(planned)}`);
  batchIds.push(id);
  if (planned.by !== 'SINGLE') await tell(payer, 'payoutBatchSubmit', SUBMIT, id);
  story.manifest = await readManifest(client, id);
  if (planned.cancelTick !== null) {
    await driver.reach(planned.cancelTick);
    await tell(payer, 'payoutBatchCancel', CANCEL, id);
  }
  if (planned.blockedRows.length === 0) return untilEnded(payer, id);
  for (let attempt = 1; attempt <= MAX_RETRIES; attempt += 1) {
    const next = await retryEagerly(payer, id, attempt);
    if (next === null) return;
    id = next;
    batchIds.push(id);
    await tell(payer, 'payoutBatchSubmit', SUBMIT, id);
  }
  await untilEnded(payer, id);
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

/** A single payment is submitted at once. @returns the batch, which is there once however often it was asked for */
async function make(payer: Payer, { planned, rows }: Story, key: string): Promise<string> {
  const { client, account, assetId } = payer;
  const terms = { accountId: account.id, assetId, idempotencyKey: key };
  const payouts = rows.map(({ recipient, units }) => ({ recipient, amount: decimalAmount(units) }));
  if (planned.by === 'SINGLE') {
    const answer = await client.ask<{ payoutCreate: Made }>(PAY_ONE, { input: { ...terms, ...payouts[0] } });
    return requireMade(answer.payoutCreate);
  }
  if (planned.by === 'FILE') {
    const input = { ...terms, title: key, file: null };
    const answer = await client.ask<{ payoutBatchImport: Made }>(IMPORT, { input }, payrollFile(rows));
    return requireMade(answer.payoutBatchImport);
  }
  const input = { ...terms, title: key, payouts };
  return requireMade((await client.ask<{ payoutBatchCreate: Made }>(CREATE, { input })).payoutBatchCreate);
}

function requireMade({ payoutBatch, userErrors }: Made): string {
  if (payoutBatch === null) throw new Error(`The batch was refused: ${JSON.stringify(userErrors)}`);
  return payoutBatch.id;
}

/** Does one thing to a batch; what the API has against it is noted, and it is not insisted on. */
async function tell({ world, client }: Payer, field: string, document: string, id: string): Promise<void> {
  const answer = await client.ask<Record<string, Made>>(document, { input: { payoutBatchId: id } });
  const [fault] = answer[field]?.userErrors ?? [];
  if (fault !== undefined) world.note(`${field}: ${fault.code} ${fault.message}`);
}

/** @returns the batch that pays the rows again; null when nothing is left to be paid */
async function retryEagerly(payer: Payer, id: string, attempt: number): Promise<string | null> {
  while (!payer.driver.isStopped()) {
    const { payoutBatchRetryFailed: retried } = await payer.client.ask<{ payoutBatchRetryFailed: Made }>(
      RETRY,
      { input: { payoutBatchId: id, idempotencyKey: `retry ${attempt} of ${id}` } },
    );
    if (retried.payoutBatch !== null) return retried.payoutBatch.id;
    const state = await readState(payer.client, id);
    if (state.status === 'COMPLETED' || (ENDED.includes(state.status) && state.progress.failed === 0))
      return null;
    await helpToEnd(payer, id, state);
    await delay(ASK_INTERVAL_MS);
  }
  return null;
}

async function untilEnded(payer: Payer, id: string): Promise<void> {
  const { world, driver, news } = payer;
  while (!driver.isStopped()) {
    const moves = news.batchMoves();
    const state = await readState(payer.client, id);
    if (ENDED.includes(state.status)) return;
    await helpToEnd(payer, id, state);
    // While there are faults, owners do no more than that.
    do await delay(ASK_INTERVAL_MS * 2);
    while (news.batchMoves() === moves && driver.tick() <= world.plan.quietTick && !driver.isStopped());
  }
}

/**
 * What only owners can do, once nothing is disturbed any more: close an open vault with rows that nobody will take, and
 * use up a nonce: of signatures that they have given and regret, or of a batch that they cancelled unsigned, when what they
 * signed after it says that it waits for that.
 */
async function helpToEnd(payer: Payer, id: string, state: State): Promise<void> {
  const { status, blocker, progress } = state;
  const { world, driver, cancels } = payer;
  if (driver.tick() <= world.plan.quietTick) return;
  if (status === 'CANCELLING' || (cancels && blocker?.code === 'NONCE_UNUSED')) return regret(payer);
  const underWay = progress.pending + progress.submitted + progress.included + progress.confirmed;
  if (status !== 'EXECUTING' || progress.undelivered === 0 || underWay > 0) return;
  await tell(payer, 'payoutBatchCancel', CANCEL, id);
}

async function regret({ world, driver, account }: Payer): Promise<void> {
  try {
    const data = await useSafeElsewhere(world, account.address);
    await sendAs(world, OWNERS_OTHER_TOOL, account.address, data);
  } catch (error) {
    // Others regret at the same moment, with the same nonce of the same sender.
    world.note(`a regret did not get through: ${String(error).slice(0, MAX_NOTE_CHARACTERS)}`);
  }
  await driver.reach(driver.tick() + TICKS_BETWEEN_REGRETS);
}

async function readState(client: PersistentClient, id: string): Promise<State> {
  return (await client.ask<{ payoutBatch: State }>(STATE, { id })).payoutBatch;
}
