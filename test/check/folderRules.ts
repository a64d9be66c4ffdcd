/**
 * Which of our folders each folder may import, besides itself and core; `*` stands for one folder. The table in
 * docs/ARCHITECTURE.md says the same, and `npm run check` compares them.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  prisma: [],
  contracts: [],
  payroll: [],
  'chains/*/codec': ['contracts/abi'],
  chains: ['contracts/abi'],
  events: ['prisma'],
  transitions: ['prisma', 'events', 'chains/*/codec'],
  resolvers: ['prisma', 'events', 'transitions', 'payroll', 'chains/*/codec'],
  schema: ['resolvers', 'payroll'],
  payouts: ['prisma', 'events', 'transitions', 'chains', 'contracts/abi'],
  indexer: ['prisma', 'events', 'transitions', 'chains', 'contracts/abi'],
  server: [
    'schema',
    'resolvers',
    'payouts',
    'indexer',
    'transitions',
    'events',
    'prisma',
    'chains',
    'contracts/abi',
    'payroll',
  ],
  // What it signs it checks by the codec, and the approver's own file by the reader that imports use.
  client: ['chains/*/codec', 'payroll', 'contracts/abi'],
  // The typed ABIs of what it calls when there is no server.
  cli: ['chains/*/codec', 'payroll', 'contracts/abi'],
  examples: [],
  // The tests of what is run in containers.
  ops: ['server', 'contracts/abi'],
};

/** Whose shapes a folder may name besides: use cases answer with them. */
export const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  schema: ['events', 'prisma/generated'],
};

/** What crosses boundaries on purpose, and is imported by nobody else. */
export const MAY_IMPORT_ALL = ['test', 'bench'];

/** Folders whose code runs where development's packages are not installed. */
export const PRODUCTION = [
  ...['core', 'schema', 'resolvers', 'transitions', 'payouts', 'events', 'indexer', 'chains', 'server'],
  ...['cli', 'payroll', 'prisma', 'contracts/abi'],
];
