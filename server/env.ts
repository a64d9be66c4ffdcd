// The only file that reads process.env. Every variable stands here, with what it means; ops/README.md lists them too.
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BaseError } from '../core/errors.ts';
import { ChainConfigs } from './chainConfig.ts';
import { Secret } from './secret.ts';

const DEFAULT_PORT = 4_000;
const LOOPBACK = '127.0.0.1';
/** Where `npm start` keeps its data unless it is told otherwise, and where the commands look for its description. */
export const CHECKOUT_DATA = fileURLToPath(new URL('../.data', import.meta.url));
const CHECKOUT_CLIENT = fileURLToPath(new URL('../client', import.meta.url));

/** A frontend has a few places: its site, its previews, its developers' machines. */
const MAX_ALLOWED_ORIGINS = 20;

/** Keys of one worker. Each is looked after on every chain, every other second. */
export const MAX_RELAYER_KEYS = 8;

/** Scheme, host and port as browsers write them, and nothing else. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));
const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .transform((value) => new Secret(value))
  .optional();

const relayerList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.length <= MAX_RELAYER_KEYS, `must be ${MAX_RELAYER_KEYS} at most`);

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

const Variables = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

    HOST: z.string().min(1).default(LOOPBACK),
    PORT: z.coerce.number().int().min(1).max(65_535).default(DEFAULT_PORT),
    OPERATIONS_HOST: z.string().min(1).default(LOOPBACK),
    OPERATIONS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    PUBLIC_ORIGIN: z
      .url({ protocol: /^https?$/ })
      .transform((value) => new URL(value).origin)
      .optional(),

    ALLOWED_ORIGINS: z
      .string()
      .transform((text) => text.split(',').map((origin) => origin.trim()))
      .refine(
        (origins) => origins.every(isOrigin),
        'must be origins such as https://app.example.com, with commas',
      )
      .refine(
        (origins) => origins.length <= MAX_ALLOWED_ORIGINS,
        `must be ${MAX_ALLOWED_ORIGINS} origins at most`,
      )
      .default([]),
    CLIENT_DIRECTORY: z.string().min(1).default(CHECKOUT_CLIENT),
    PERSISTED_ONLY: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .default(false),
    PERSISTED_OPERATIONS_DIRECTORY: z.string().min(1).optional(),

    DATABASE_URL: postgresUrl,
    DATABASE_LISTEN_URL: postgresUrl,
    DATABASE_OWNER_URL: postgresUrl,
    REDIS_URL: z
      .url({ protocol: /^rediss?$/ })
      .transform((value) => new Secret(value))
      .optional(),

    CHAINS: z
      .string()
      .transform((text, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.addIssue({ code: 'custom', message: 'must be JSON' });
          return z.NEVER;
        }
      })
      .pipe(ChainConfigs)
      .default([]),

    RELAYER_PRIVATE_KEY: relayerList
      .refine(
        (keys) => keys.every((key) => /^0x[0-9a-f]{64}$/i.test(key)),
        'must be 0x and 64 hexadecimal digits, or several of these with commas',
      )
      .refine((keys) => areDistinct(keys.map((key) => key.toLowerCase())), 'must not name a key twice')
      .transform((keys) => keys.map((key) => new Secret(key)))
      .optional(),
    RELAYER_KEY_FILE: relayerList
      .refine((paths) => paths.every((path) => path !== ''), 'must be paths with commas')
      .refine(areDistinct, 'must not name a file twice')
      .optional(),
    RELAYER_KEY_PASSPHRASE: secret.optional(),

    DATA_DIRECTORY: z.string().min(1).default(CHECKOUT_DATA),
  })
  .refine((values) => values.RELAYER_KEY_FILE === undefined || values.RELAYER_KEY_PASSPHRASE !== undefined, {
    message: 'is needed to open RELAYER_KEY_FILE',
    path: ['RELAYER_KEY_PASSPHRASE'],
  })
  .refine((values) => values.RELAYER_KEY_FILE === undefined || values.RELAYER_PRIVATE_KEY === undefined, {
    message: 'and RELAYER_KEY_FILE are two ways to name keys: set one',
    path: ['RELAYER_PRIVATE_KEY'],
  });

/** A variable is missing or malformed. The message names it, never its value. */
export class EnvironmentError extends BaseError {
  override readonly name = 'EnvironmentError';
  constructor(message: string) {
    super('ENVIRONMENT_INVALID', message);
  }
}

