import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EmbeddedError } from './embeddedError.ts';

const USER_NAMES = ['protocol-banks', 'postgres'];

/**
 * Whom PostgreSQL runs as: it refuses root. Null when this process is not root; else an existing system user, or one that
 * is made now.
 * @throws EmbeddedError when there is none and none can be made
 */
export function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const existing = findUser();
  if (existing !== null) return existing;
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER_NAMES[0] ?? ''],
      { stdio: 'pipe' },
    );
  } catch (cause) {
    throw new EmbeddedError(
      `PostgreSQL does not run as root, and the system user ${USER_NAMES[0]} could not be made. Make it by hand (useradd --system --user-group ${USER_NAMES[0]}), or start as another user.`,
      { cause },
    );
  }
  const made = findUser();
  if (made === null) throw new EmbeddedError(`useradd made no user ${USER_NAMES[0]}.`);
  return made;
}

function findUser(): { uid: number; gid: number } | null {
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  for (const name of USER_NAMES) {
    const user = users.get(name);
    if (user !== undefined && user.uid > 0) return user;
  }
  return null;
}
