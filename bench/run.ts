// npm run bench -- [SUITE] [--json] [--write]: figures of ours beside peers', from one run on this machine; --write puts them
// into docs/guides/speed.md. Suites: payouts, client, volume, stages.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runClientSuite } from './client/suite.ts';
import { runPayoutsSuite } from './payouts/suite.ts';
import { type BenchRow, benchTable } from './report.ts';
import { writeSpeedGuide } from './speedGuide.ts';
import { runStagesSuite } from './stages/suite.ts';
import { runVolumeSuite } from './volume/suite.ts';

const SUITES: Record<string, (say: (line: string) => void) => Promise<BenchRow[]>> = {
  payouts: runPayoutsSuite,
  client: runClientSuite,
  volume: runVolumeSuite,
  stages: runStagesSuite,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const [suite = 'payouts'] = positionals;
const run = SUITES[suite];
if (run === undefined) {
  console.error(`There is no suite ${suite}. Suites: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
const rows = await run((line) => console.error(line));
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
if (values.write) writeSpeedGuide(suite, machine, rows);
if (values.json) console.log(JSON.stringify({ suite, machine, rows }));
else console.log(`${machine}\n\n${benchTable(rows)}`);
process.exit(0);
