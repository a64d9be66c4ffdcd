import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientAddress } from './clientAddress.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:0:7:aaaa::1', '2001:db8:0:7::/64'],
  ['2001:0DB8:0:7::2', '2001:db8:0:7::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, null],
])('a connection from %s counts as %s', (remoteAddress, expected) => {
  expect(clientAddress({ socket: { remoteAddress } as Socket })).toBe(expected);
});
