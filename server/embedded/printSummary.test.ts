import { expect, test, vi } from 'vitest';
import { developmentAccount, developmentPrivateKey } from './developmentAccounts.ts';
import { printSummary } from './printSummary.ts';

test('each approver has a link to sign in with, whose key no server sees', () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const approvers = ['Alice', 'Bob'].map((label, index) => ({
    label,
    address: developmentAccount(index).address,
    privateKey: developmentPrivateKey(index),
  }));
  const demo = { organizationId: 'o', accountId: 'a', assetId: 's', approvers };
  const operations = { api: 'http://a:1', worker: 'http://w:2', indexer: 'http://i:3' };
  printSummary(
    { api: 'http://localhost:4000', evmRpc: 'http://localhost:8545', chainId: 31_337, demo, operations },
    '/stack.json',
  );
  const text = `${printed.mock.lastCall?.[0]}`;
  printed.mockRestore();
  for (const url of Object.values(operations)) expect(text).toContain(`${url}/metrics`);
  const links = [...text.matchAll(/(\w+) +(http\S+sign-in\S+)/g)];
  expect(links.map(([, label]) => label)).toEqual(['Alice', 'Bob']);
  for (const [index, [, , link = '']] of links.entries()) {
    const { hash, pathname, search } = new URL(link);
    expect([pathname, search]).toEqual(['/sign-in', '']);
    expect(new URLSearchParams(hash.slice(1)).get('key')).toBe(developmentPrivateKey(index));
  }
});
