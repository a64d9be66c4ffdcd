import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { required } from '../../core/errors.ts';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import type { AuditInput } from '../audit/auditPayments.ts';
import { RELAYERS } from './cast.ts';
import type { Ended } from './ended.ts';
import type { Story } from './payBatch.ts';
import { payrollFile } from './payrollRows.ts';
import type { PersistentClient } from './persistentClient.ts';

const AUDIT = fileURLToPath(new URL('../audit/auditPayments.ts', import.meta.url));
const PAGE_SIZE = 100;
const PAYOUTS = /* GraphQL */ `
  query Payouts($id: ID!, $first: Int!, $after: String) {
    payoutBatch(id: $id) {
      payouts(first: $first, after: $after) {
        edges { node { recipient status amount { units } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

type Payout = { recipient: string; status: string; amount: { units: string } };
type Page = {
  payoutBatch: {
    payouts: { edges: { node: Payout }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
};
type NotPaid = NonNullable<AuditInput['notPaid']>;

/**
 * The audit that imports nothing of this project looks at the chain, the files and what the API says of rows that were not
 * paid, as a process of its own.
 */
export async function checkAudit({ world, people, stories }: Ended): Promise<string | null> {
  const client = required(people.approvers[0], 'An approver').client;
  const paying = stories.filter(({ batchIds }) => batchIds.length > 0);
  const input: AuditInput = {
    rpcUrl: world.rpcUrl,
    token: world.slot.contracts.DevelopmentUSDC,
    payrolls: paying.map(({ rows }, index) => {
      const file = join(world.directory, `payroll-${index}.csv`);
      writeFileSync(file, payrollFile(rows));
      return { file };
    }),
    notPaid: (await Promise.all(paying.map((story) => readNotPaid(client, story)))).flat(),
    blocks: {
      from: people.fundedBlock,
      factory: world.slot.contracts.PayoutVaultFactory,
      accounts: people.accounts.map(({ address }) => address),
      relayers: RELAYERS.map((index) => developmentAccount(index).address),
    },
  };
  const path = join(world.directory, 'audit.json');
  writeFileSync(path, JSON.stringify(input));
  const child = spawn(process.execPath, [AUDIT, path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [[code], explained] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return code === 0 ? null : explained;
}

/** Rows that no batch of the story is told to have paid, as the last batch that has them tells. */
async function readNotPaid(client: PersistentClient, { batchIds }: Story): Promise<NotPaid> {
  const last = new Map<string, Payout>();
  for (const id of batchIds) {
    for (const payout of await readPayouts(client, id)) last.set(payout.recipient, payout);
  }
  return [...last.values()]
    .filter(({ status }) => status !== 'FINAL')
    .map(({ recipient, status, amount: { units } }) => ({
      ...{ recipient, units },
      moneyIn: status === 'UNDELIVERED' ? 'VAULT' : 'ACCOUNT',
    }));
}

async function readPayouts(client: PersistentClient, id: string): Promise<Payout[]> {
  const found: Payout[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page = await client.ask<Page>(PAYOUTS, { id, first: PAGE_SIZE, after });
    const { edges, pageInfo } = page.payoutBatch.payouts;
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}
