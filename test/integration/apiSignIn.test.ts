import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage, parseSiweMessage } from 'viem/siwe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MAX_OPEN_CHALLENGES_PER_ADDRESS,
  MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS,
} from '../../resolvers/session/sessionChallengeCreate.ts';
import { MAX_LIVE_SESSIONS_PER_USER } from '../../resolvers/session/sessionCreate.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { createTestClient } from '../kit/client.ts';
import { seedWorld, signIn, TEST_CHAIN_ID } from '../kit/seed.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedWorld(api);
});
afterAll(() => api.close());

type Fault = { code: string; path: string[] | null };

const wallet = () => privateKeyToAccount(generatePrivateKey());

async function challenge(address: string, chainId = TEST_CHAIN_ID) {
  const { sessionChallengeCreate } = await api.nobody.request<{
    sessionChallengeCreate: { message: string | null; userErrors: Fault[] };
  }>(
    `mutation ($address: Address!, $chainId: Int!) {
      sessionChallengeCreate(input: { address: $address, chainId: $chainId }) { message userErrors { code path } }
    }`,
    { address, chainId },
  );
  return sessionChallengeCreate;
}

async function answer(message: string, signature: string) {
  const { sessionCreate } = await api.nobody.request<{
    sessionCreate: {
      token: string | null;
      viewer: { user: { signers: { address: string }[] } } | null;
      userErrors: Fault[];
    };
  }>(
    `mutation ($message: String!, $signature: Hex!) {
      sessionCreate(input: { message: $message, signature: $signature }) {
        token viewer { user { signers { address } } } userErrors { code path }
      }
    }`,
    { message, signature },
  );
  return sessionCreate;
}

async function messageFor(address: string): Promise<string> {
  const { message } = await challenge(address);
  if (message === null) throw new Error('no message');
  return message;
}

