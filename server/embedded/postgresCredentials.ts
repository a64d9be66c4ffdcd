import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Credentials = z.object({
  superuserPassword: z.string(),
  ownerPassword: z.string(),
  appPassword: z.string(),
});
/** The passwords of one embedded PostgreSQL's roles. */
export type PostgresCredentials = z.infer<typeof Credentials>;

/** The file in a data directory that shows that it has a PostgreSQL. */
export const CREDENTIALS_FILE = 'postgres-credentials.json';

const PASSWORD_BYTES = 24;

/** The passwords kept in a data directory; null when it has none, and so no database either. */
export function readPostgresCredentials(dataDirectory: string): PostgresCredentials | null {
  const path = credentialsPath(dataDirectory);
  return existsSync(path) ? Credentials.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Draws new passwords and keeps them in a file that only its owner reads. */
export function createPostgresCredentials(dataDirectory: string): PostgresCredentials {
  const password = () => randomBytes(PASSWORD_BYTES).toString('base64url');
  const credentials = { superuserPassword: password(), ownerPassword: password(), appPassword: password() };
  writeFileSync(credentialsPath(dataDirectory), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  return credentials;
}

function credentialsPath(dataDirectory: string): string {
  return join(dataDirectory, CREDENTIALS_FILE);
}
