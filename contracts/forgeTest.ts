import { z } from 'zod';
import { forge, repositoryRoot } from './forge.ts';

/** The least successful calls of a handler over all runs of its invariant: below this it has tested nothing. */
export const MIN_SUCCESSFUL_HANDLER_CALLS = 1_000;

/** One test of one contract. */
export interface ForgeTest {
  readonly contract: string;
  readonly name: string;
  /** Why it failed; absent if it passed. */
  readonly failure?: string;
  /** Runs of a fuzz test or an invariant. */
  readonly runs?: number;
  /** For an invariant: how often each function of its handler did something. */
  readonly successfulCalls?: ReadonlyMap<string, number>;
}

export interface ForgeTestOptions {
  readonly root?: string;
  /** Hexadecimal; the same seed draws the same inputs. */
  readonly seed: string;
  /** More of forge's flags. */
  readonly flags?: readonly string[];
}

const metricsSchema = z.record(
  z.string(),
  z.object({ calls: z.number(), reverts: z.number(), discards: z.number() }),
);
const reportSchema = z.record(
  z.string(),
  z.object({
    test_results: z.record(
      z.string(),
      z.object({
        status: z.string(),
        reason: z.string().nullable(),
        counterexample: z.unknown(),
        kind: z.object({
          Fuzz: z.object({ runs: z.number() }).optional(),
          Invariant: z.object({ runs: z.number(), metrics: metricsSchema }).optional(),
        }),
      }),
    ),
  }),
);

/**
 * Runs the forge tests and reads forge's report.
 *
 * Throws if there is no report, as when a source does not compile, or if it names no test.
 */
export async function forgeTest(options: ForgeTestOptions): Promise<ForgeTest[]> {
  const flags = ['--json', '--fuzz-seed', options.seed, ...(options.flags ?? [])];
  const { stdout, stderr } = await forge(['test', ...flags], options.root ?? repositoryRoot);
  const tests = Object.entries(parseReport(stdout, stderr)).flatMap(([path, suite]) =>
    Object.entries(suite.test_results).map(([signature, result]): ForgeTest => {
      const { Fuzz, Invariant } = result.kind;
      const runs = Fuzz?.runs ?? Invariant?.runs;
      return {
        contract: path.slice(path.lastIndexOf(':') + 1),
        name: signature.slice(0, signature.indexOf('(')),
        ...(result.status !== 'Success' && { failure: failureOf(result) }),
        ...(runs !== undefined && { runs }),
        ...(Invariant && { successfulCalls: successfulCalls(Invariant.metrics) }),
      };
    }),
  );
  if (tests.length === 0) throw new Error(`forge ran no test.\n${stderr}`);
  return tests;
}

function parseReport(stdout: string, stderr: string): z.infer<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new Error(`forge gave no report.\n${stdout}${stderr}`, { cause });
  }
}

function failureOf(result: { reason: string | null; counterexample?: unknown }): string {
  const example = result.counterexample ? `\n${JSON.stringify(result.counterexample)}` : '';
  return `${result.reason ?? 'failed without a reason'}${example}`;
}

function successfulCalls(metrics: z.infer<typeof metricsSchema>): Map<string, number> {
  return new Map(
    Object.entries(metrics)
      .map(([path, { calls, reverts, discards }]): [string, number] => [
        path.slice(path.lastIndexOf('.') + 1),
        calls - reverts - discards,
      ])
      .sort(([left], [right]) => left.localeCompare(right)),
  );
}
