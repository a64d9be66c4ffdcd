import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeMetrics } from '../../chains/evm/client/nodes/nodeMetrics.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import { createEngineGauges } from '../../payouts/engineGauges.ts';
import { createEngineMetrics } from '../../payouts/engineMetrics.ts';
import { createDatabase, createPool, type Database } from '../../prisma/database.ts';
import { createApiMetrics } from '../../server/http/metrics.ts';
import { metricsIn } from './metricsIn.ts';

// A rule over a metric that was renamed never fires, and nobody notices: rules and dashboards name only what is measured.

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const RULES = readdirSync(new URL('ops/alerts', ROOT)).map((name) => `ops/alerts/${name}`);
const DASHBOARDS = readdirSync(new URL('ops/dashboards', ROOT)).map((name) => `ops/dashboards/${name}`);
/** Prometheus' own. */
const UP = { name: 'up', labels: ['role'] };
/** Every metric has them, by Prometheus. */
const SCRAPED = ['instance', 'job'];

type Alert = { name: string; expression: string; runbook: string | undefined };

let labelsOf: Map<string, readonly string[]>;
let database: Database;
beforeAll(async () => {
  database = createDatabase(createPool('postgres://nobody@127.0.0.1:9/nothing'));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  createApiMetrics(registry, () => 0);
  createIndexerMetrics(registry);
  createEngineMetrics(registry);
  createEngineGauges(registry, database);
  createNodeMetrics(registry);
  labelsOf = new Map([[UP.name, UP.labels]]);
  for (const metric of registry.getMetricsAsArray()) {
    const { labelNames = [], type } = metric as unknown as { labelNames?: string[]; type: string };
    const isHistogram = type === 'histogram' || 'buckets' in metric;
    const names = isHistogram ? ['_bucket', '_sum', '_count'].map((end) => metric.name + end) : [metric.name];
    for (const name of names)
      labelsOf.set(name, name.endsWith('_bucket') ? [...labelNames, 'le'] : labelNames);
  }
});
afterAll(() => database.destroy());

function alertsOf(path: string): Alert[] {
  return read(path)
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => {
      const [name = ''] = text.split('\n');
      const [, expression = ''] = /^ {8}expr: (?:\|\n)?([\s\S]*?)\n {8}\w/m.exec(text) ?? [];
      return { name, expression, runbook: /^ {10}runbook: (\S+)$/m.exec(text)?.[1] };
    });
}

function expressionsOf(dashboard: string): string[] {
  const { panels, templating } = JSON.parse(read(dashboard)) as {
    panels: { targets: { expr: string }[] }[];
    templating: { list: { query: string }[] };
  };
  const variables = templating.list.flatMap(({ query }) => /label_values\((\w+)/.exec(query)?.[1] ?? []);
  return [...variables, ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
}

function requireMeasured(expression: string): void {
  const named = metricsIn(expression);
  expect(named, expression).not.toEqual([]);
  for (const { name, labels } of named) {
    expect([...labelsOf.keys()], expression).toContain(name);
    for (const label of labels)
      expect([...(labelsOf.get(name) ?? []), ...SCRAPED], expression).toContain(label);
  }
}

describe.each(RULES)('%s', (path) => {
  const alerts = alertsOf(path);
  test('it has every alert once, and each asks for something', () => {
    expect(alerts.length).toBe(read(path).match(/- alert:/g)?.length);
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    expect(alerts.length).toBeGreaterThan(10);
  });
  test.each(alerts)('$name names metrics and labels that exist', ({ expression }) =>
    requireMeasured(expression),
  );
  test.each(alerts)('$name has a page', ({ name, runbook = '' }) => {
    expect(runbook).toMatch(/^docs\/alerts\/[a-z-]+\.md$/);
    expect(read(runbook)).toMatch(new RegExp(`^# ${name}\n`));
  });
});

test.each(DASHBOARDS)('%s names metrics and labels that exist', (path) => {
  const expressions = expressionsOf(path);
  expect(expressions.length).toBeGreaterThan(10);
  for (const expression of expressions) requireMeasured(expression);
});

test('every page is an alert’s, names only metrics that exist, and its links lead somewhere', () => {
  const alerts = RULES.flatMap(alertsOf);
  const pages = readdirSync(new URL('docs/alerts', ROOT));
  expect(pages.sort()).toEqual(alerts.map(({ runbook = '' }) => runbook.replace('docs/alerts/', '')).sort());
  const families = /`((?:payout|relayer|indexer|rpc|graphql)_[a-z_]+)(?:\{[^`]*\})?`/g;
  for (const page of pages) {
    const text = read(`docs/alerts/${page}`);
    for (const [, name = ''] of text.matchAll(families)) {
      const isTable = ['payout_chunk'].includes(name);
      const isKnown = isTable || [name, `${name}_count`].some((one) => labelsOf.has(one));
      expect(isKnown, `${name} in ${page}`).toBe(true);
    }
    for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      expect(existsSync(new URL(`docs/alerts/${link}`, ROOT)), `${link} in ${page}`).toBe(true);
    }
  }
});
