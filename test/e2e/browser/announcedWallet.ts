import type { Page } from 'playwright-core';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

export const ANNOUNCED_NAME = 'Test Wallet';

/** Puts a wallet into a page that announces itself (EIP-6963) and signs whatever text it is asked to. @returns what it was asked */
export async function announceWallet(
  page: Page,
  { privateKey, chainId }: { privateKey: Hex; chainId: number },
): Promise<readonly string[]> {
  const account = privateKeyToAccount(privateKey);
  const asked: string[] = [];
  await page.exposeFunction('askTestWallet', async (method: string, params: Hex[]) => {
    asked.push(method);
    if (method === 'eth_requestAccounts') return [account.address];
    if (method === 'eth_chainId') return `0x${chainId.toString(16)}`;
    if (method === 'personal_sign') return account.signMessage({ message: { raw: params[0] as Hex } });
    throw new Error(`The test's wallet does not know ${method}.`);
  });
  await page.addInitScript((name) => {
    type Ask = (method: string, params: unknown[]) => Promise<unknown>;
    const { askTestWallet } = window as unknown as { askTestWallet: Ask };
    const detail = {
      info: { uuid: 'a1c6b2fc-0000-4000-8000-000000000001', name, icon: '', rdns: 'test.wallet' },
      provider: {
        request: ({ method, params = [] }: { method: string; params?: unknown[] }) =>
          askTestWallet(method, params),
      },
    };
    const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    addEventListener('eip6963:requestProvider', announce);
    announce();
  }, ANNOUNCED_NAME);
  return asked;
}
