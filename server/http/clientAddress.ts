import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** One IPv6 network of 64 bits is one client: whoever has one address of it has them all. */
const NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;

/**
 * From where a request comes, as limits count it: the address that the connection is from, which behind a proxy is the
 * proxy's; of IPv6 the network. Headers are not believed. Null once the connection is gone.
 */
export function clientAddress(request: Pick<IncomingMessage, 'socket'>): string | null {
  const address = request.socket.remoteAddress;
  if (address === undefined) return null;
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [bare = address] = address.split('%');
  return isIPv6(bare) ? `${networkOf(bare)}::/64` : address;
}

function networkOf(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const gap = after === undefined ? 0 : IPV6_GROUPS - left.length - right.length;
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right];
  return groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
