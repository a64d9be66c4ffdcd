import { expect } from 'vitest';
import { required } from '../../core/errors.ts';
import type { TestApi } from '../kit/api.ts';
import {
  nodeId,
  type Seed,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
} from '../kit/seed.ts';

export type PauseScope = 'chain' | 'account' | 'payoutBatch';

type Answer = {
  underWay: { payoutCount: number; transactionCount: number };
  eventCursor: string | null;
  userErrors: { code: string; path: string[] | null }[];
};

export const PAUSE_SCOPES: readonly PauseScope[] = ['chain', 'account', 'payoutBatch'];

/** What is asked of each pause. */
export const PAUSE =
  'scope reason pausedBy { ... on User { displayName } } pausedAt underWay { payoutCount transactionCount }';

/** An API, and in it an organization with a person of each role, an account with money, and a draft of three payouts. */
export class PausesKit {
  readonly api: TestApi;
  readonly seed: Seed;
  readonly acme: SeededOrganization;
  readonly account: SeededAccount;
  readonly batch: SeededBatch;

  private constructor(parts: Pick<PausesKit, 'api' | 'seed' | 'acme' | 'account' | 'batch'>) {
    this.api = parts.api;
    this.seed = parts.seed;
    this.acme = parts.acme;
    this.account = parts.account;
    this.batch = parts.batch;
  }

  static async create(api: TestApi, seed: Seed): Promise<PausesKit> {
    const acme = await seed.organization('Acme', {
      olga: ['OWNER'],
      adam: ['ADMIN'],
      petra: ['PROPOSER'],
      bob: ['APPROVER'],
      vera: ['VIEWER'],
    });
    const account = await acme.account();
    await account.hold(1_000_000_000n);
    return new PausesKit({ api, seed, acme, account, batch: await account.batch(3) });
  }

  member(name: string): SeededPerson {
    return required(this.acme.people[name], name);
  }

  /** Of the mutations that pause or resume the kit’s own. */
  inputOf(scope: PauseScope) {
    if (scope === 'account') return { accountId: this.account.id };
    if (scope === 'payoutBatch') return { payoutBatchId: this.batch.id };
    return { organizationId: this.acme.id, chainId: nodeId('Chain', this.seed.chainUuid) };
  }

  /** Asks for a mutation. @param select of its payload, beside its user errors */
  async send(person: SeededPerson, name: string, input: object, select: string) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${select} userErrors { code path message } } }`;
    return person.client.send<Record<string, Answer>>(document, { input });
  }

  async pause(scope: PauseScope, by = 'bob', reason = 'The node lies'): Promise<Answer> {
    const input = { ...this.inputOf(scope), reason };
    const select = 'underWay { payoutCount transactionCount } eventCursor';
    const { data, errors } = await this.send(this.member(by), `${scope}Pause`, input, select);
    expect(errors).toEqual([]);
    return data?.[`${scope}Pause`] as Answer;
  }

  async resume(scope: PauseScope, by = 'adam'): Promise<Answer> {
    const { data, errors } = await this.send(
      this.member(by),
      `${scope}Resume`,
      this.inputOf(scope),
      'eventCursor',
    );
    expect(errors).toEqual([]);
    return data?.[`${scope}Resume`] as Answer;
  }

  /** The draft’s blocker, and every pause that is shown with it. */
  async state() {
    const { payoutBatch } = await this.member('vera').client.request<{
      payoutBatch: {
        blocker: { code: string; message: string } | null;
        pause: object | null;
        account: { pause: object | null };
        organization: { chainPauses: object[] };
      };
    }>(
      `query ($id: ID!) { payoutBatch(id: $id) {
        blocker { code message } pause { ${PAUSE} payoutBatch { id } account { id } chain { id } }
        account { pause { ${PAUSE} account { id } } } organization { chainPauses { ${PAUSE} chain { name } } } } }`,
      { id: this.batch.id },
    );
    return payoutBatch;
  }
}
