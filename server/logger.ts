import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

// Whatever is logged by mistake under these names does not reach the log. Values of type Secret mask themselves.
const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'passphrase',
  'privateKey',
  'signature',
  'token',
  'rpcUrl',
  'wsUrl',
];

/** JSON lines on standard output, each with the name of the process's roles. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.errWithCause },
  });
}
