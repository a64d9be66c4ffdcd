// npm start: the whole system on this machine. See DESIGN's hand-holds and ops/README.md.

import { EmbeddedError } from './embedded/embeddedError.ts';
import { createEmbeddedStack } from './embedded/embeddedStack.ts';
import { printSummary } from './embedded/printSummary.ts';
import { EnvironmentError, readEnvironment } from './env.ts';

const MIN_NODE_MAJOR = 24;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const say = (sentence: string) => process.stderr.write(`${sentence}\n`);

process.exit(await main());

async function main(): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR) {
    say(
      `This is Node ${process.versions.node}. Start with npm start, which uses the Node ${MIN_NODE_MAJOR} that npm ci installed.`,
    );
    return 1;
  }
  const asked = Promise.withResolvers<'asked'>();
  for (const signal of SIGNALS) process.on(signal, () => asked.resolve('asked'));
  try {
    const stack = createEmbeddedStack(readEnvironment(), say);
    try {
      say('Starting PostgreSQL, the chain, the API, the worker and the indexer …');
      const started = await Promise.race([stack.start(), asked.promise]);
      if (started !== 'asked') printSummary(started, stack.directory.stackFile);
      await asked.promise;
      say('\nStopping …');
      return 0;
    } finally {
      await stack.stop();
    }
  } catch (error) {
    if (!(error instanceof EmbeddedError || error instanceof EnvironmentError)) throw error;
    say(`\n${error.message}`);
    return 1;
  }
}
