import { CHECKOUT_DATA } from '../env.ts';
import type { StackFile } from './embeddedStack.ts';
import { stackDirectory } from './stackDirectory.ts';

/** Says, on standard output, what is up and what to open and paste. The keys in it are development keys, known to all. */
export function printSummary(
  {
    api,
    evmRpc,
    chainId,
    demo,
    operations,
  }: Pick<StackFile, 'api' | 'evmRpc' | 'chainId' | 'demo' | 'operations'>,
  stackFilePath: string,
): void {
  const [first] = demo.approvers;
  const width = Math.max(...demo.approvers.map(({ label }) => label.length));
  const option = stackOption(stackFilePath);
  // In a fragment: no server, and no log of one, ever sees it.
  const signIns = demo.approvers.map(
    ({ label, privateKey }) => `  ${label.padEnd(width)}    ${api}/sign-in#key=${privateKey}`,
  );
  console.log(`
Protocol Banks is ready. Open a link to sign in as:

${signIns.join('\n')}

  GraphQL  ${api}/graphql; npm run sign-in -- ${first?.label}${option} prints a header to paste there
  Pay      npm run payroll -- examples/payroll-1000.csv${option}
  Chain    ${evmRpc} (chain id ${chainId}, a block a second)

  Metrics  ${Object.entries(operations)
    .map(([role, url]) => `${url}/metrics (${role})`)
    .join(', ')}

  The demonstration treasury is funded; two of its three approvers must agree to a payment.
  All addresses, ids and development keys: ${stackFilePath}
  Stop with Ctrl-C or npm stop; npm run reset forgets all data.
`);
}

/** The commands look in the checkout, whatever DATA_DIRECTORY says: what is elsewhere is named to them. */
function stackOption(stackFilePath: string): string {
  if (stackFilePath === stackDirectory(CHECKOUT_DATA).stackFile) return '';
  const isPlain = /^[\w./-]+$/.test(stackFilePath);
  return ` --stack ${isPlain ? stackFilePath : `'${stackFilePath.replaceAll("'", `'\\''`)}'`}`;
}
