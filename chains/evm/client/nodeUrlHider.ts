import { BaseError } from 'viem';

/** Shorter parts of a URL are no keys, and blanking them out would spoil every message. */
const MIN_SECRET_CHARACTERS = 6;
/** What is said in the URL's place. */
export const NO_URL = '[node]';

export type NodeUrlHider = {
  /** The text without anything of the URL that may be a key. */
  hideIn(text: string): string;
  /** The same error, it and its causes without the URL, the request's body and the response's headers. */
  hideInError(error: unknown): unknown;
};

/**
 * Providers put their keys into a node's URL (path, query, password or subdomain), and viem puts the URL into its
 * errors, from where it would reach the log, and the message of a failed job. Errors stay of viem's classes: its own
 * code and ours tell by them whether a node refused or did not answer.
 */
export function createNodeUrlHider(nodeUrl: string): NodeUrlHider {
  const secrets = secretsOf(nodeUrl);
  const hideIn = (text: string): string =>
    secrets.reduce((hidden, secret) => hidden.replaceAll(secret, NO_URL), text);

  const hideInError = (error: unknown): unknown => {
    for (let one = error; one instanceof Error; one = one.cause) {
      if (one instanceof BaseError) hideInNodeError(one, hideIn);
      else rewrite(one, hideIn(one.message));
    }
    return error;
  };
  return { hideIn, hideInError };
}

function hideInNodeError(error: BaseError, hideIn: (text: string) => string): void {
  const { cause } = error;
  const reason = reasonOf(cause);
  // Why a connection failed is in its causes, with host and address.
  error.details = hideIn([error.details, reason].filter(Boolean).join(' '));
  error.shortMessage = hideIn(error.shortMessage);
  error.metaMessages = [];
  for (const key of ['url', 'body', 'headers']) Reflect.deleteProperty(error, key);
  if (!(cause instanceof BaseError)) error.cause = withoutMessage(cause);
  rewrite(error, [error.shortMessage, error.details].filter(Boolean).join(' '));
}

/** The code of a system's error, as `(ECONNREFUSED)`. */
function reasonOf(cause: unknown): string | null {
  for (let one = cause; one instanceof Error && !(one instanceof BaseError); one = one.cause) {
    if ('code' in one && typeof one.code === 'string') return `(${one.code})`;
  }
  return null;
}

/** A node's answer (code, data, message) without what it says: that is in the details. */
function withoutMessage(cause: unknown): unknown {
  if (cause instanceof Error || typeof cause !== 'object' || cause === null) return undefined;
  return { ...cause, message: undefined };
}

function rewrite(error: Error, message: string): void {
  const frames = error.stack?.indexOf('\n    at ') ?? -1;
  const stack = frames === -1 ? '' : (error.stack?.slice(frames) ?? '');
  error.message = message;
  error.stack = `${error.name}: ${message}${stack}`;
}

function secretsOf(nodeUrl: string): string[] {
  const url = new URL(nodeUrl);
  const parts = [
    ...[nodeUrl, url.href, url.origin, url.host, url.hostname],
    ...[url.pathname + url.search, url.username, url.password],
    ...[...url.pathname.split('/'), ...url.searchParams.values()],
  ];
  return [...new Set(parts)]
    .filter((part) => part.length >= MIN_SECRET_CHARACTERS)
    .sort((left, right) => right.length - left.length);
}
