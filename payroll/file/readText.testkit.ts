import { getAddress } from 'viem';
import { readPayoutFile } from './readPayoutFile.ts';
import type { FileRules } from './rowReader.ts';

/** For tests: an account on “Base” that pays USDC of six decimals. */
export const TEST_RULES: FileRules = {
  chainName: 'Base',
  assetSymbol: 'USDC',
  decimals: 6,
  token: getAddress(`0x${'11'.repeat(20)}`),
  payer: getAddress(`0x${'22'.repeat(20)}`),
  factory: getAddress(`0x${'33'.repeat(20)}`),
  implementation: getAddress(`0x${'44'.repeat(20)}`),
};

/** For tests: reads a file from its content. */
export async function readText(content: string | Uint8Array<ArrayBuffer>, sheet: string | null = null) {
  const file = new Blob([content]);
  const { preview, sheets, lines, issues } = await readPayoutFile(file, TEST_RULES, { sheet });
  const { issueCount, errorCount } = issues;
  return { preview, sheets, lines, issues: issues.kept(), issueCount, errorCount };
}
