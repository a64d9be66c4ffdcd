import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The browser's session cookie: out of scripts' reach, and never sent with a request that another site began. Over HTTPS
 * its name has the `__Host-` prefix, which keeps subdomains from setting it.
 */
export type SessionCookie = {
  /** The token in a request's Cookie header; null when there is none. */
  read(request: IncomingMessage): string | null;
  set(response: ServerResponse, token: string, expiresAt: Date): void;
  clear(response: ServerResponse): void;
};

/** @param publicOrigin where browsers reach this API; `http:` only in development */
export function createSessionCookie(publicOrigin: string): SessionCookie {
  const isSecure = publicOrigin.startsWith('https:');
  const name = isSecure ? '__Host-pb_session' : 'pb_session';
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    read(request) {
      for (const pair of request.headers.cookie?.split(';') ?? []) {
        const [key, value] = pair.split('=');
        if (key?.trim() === name && value !== undefined) return value.trim();
      }
      return null;
    },
    set: (response, token, expiresAt) => {
      response.appendHeader(
        'set-cookie',
        `${name}=${token}; Expires=${expiresAt.toUTCString()}${attributes}`,
      );
    },
    clear: (response) => {
      response.appendHeader('set-cookie', `${name}=; Max-Age=0${attributes}`);
    },
  };
}
