import type { StackFile } from './embeddedStack.ts';

/** Says, on standard output, what is up and what to open and paste. */
export function printSummary({ api, evmRpc, chainId, demo }: StackFile, stackFilePath: string): void {
  const names = demo.approvers.map(({ label }) => label);
  console.log(`
Protocol Banks is ready.

  Open     ${api}/graphql
  Sign in  npm run sign-in -- ${names[0]}      prints a header to paste there (or ${names.slice(1).join(', ')})
  Pay      npm run payroll -- examples/payroll-1000.csv
  Chain    ${evmRpc} (chain id ${chainId}, a block a second)

  The demonstration treasury is funded; two of its three approvers must agree to a payment.
  All addresses, ids and development keys: ${stackFilePath}
  Stop with Ctrl-C or npm stop; npm run reset forgets all data.
`);
}
