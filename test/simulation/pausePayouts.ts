import { setTimeout as delay } from 'node:timers/promises';
import { required } from '../../core/errors.ts';
import { decodeNodeId } from '../../core/ids.ts';
import type { Scene, Story } from './payBatch.ts';
import type { PersistentClient } from './persistentClient.ts';
import type { PlannedPause } from './plan.ts';

const LOOK_INTERVAL_MS = 50;
const REASON = 'Something is wrong';

/** A pause that was answered. */
export type PauseReport = {
  readonly scope: PlannedPause['scope'];
  readonly organizationUuid: string;
  /** Of the batch, the account or the chain. */
  readonly uuid: string;
  /** When it had been answered: from now on nothing new is signed. */
  readonly from: Date;
  /** When it was asked to end; null: it stands. */
  until: Date | null;
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
  const [uuid, organizationUuid] = [decodeNodeId(id).uuid, decodeNodeId(organization.id).uuid];
  const report: PauseReport = {
    ...{ scope: planned.scope, organizationUuid, uuid },
    ...{ from: new Date(), until: null },
  };
  reports.push(report);
  await driver.reach(planned.resumeTick);
  report.until = new Date();
  await tell(client, mutation, 'Resume', input);
  world.note(`resume of ${planned.scope} ${id}`);
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
