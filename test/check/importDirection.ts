// Fails on an import against the direction that the architecture gives its folders (docs/ARCHITECTURE.md).
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { tableFaults } from './architectureTable.ts';
import { MAY_IMPORT, MAY_IMPORT_ALL, MAY_IMPORT_TYPES, PRODUCTION } from './folderRules.ts';

const folders = Object.keys(MAY_IMPORT);
const startsWith = (paths: readonly string[]) => paths.map((path) => `^${path.replaceAll('*', '[^/]+')}/`);
/** Code that runs in tests alone. */
const TEST_CODE = '[.](test|testkit)[.]ts$';
/** Tests beside their source read the examples too. */
const code = folders.filter((folder) => folder !== 'examples');
const rules: IForbiddenRuleType[] = folders.flatMap((folder) => {
  // A folder with a rule of its own inside another is not bound by the outer one.
  const inner = folders.filter((other) => other !== folder && other.startsWith(`${folder}/`));
  const from = { path: `^${folder}/`, ...(inner.length === 0 ? {} : { pathNot: startsWith(inner) }) };
  const types = MAY_IMPORT_TYPES[folder] ?? [];
  const allowed = ['core', folder, ...(MAY_IMPORT[folder] ?? [])];
  return [
    {
      name: `${folder} imports`,
      severity: 'error',
      from,
      to: { path: startsWith([...code, ...MAY_IMPORT_ALL]), pathNot: startsWith([...allowed, ...types]) },
    },
    {
      name: `${folder} imports types alone`,
      severity: 'error',
      from,
      to: { path: startsWith(types.length === 0 ? ['nothing'] : types), dependencyTypesNot: ['type-only'] },
    },
  ];
});
rules.push(
  {
    name: 'runs in a browser',
    severity: 'error',
    from: { path: startsWith(['core', 'payroll', 'chains/*/codec']), pathNot: TEST_CODE },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'runs in a browser, too',
    severity: 'error',
    from: {
      path: '^client/',
      pathNot: [TEST_CODE, '^client/(generate|build|usedStyles|vite[.]config)[.]ts$'],
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'knows no GraphQL',
    severity: 'error',
    from: { path: '^(core|prisma|events|transitions|resolvers|payouts|indexer)/', pathNot: TEST_CODE },
    to: { path: 'node_modules/(graphql|@pothos|graphql-[a-z]+)/' },
  },
  {
    name: 'calls no node',
    severity: 'error',
    from: { path: '^(schema|resolvers|transitions)/', pathNot: TEST_CODE },
    to: { path: '^chains/[^/]+/client/' },
  },
  {
    name: 'production installs no development packages',
    severity: 'error',
    // What writes generated files runs in a checkout only.
    from: {
      path: startsWith(PRODUCTION),
      pathNot: [TEST_CODE, '^prisma/(generate|createMigration)[.]ts$'],
    },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'test code stays in tests',
    severity: 'error',
    from: { pathNot: [TEST_CODE, ...startsWith(MAY_IMPORT_ALL)] },
    to: { path: TEST_CODE },
  },
  {
    name: 'examples are for tests',
    severity: 'error',
    from: { pathNot: [TEST_CODE, ...startsWith(['examples', ...MAY_IMPORT_ALL])] },
    to: { path: '^examples/' },
  },
  {
    name: 'no circles',
    severity: 'error',
    from: { pathNot: '^(schema|test|client)/' },
    to: { circular: true },
  },
  {
    name: 'no circles but of types',
    severity: 'error',
    // A screen's parts are shown what the screen's query answers.
    from: { path: '^client/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
);

const root = fileURLToPath(new URL('../..', import.meta.url));
const ruled = [...folders, ...MAY_IMPORT_ALL].map((folder) => folder.split('/')[0]);
const present = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
  .map(({ name }) => name)
  .filter((name) => globSync('**/*.ts', { cwd: join(root, name) }).length > 0);
const faults = [
  ...present
    .filter((name) => !ruled.includes(name))
    .map((name) => `${name}/ has no rule in test/check/folderRules.ts: say what it may import.`),
  ...tableFaults(readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')).map(
    (fault) => `docs/ARCHITECTURE.md: ${fault}`,
  ),
];
const { output } = await cruise(present, {
  baseDir: root,
  ruleSet: { forbidden: rules },
  validate: true,
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: ['(^|/)contracts/(out|cache|lib)/', '^client/dist/'] },
  outputType: 'json',
});
const result = (typeof output === 'string' ? JSON.parse(output) : output) as ICruiseResult;
faults.push(
  ...result.summary.violations.map(
    ({ from, to, rule }) => `${from} must not import ${to} (${rule.name}: see test/check/importDirection.ts)`,
  ),
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${result.summary.totalCruised} files import in the right direction.`);
