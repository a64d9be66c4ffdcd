// Ends what test runs that were killed left behind: processes, databases, directories.
import { sweepDeadTestRuns } from './kit/testRun.ts';

await sweepDeadTestRuns();
