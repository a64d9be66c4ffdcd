// npm stop: ends what npm start began, wherever it was started, and what a killed start left behind.
import { stopStack } from './embedded/embeddedStack.ts';
import { stackDirectory } from './embedded/stackDirectory.ts';
import { readEnvironment } from './env.ts';

const stopped = await stopStack(stackDirectory(readEnvironment().dataDirectory));
console.log(stopped.length === 0 ? 'Nothing was running.' : `Stopped ${stopped.join(', ')}.`);
