/** Which pages may use this API from a browser. */
export type OriginPolicy = {
  /** Whether a request with this Origin header is welcome. Without one, no page of another site sent it. */
  isAllowed(origin: string | undefined): boolean;
  /** The origin that a person signs in on: the page's, or the API's own for what is no page. */
  pageOrigin(origin: string | undefined): string;
  allowed: readonly string[];
};

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The API's own origin and those it is told of. One on this machine goes by several names, which are the same to a person;
 * a name that merely resolves to it (DNS rebinding) is not among them.
 */
export function createOriginPolicy(publicOrigin: string, others: readonly string[] = []): OriginPolicy {
  const allowed = [...new Set([publicOrigin, ...loopbackNames(publicOrigin), ...others])];
  return {
    allowed,
    isAllowed: (origin) => origin === undefined || allowed.includes(origin),
    pageOrigin: (origin) => (origin !== undefined && allowed.includes(origin) ? origin : publicOrigin),
  };
}

function loopbackNames(origin: string): string[] {
  const { protocol, hostname, port } = new URL(origin);
  if (!LOOPBACK_HOSTS.includes(hostname)) return [];
  return LOOPBACK_HOSTS.map((host) => `${protocol}//${host}${port === '' ? '' : `:${port}`}`);
}