describe('signing in with Ethereum', () => {
  it('makes a user of an unknown wallet and lets the token in', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    expect(parseSiweMessage(message)).toMatchObject({
      domain: new URL(api.origin).host,
      uri: api.origin,
      chainId: TEST_CHAIN_ID,
      address: alice.address,
      version: '1',
    });
    const session = await answer(message, await alice.signMessage({ message }));
    expect(session.userErrors).toEqual([]);
    expect(session.viewer?.user.signers).toEqual([{ address: alice.address }]);
    const { viewer } = await createTestClient(api.origin, session.token).request<{
      viewer: { user: { displayName: string } };
    }>('{ viewer { user { displayName } } }');
    expect(viewer.user.displayName).toMatch(/^0x.{4}….{4}$/);
  });

  it('stores only the hash of a token', async () => {
    const { token } = await signIn(api, wallet());
    const sessions = await api.database.selectFrom('session').selectAll().execute();
    const everything = JSON.stringify(sessions, (_key, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(Buffer.from(`${token}`).toString('hex'));
  });

  it('refuses a nonce that was used', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    const signature = await alice.signMessage({ message });
    expect((await answer(message, signature)).token).not.toBeNull();
    expect((await answer(message, signature)).userErrors).toMatchObject([{ code: 'CHALLENGE_USED' }]);
  });

  it('lets one of two in who answer the same message at once', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    const signature = await alice.signMessage({ message });
    const sessions = await Promise.all([1, 2, 3, 4].map(() => answer(message, signature)));
    expect(sessions.filter(({ token }) => token !== null)).toHaveLength(1);
  });

  it('refuses a message for another domain, even one that carries a nonce of ours', async () => {
    const alice = wallet();
    const given = parseSiweMessage(await messageFor(alice.address));
    const message = createSiweMessage({
      ...given,
      domain: 'evil.example',
      uri: 'https://evil.example',
    } as Parameters<typeof createSiweMessage>[0]);
    const refused = await answer(message, await alice.signMessage({ message }));
    expect(refused).toMatchObject({ token: null, userErrors: [{ code: 'DOMAIN_MISMATCH' }] });
  });

  it('refuses a message whose chain, date or statement was changed', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    for (const changed of [
      message.replace(`Chain ID: ${TEST_CHAIN_ID}`, 'Chain ID: 1'),
      message.replace(/Expiration Time: 2/, 'Expiration Time: 3'),
      message.replace('moves nothing', 'moves everything'),
    ]) {
      expect(changed).not.toBe(message);
      const refused = await answer(changed, await alice.signMessage({ message: changed }));
      expect(refused).toMatchObject({ token: null, userErrors: [{ code: 'MESSAGE_INVALID' }] });
    }
  });

  it('refuses a nonce that it never gave out', async () => {
    const alice = wallet();
    const message = (await messageFor(alice.address)).replace(/Nonce: \w+/, 'Nonce: madeUpByMe12345');
    const refused = await answer(message, await alice.signMessage({ message }));
    expect(refused.userErrors).toMatchObject([{ code: 'MESSAGE_INVALID' }]);
  });

  it('refuses an expired message', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    await api.database
      .updateTable('signInChallenge')
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where('message', '=', message)
      .execute();
    const refused = await answer(message, await alice.signMessage({ message }));
    expect(refused.userErrors).toMatchObject([{ code: 'CHALLENGE_EXPIRED' }]);
  });

  it('refuses a signature by somebody else, and one that is none', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    const byMallory = await answer(message, await wallet().signMessage({ message }));
    expect(byMallory.userErrors).toMatchObject([{ code: 'SIGNATURE_INVALID', path: ['input', 'signature'] }]);
    for (const signature of ['0x', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`, `0x${'11'.repeat(64)}`]) {
      expect((await answer(message, signature)).userErrors).toMatchObject([{ code: 'SIGNATURE_INVALID' }]);
    }
    // None of that has spent the message.
    expect((await answer(message, await alice.signMessage({ message }))).token).not.toBeNull();
  });

  it('gives no message for an unknown chain or a mistyped address', async () => {
    const { address } = wallet();
    expect((await challenge(address, 999)).userErrors).toEqual([
      { code: 'CHAIN_UNKNOWN', path: ['input', 'chainId'] },
    ]);
    const swapped = address
      .replace(/[a-f]/, (letter) => letter.toUpperCase())
      .replace(/[A-F](?=[^A-F]*$)/, (l) => l.toLowerCase());
    for (const wrong of ['0x1234', 'alice', swapped === address ? `${address}0` : swapped]) {
      expect((await challenge(wrong)).userErrors).toMatchObject([{ code: 'ADDRESS_INVALID' }]);
    }
  });

  const limitFor = async (address: string) => {
    const { errors } = await api.nobody.send(
      `mutation { sessionChallengeCreate(input: { address: "${address}", chainId: ${TEST_CHAIN_ID} }) { message } }`,
    );
    return errors[0]?.extensions ?? null;
  };

  it('limits how many messages one client asks for, and leaves the others theirs', async () => {
    const alice = wallet();
    for (let count = 0; count < MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS; count += 1) {
      expect((await challenge(alice.address)).message).not.toBeNull();
    }
    expect(await limitFor(alice.address)).toEqual({
      code: 'LIMIT_EXCEEDED',
      limit: 'MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS',
    });
    await api.database
      .updateTable('signInChallenge')
      .set({ client: '203.0.113.7' })
      .where('address', '=', alice.address)
      .execute();
    const message = await messageFor(alice.address);
    expect((await answer(message, await alice.signMessage({ message }))).token).not.toBeNull();
  });

  it('gives a wallet its message however many others were asked for by whoever, and drops the oldest', async () => {
    const alice = wallet();
    const { address } = alice;
    const now = Date.now();
    const many = Array.from({ length: MAX_OPEN_CHALLENGES_PER_ADDRESS }, (_, index) => ({
      nonce: `${address}${index}`,
      address,
      message: '',
      client: `2001:db8:${index.toString(16)}::/64`,
      expiresAt: new Date(now + 60_000 + index),
    }));
    for (let from = 0; from < many.length; from += 1_000) {
      await api.database
        .insertInto('signInChallenge')
        .values(many.slice(from, from + 1_000))
        .execute();
    }
    const message = await messageFor(address);
    const left = api.database.selectFrom('signInChallenge').select('nonce').where('address', '=', address);
    const nonces = new Set((await left.execute()).map(({ nonce }) => nonce));
    expect(nonces.size).toBe(MAX_OPEN_CHALLENGES_PER_ADDRESS);
    expect([nonces.has(`${address}0`), nonces.has(`${address}1`)]).toEqual([false, true]);
    expect((await answer(message, await alice.signMessage({ message }))).token).not.toBeNull();
  });

  it('takes the name that an organization gives for the one that it made up, and for no other', async () => {
    const alice = wallet();
    const client = await signIn(api, alice);
    for (const name of ['Alice', 'Not Alice']) {
      await client.request<object>(
        `mutation ($input: OrganizationCreateInput!) {
          organizationCreate(input: $input) { organization { id } userErrors { code path } } }`,
        {
          input: {
            name: 'Acme',
            members: [{ displayName: name, address: alice.address, roles: ['APPROVER'] }],
            idempotencyKey: name,
          },
        },
      );
      expect(await client.request('{ viewer { user { displayName } } }')).toEqual({
        viewer: { user: { displayName: 'Alice' } },
      });
    }
  });
});

describe('a session', () => {
  const VIEWER = '{ viewer { user { id } } }';
  const END =
    'mutation ($everywhere: Boolean) { sessionDelete(input: { everywhere: $everywhere }) { signedOut } }';
  const isIn = async (token: string | null) =>
    (await createTestClient(api.origin, token).request<{ viewer: object | null }>(VIEWER)).viewer !== null;

  it('ends when it is deleted, and no other with it', async () => {
    const alice = wallet();
    const [first, second] = [await signIn(api, alice), await signIn(api, alice)];
    await first.request(END);
    expect([await isIn(first.token), await isIn(second.token)]).toEqual([false, true]);
    expect(await first.errorCode(END)).toBe('UNAUTHENTICATED');
  });

  it('ends everywhere when asked to', async () => {
    const alice = wallet();
    const [first, second] = [await signIn(api, alice), await signIn(api, alice)];
    await first.request(END, { everywhere: true });
    expect([await isIn(first.token), await isIn(second.token)]).toEqual([false, false]);
  });

  it('ends by itself', async () => {
    const { token } = await signIn(api, wallet());
    await api.database
      .updateTable('session')
      .set({ expiresAt: new Date(Date.now() - 1) })
      .execute();
    expect(await isIn(token)).toBe(false);
  });

  it('is not let in by a token that is none of ours', async () => {
    for (const token of ['x', `pbs_${'A'.repeat(43)}`, '0'.repeat(5_000)])
      expect(await isIn(token)).toBe(false);
  });

  it('pushes out the oldest when one person has too many', async () => {
    const alice = wallet();
    const first = await signIn(api, alice);
    const { viewer } = await first.request<{ viewer: { user: { id: string } } }>(VIEWER);
    const userId = Buffer.from(viewer.user.id, 'base64url').toString().slice('User:'.length);
    await api.database
      .insertInto('session')
      .values(
        Array.from({ length: MAX_LIVE_SESSIONS_PER_USER - 1 }, (_, index) => ({
          userId,
          tokenHash: Buffer.from(`${userId}${index}`),
          expiresAt: new Date(Date.now() + 60_000),
        })),
      )
      .execute();
    expect(await isIn(first.token)).toBe(true);
    const last = await signIn(api, alice);
    expect([await isIn(first.token), await isIn(last.token)]).toEqual([false, true]);
  });

  it('lives in a browser as an HTTP-only, same-site cookie', async () => {
    const alice = wallet();
    const message = await messageFor(alice.address);
    const response = await fetch(`${api.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: api.origin },
      body: JSON.stringify({
        query: `mutation ($message: String!, $signature: Hex!) {
          sessionCreate(input: { message: $message, signature: $signature }) { userErrors { code } } }`,
        variables: { message, signature: await alice.signMessage({ message }) },
      }),
    });
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^pb_session=pbs_[\w-]{43}; Expires=.+; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = `${cookie}`.split(';')[0] ?? '';
    const asked = await fetch(`${api.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: session },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(await asked.json()).toMatchObject({ data: { viewer: { user: {} } } });
    const ended = await fetch(`${api.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: session },
      body: JSON.stringify({ query: END }),
    });
    expect(ended.headers.getSetCookie()).toEqual([
      'pb_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    ]);
  });
});
