import { type Address, createPublicClient, erc20Abi, http, isAddressEqual } from 'viem';
import { CliError } from './cliError.ts';
import { contractAddress, type StackFile } from './stackFile.ts';

/** What the demonstration account pays. */
const DEMONSTRATION_TOKEN = 'DevelopmentUSDC';

/**
 * Refuses another token than the one that this stack's own file names, and other decimals than the chain's: with a digit
 * more, the same file would pay ten times as much, and all that is rebuilt from it would agree.
 * @param said what the API says of the asset
 * @throws CliError
 */
export async function requireKnownAsset(
  stack: StackFile,
  said: { token: Address; decimals: number },
): Promise<void> {
  const token = contractAddress(stack, DEMONSTRATION_TOKEN);
  if (!isAddressEqual(said.token, token)) {
    throw new CliError(
      `Not signed: the API says that the token is ${said.token}; ${DEMONSTRATION_TOKEN} is ${token}.`,
    );
  }
  const decimals = await createPublicClient({ transport: http(stack.evmRpc) })
    .readContract({ address: token, abi: erc20Abi, functionName: 'decimals' })
    .catch((cause: Error) => {
      throw new CliError(`Not signed: the chain does not answer (${cause.message.split('\n')[0]}).`);
    });
  if (decimals !== said.decimals) {
    throw new CliError(
      `Not signed: the API says that the token has ${said.decimals} decimals, the chain says ${decimals}.`,
    );
  }
}