/** What a process is told from outside. */
export type Environment = ReturnType<typeof readEnvironment>;

/**
 * Reads and checks the environment.
 * @throws EnvironmentError naming every variable that is wrong
 */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env) {
  // An empty variable is what a shell or a compose file makes of one that is not set.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`The environment is not usable.\n  ${faults.join('\n  ')}`);
  }
  const values = parsed.data;
  return {
    /** development shows GraphiQL and readable errors; production does not. */
    mode: values.NODE_ENV,
    logLevel: values.LOG_LEVEL,
    /** The address that the API listens on: 127.0.0.1 unless HOST says otherwise (0.0.0.0 in a container). */
    host: values.HOST,
    port: values.PORT,
    /** Where this process answers operators (health, metrics); it does not without a port. */
    operations:
      values.OPERATIONS_PORT === undefined
        ? null
        : { host: values.OPERATIONS_HOST, port: values.OPERATIONS_PORT },
    /** Where clients reach the API, as in https://api.example.com: sign-in messages, links and Origin checks name it. */
    publicOrigin: values.PUBLIC_ORIGIN ?? `http://localhost:${values.PORT}`,
    /** Origins of pages that may use the API besides its own, as a frontend's own server. */
    allowedOrigins: values.ALLOWED_ORIGINS,
    /** Where the client's build (`dist`) and its operations (`generated/persistedDocuments.json`) are. */
    clientDirectory: values.CLIENT_DIRECTORY,
    /** Whether operations that no manifest holds are refused. */
    persistedOnly: values.PERSISTED_ONLY,
    /** More manifests of persisted operations, as of partners: every `.json` file in it. */
    persistedOperationsDirectory: values.PERSISTED_OPERATIONS_DIRECTORY ?? null,
    /** As the application's role, which owns nothing. */
    databaseUrl: values.DATABASE_URL ?? null,
    /** The same database past a pooler, for LISTEN; DATABASE_URL unless set. */
    databaseListenUrl: values.DATABASE_LISTEN_URL ?? values.DATABASE_URL ?? null,
    /** As the role that owns the tables: for migrations alone. */
    databaseOwnerUrl: values.DATABASE_OWNER_URL ?? null,
    /** With several API processes: carries "this organization moved" between them. Without: NOTIFY does. */
    redisUrl: values.REDIS_URL ?? null,
    /** What to pay on; see chainConfig.ts. */
    chains: values.CHAINS,
    /** The keys that pay gas, for the worker alone: themselves, or encrypted files with the passphrase of all. */
    relayer: relayerOf(values),
    /** Where `npm start` keeps its data. */
    dataDirectory: values.DATA_DIRECTORY,
  };
}

export type RelayerSource =
  | { kind: 'PRIVATE_KEYS'; privateKeys: readonly Secret[] }
  | { kind: 'KEY_FILES'; paths: readonly string[]; passphrase: Secret };

function relayerOf(values: z.infer<typeof Variables>): RelayerSource | null {
  if (values.RELAYER_PRIVATE_KEY !== undefined) {
    return { kind: 'PRIVATE_KEYS', privateKeys: values.RELAYER_PRIVATE_KEY };
  }
  if (values.RELAYER_KEY_FILE !== undefined && values.RELAYER_KEY_PASSPHRASE !== undefined) {
    return { kind: 'KEY_FILES', paths: values.RELAYER_KEY_FILE, passphrase: values.RELAYER_KEY_PASSPHRASE };
  }
  return null;
}
