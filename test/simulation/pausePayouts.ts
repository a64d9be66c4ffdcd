import { setTimeout as delay } from 'node:timers/promises';
import { required } from '../../core/errors.ts';
import { decodeNodeId } from '../../core/ids.ts';
import type { Scene, Story } from './payBatch.ts';
import type { PersistentClient } from './persistentClient.ts';
import type { PlannedPause } from './plan.ts';
import type { World } from './world.ts';

const LOOK_INTERVAL_MS = 50;
const REASON = 'Something is wrong';

/** A pause that was answered, and was asked to end. */
export type PauseReport = {
  readonly scope: PlannedPause['scope'];
  /** Of the batch, the account or the chain. */
  readonly uuid: string;
  /** What was committed for it between the two, although it was not to be signed. */
  readonly signed: readonly string[];
};

/** What is paused, as the mutations name it. */
type Subject = {
  readonly id: string;
  readonly mutation: 'payoutBatch' | 'account' | 'chain';
  readonly input: Readonly<Record<string, string>>;
};

/** Holds what the plan has, and lets it go on. A batch that was not made meanwhile, or has ended, is not held. */
export async function pausePayouts(
  scene: Scene,
  stories: readonly Story[],
  planned: PlannedPause,
  reports: PauseReport[],
): Promise<void> {
  const { driver, people, world } = scene;
  const story = required(stories[planned.batch], 'The batch of a pause');
  const { organization } = required(people.accounts[story.planned.account], 'The account of a batch');
  const { client } = required(people.approvers[1], 'Somebody');
  await driver.reach(planned.tick);
  const subject = await findSubject(scene, story, planned);
  if (subject === null) return;
  const { id, mutation, input } = subject;
  const fault = await tell(client, mutation, 'Pause', { ...input, reason: REASON });
  world.note(`pause of ${planned.scope} ${id}: ${fault ?? 'done'}`);
  if (fault !== null) return;
  const { uuid } = decodeNodeId(id);
  const findSigned = () => findSignedFor(world, planned.scope, uuid, decodeNodeId(organization.id).uuid);
  const before = new Set(await findSigned());
  await driver.reach(planned.resumeTick);
  const signed = (await findSigned()).filter((one) => !before.has(one));
  reports.push({ scope: planned.scope, uuid, signed });
  const refusal = await tell(client, mutation, 'Resume', input);
  world.note(`resume of ${planned.scope} ${id}: ${refusal ?? 'done'}`);
}

const COLUMN = { BATCH: 'id', ACCOUNT: 'account_id', CHAIN: 'chain_id' } as const;

/**
 * What a pause keeps from being signed, as far as it was. A higher fee for a nonce that has its transaction is nothing new,
 * and a close that the owners have signed brings money back.
 */
async function findSignedFor(
  world: World,
  scope: PlannedPause['scope'],
  uuid: string,
  organizationUuid: string,
): Promise<string[]> {
  const rows = await world.sql<{ signed: string }>(
    `select signed.kind || ' ' || signed.hash || ' of batch ' || batch.id as signed
    from payout_batch batch
    join chain_transaction signed on signed.batch_id = batch.id and signed.raw_transaction is not null
    where batch.organization_id = $1 and batch.${COLUMN[scope]} = $2
      and (signed.kind in ('OPEN', 'CHUNK', 'RETRY') or (signed.kind = 'CLOSE' and signed.approval_id is null))
      and not exists (select from chain_transaction earlier
        where earlier.sender = signed.sender and earlier.nonce = signed.nonce and earlier.id < signed.id
          and earlier.batch_id = signed.batch_id and earlier.kind = signed.kind)`,
    [organizationUuid, uuid],
  );
  return rows.map(({ signed }) => signed);
}

async function findSubject(scene: Scene, story: Story, planned: PlannedPause): Promise<Subject | null> {
  const { people, driver } = scene;
  const { id: accountId, organization } = required(people.accounts[story.planned.account], 'The account');
  if (planned.scope === 'ACCOUNT') return { id: accountId, mutation: 'account', input: { accountId } };
  if (planned.scope === 'CHAIN') {
    const { chainId } = people;
    return { id: chainId, mutation: 'chain', input: { organizationId: organization.id, chainId } };
  }
  while (story.batchIds.length === 0 && driver.tick() < planned.resumeTick && !driver.isStopped())
    await delay(LOOK_INTERVAL_MS);
  const [id] = story.batchIds;
  return id === undefined ? null : { id, mutation: 'payoutBatch', input: { payoutBatchId: id } };
}

/** @returns what the API has against it, or null */
async function tell(
  client: PersistentClient,
  mutation: Subject['mutation'],
  verb: 'Pause' | 'Resume',
  input: Readonly<Record<string, string>>,
): Promise<string | null> {
  const field = `${mutation}${verb}`;
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const document = `mutation Control($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`;
  const answer = await client.ask<Record<string, { userErrors: { code: string }[] }>>(document, { input });
  return answer[field]?.userErrors[0]?.code ?? null;
}
