// Puts Safe's and our contracts, and the development tokens, on the development chain of docker-compose.yml.
import { eip155ChainIdOf } from './chainConfig.ts';
import { EMBEDDED_CHAIN_ID } from './embedded/anvil.ts';
import { deployContracts } from './embedded/contracts.ts';
import { readEnvironment } from './env.ts';

for (const chain of readEnvironment().chains) {
  if (eip155ChainIdOf(chain) !== EMBEDDED_CHAIN_ID) continue;
  console.log(JSON.stringify(await deployContracts(chain.nodes[0].rpcUrl), null, 2));
}
