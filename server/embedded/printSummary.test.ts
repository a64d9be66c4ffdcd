import { expect, test, vi } from 'vitest';
import { CHECKOUT_DATA } from '../env.ts';
import { developmentAccount, developmentPrivateKey } from './developmentAccounts.ts';
import { printSummary } from './printSummary.ts';
import { stackDirectory } from './stackDirectory.ts';

function summaryOf(stackFile: string, labels = ['Alice', 'Bob']): string {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const approvers = labels.map((label, index) => ({
    label,
    address: developmentAccount(index).address,
    privateKey: developmentPrivateKey(index),
  }));
  const demo = { organizationId: 'o', accountId: 'a', assetId: 's', approvers };
  printSummary(
    {
      api: 'http://localhost:4000',
      evmRpc: 'http://localhost:8545',
      chainId: 31_337,
      demo,
      operations: OPERATIONS,
    },
    stackFile,
  );
  const text = `${printed.mock.lastCall?.[0]}`;
  printed.mockRestore();
  return text;
}

const OPERATIONS = { api: 'http://a:1', worker: 'http://w:2', indexer: 'http://i:3' };

test.each([
  [stackDirectory(CHECKOUT_DATA).stackFile, ''],
  ['/elsewhere/stack.json', ' --stack /elsewhere/stack.json'],
  ["/else where/it's.json", ` --stack '/else where/it'\\''s.json'`],
])('the commands that it names find %s', (path, option) => {
  const text = summaryOf(path);
  expect(text).toContain(`npm run sign-in -- Alice${option} prints`);
  expect(text).toContain(`npm run payroll -- examples/payroll-1000.csv${option}\n`);
});

test('each approver has a link to sign in with, whose key no server sees', () => {
  const text = summaryOf('/stack.json');
  for (const url of Object.values(OPERATIONS)) expect(text).toContain(`${url}/metrics`);
  const links = [...text.matchAll(/(\w+) +(http\S+sign-in\S+)/g)];
  expect(links.map(([, label]) => label)).toEqual(['Alice', 'Bob']);
  for (const [index, [, , link = '']] of links.entries()) {
    const { hash, pathname, search } = new URL(link);
    expect([pathname, search]).toEqual(['/sign-in', '']);
    expect(new URLSearchParams(hash.slice(1)).get('key')).toBe(developmentPrivateKey(index));
  }
});
