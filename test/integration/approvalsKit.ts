import type { Hex } from 'viem';
import { required } from '../../core/errors.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';

export type ApprovalAnswer = {
  approval: { status: string } | null;
  payoutBatch: { status: string } | null;
  eventCursor: string | null;
  userErrors: { code: string }[];
};

/** An API, and an organization of which two of three must sign: alice, who proposes, bob and carol. */
export class ApprovalsKit {
  readonly api: TestApi;
  readonly acme: SeededOrganization;

  private constructor(api: TestApi, acme: SeededOrganization) {
    this.api = api;
    this.acme = acme;
  }

  static async start(): Promise<ApprovalsKit> {
    const api = await startTestApi();
    const seed = await seedWorld(api);
    const acme = await seed.organization('Acme', {
      alice: ['PROPOSER', 'APPROVER'],
      bob: ['APPROVER'],
      carol: ['APPROVER'],
    });
    return new ApprovalsKit(api, acme);
  }

  person(name: string): SeededPerson {
    return required(this.acme.people[name], name);
  }

  async mutate(name: string, actor: SeededPerson, input: Record<string, unknown>): Promise<ApprovalAnswer> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const object = name.startsWith('approval') ? 'approval' : 'payoutBatch';
    const answer = await actor.client.request<Record<string, ApprovalAnswer>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${object} { status } eventCursor userErrors { code } } }`,
      { input },
    );
    return answer[name] as ApprovalAnswer;
  }

  /** @param signature another than this person's over the approval's digest */
  async grant(name: string, approvalUuid: string, signature?: Hex): Promise<ApprovalAnswer> {
    const { signerId, wallet } = this.person(name);
    const { digest } = await this.approvalRow(approvalUuid);
    return this.mutate('approvalGrant', this.person(name), {
      approvalId: nodeId('Approval', approvalUuid),
      signerId: nodeId('Signer', signerId),
      signature: { wallet: signature ?? (await wallet.sign({ hash: digest as Hex })) },
    });
  }

  reject(name: string, approvalUuid: string): Promise<ApprovalAnswer> {
    return this.mutate('approvalReject', this.person(name), {
      approvalId: nodeId('Approval', approvalUuid),
      signerId: nodeId('Signer', this.person(name).signerId),
      reason: 'not this month',
    });
  }

  cancel(batch: SeededBatch): Promise<ApprovalAnswer> {
    return this.mutate('payoutBatchCancel', this.person('alice'), { payoutBatchId: batch.id });
  }

  approvalRow(uuid: string) {
    return this.api.database
      .selectFrom('approval')
      .selectAll()
      .where('id', '=', uuid)
      .executeTakeFirstOrThrow();
  }

  async batchStatus(batch: SeededBatch): Promise<string> {
    const row = await this.api.database
      .selectFrom('payoutBatch')
      .select('status')
      .where('id', '=', batch.uuid)
      .executeTakeFirstOrThrow();
    return row.status;
  }

  async eventsOf(subjectUuid: string): Promise<string[]> {
    const rows = await this.api.database
      .selectFrom('event')
      .select('type')
      .where('subjectId', '=', subjectUuid)
      .orderBy('number')
      .execute();
    return rows.map(({ type }) => type);
  }
}
