import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Address, getAddress } from 'viem';
import { z } from 'zod';
import { CliError } from './cliError.ts';

/** What `npm start` writes once everything is ready. The keys are development keys of the embedded chain. */
const stackFile = z.object({
  api: z.url(),
  evmRpc: z.url(),
  chainId: z.int().positive(),
  contracts: z.record(z.string(), z.string()),
  demo: z.object({
    organizationId: z.string(),
    accountId: z.string(),
    assetId: z.string(),
    approvers: z
      .array(
        z.object({
          label: z.string(),
          address: z.string(),
          privateKey: z.string().regex(/^0x[0-9a-f]{64}$/i),
        }),
      )
      .min(1),
  }),
});
export type StackFile = z.infer<typeof stackFile>;
export type DemonstrationApprover = StackFile['demo']['approvers'][number];

/** Where `npm start` writes it unless DATA_DIRECTORY says otherwise: it then prints the commands with their `--stack FILE`. */
export const STACK_FILE = fileURLToPath(new URL('../.data/stack.json', import.meta.url));
/** The only chain on which demonstration keys are used. */
export const EMBEDDED_CHAIN_ID = 31_337;

/** Reads the running stack's description. @throws CliError when none runs here, or it names a real chain */
export async function readStackFile(file: string = STACK_FILE): Promise<StackFile> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(
      `Nothing runs here yet: there is no ${file}. Start it with \`npm start\` in another terminal, or name its file with --stack.`,
    );
  });
  const parsed = stackFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new CliError(`${file} is not readable. Start again with \`npm start\`.`);
  if (parsed.data.chainId !== EMBEDDED_CHAIN_ID) {
    throw new CliError(`Demonstration keys are for the embedded chain (${EMBEDDED_CHAIN_ID}) only.`);
  }
  return parsed.data;
}

/** The address of a contract that the stack brought. @throws CliError when it names none */
export function contractAddress(stack: StackFile, name: string): Address {
  const address = stack.contracts[name];
  if (address === undefined) throw new CliError(`The stack does not name the contract ${name}.`);
  return getAddress(address);
}
