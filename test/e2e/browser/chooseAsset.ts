import type { Page } from 'playwright-core';

/** What the file is paid in, where the import page does not know it by itself. */
export async function chooseAsset(page: Page, symbol: string): Promise<void> {
  await page.getByLabel('Asset', { exact: true }).first().click();
  await page.getByRole('option', { name: symbol, exact: true }).click();
}
