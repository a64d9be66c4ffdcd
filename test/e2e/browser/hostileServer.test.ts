// A server that lies about what is to be signed: the page rebuilds it, names what differs, and has no button to sign it.
import type { Browser, Locator } from 'playwright-core';
import { type Address, sha256, stringToBytes } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Manifest, manifestRows } from '../../../chains/evm/codec/manifest.ts';
import { parseManifest } from '../../../chains/evm/codec/parseManifest.ts';
import type { DifferentPart } from '../../../chains/evm/codec/requestDifference.ts';
import { type SafeTransaction, safeTransactionHash } from '../../../chains/evm/codec/safeTransaction.ts';
import { payroll } from '../../../examples/generate.ts';
import { startStack, type TestStack } from '../stack.ts';
import { ANNOUNCED_NAME, announceWallet } from './announcedWallet.ts';
import { startChromium } from './chromium.ts';
import { asksFor, honestTransaction, swappedRecipient } from './forgedRequest.ts';
import { type HostileServer, type Lie, standBetween } from './hostileServer.ts';
import { type Person, seatPerson } from './person.ts';
import { type ServedBatch, submitBatch } from './servedBatch.ts';

const ROWS = 1_000;
const SWAPPED_INDEX = 617;
/** A file's first row is its heading. */
const SWAPPED_FILE_ROW = SWAPPED_INDEX + 2;
const THIEF: Address = '0x7777777777777777777777777777777777777777';
const FILE = { name: 'payroll.csv', mimeType: 'text/csv', buffer: Buffer.from(payroll(ROWS, 'HOSTILE')) };

let stack: TestStack;
let browser: Browser;
let batch: ServedBatch;
let manifest: Manifest;
let approver: Person;
let server: HostileServer;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  batch = await submitBatch(stack, FILE.name, FILE.buffer.toString());
  manifest = parseManifest(batch.manifestText);
  approver = await seatPerson(browser, stack, 1, { language: 'en', scheme: 'light', widthPx: 1440 });
  server = await standBetween(approver.page);
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

const signButton = () => approver.page.getByRole('button', { name: 'Sign and approve' });
const refusal = () => approver.page.getByRole('alert').filter({ hasText: 'Do not sign' });
const transaction = () => honestTransaction(manifest, batch.nonce);
const safeDigest = () =>
  safeTransactionHash({ chainId: manifest.chainId, safe: manifest.payer }, transaction());

/** Opens the approval anew while the server tells this. */
async function openUnder(lie: Lie): Promise<void> {
  server.tell(lie);
  await approver.page.goto(`${stack.stack.api}/approvals/${batch.approvalId}`);
}

async function dropOwnFile(): Promise<void> {
  const zone: Locator = approver.page.locator('.mantine-Dropzone-root');
  await zone.drop({ files: FILE });
}

/** What is named as different, once the page has refused. */
async function refusedParts(): Promise<string[]> {
  await refusal().waitFor();
  return refusal()
    .locator('[data-difference]')
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.difference ?? ''));
}

async function expectNothingSigned(): Promise<void> {
  expect(await signButton().count()).toBe(0);
  await approver.page.getByText('There is nothing that you could sign').waitFor();
  expect(server.sent).toContain('ApprovalDetail');
  expect(server.sent).not.toContain('ApprovalGrant');
  expect(await stack.sql('select from approval_decision')).toEqual([]);
}

test('an honest server: there is a button, and the own file matches', async () => {
  await openUnder({});
  await signButton().waitFor();
  expect(await signButton().isEnabled()).toBe(true);
  await dropOwnFile();
  await approver.page.getByText('It matches your own file.').waitFor();
  expect(await refusal().count()).toBe(0);
});

describe('one of 1,000 recipients swapped in rows, root, manifest, typed data, digest', () => {
  const swapped = () =>
    swappedRecipient(manifest, { index: SWAPPED_INDEX, recipient: THIEF, nonce: batch.nonce });

  test('and in every list: refused with the own file, naming the row', async () => {
    await openUnder({
      ...swapped(),
      payout: (payout) => {
        if (payout.index === SWAPPED_INDEX) payout.recipient = THIEF;
      },
    });
    // It agrees with itself in everything: without the file nobody can tell it from an honest one, and the page says that.
    await signButton().waitFor();
    await approver.page.getByText('Not compared with a file of yours').waitFor();
    await approver.page.getByText('You sign without having compared a file of yours.').waitFor();

    await dropOwnFile();
    expect(await refusedParts()).toContain('ROW');
    const rightful = manifestRows(manifest)[SWAPPED_INDEX]?.recipient ?? '';
    const said = ((await refusal().textContent()) ?? '').toLowerCase();
    expect(said).toContain(`row ${SWAPPED_FILE_ROW} of your file: the recipient is ${THIEF}`);
    expect(said).toContain(`your file says ${rightful.toLowerCase()}`);
    await expectNothingSigned();
  });

  test('but not in the lists: refused without the file, naming the payout', async () => {
    await openUnder(swapped());
    expect(await refusedParts()).toContain('ROW');
    expect(await refusal().textContent()).toMatch(
      new RegExp(`Payout ${SWAPPED_INDEX + 1}: the recipient is ${THIEF}`),
    );
    await expectNothingSigned();
  });
});

/** Consistent in typed data and digest. */
const asking = (changes: Partial<SafeTransaction>) => () =>
  asksFor(manifest, { ...transaction(), ...changes });
const message = (changes: object) => () => ({
  approval: ({ signingRequest }: Parameters<NonNullable<Lie['approval']>>[0]) => {
    Object.assign((signingRequest.typedData as { message: object }).message, changes);
  },
});

const LIES: { name: string; lie: () => Lie; part: DifferentPart; says: RegExp }[] = [
  {
    name: 'a listed amount is another than in the manifest',
    lie: () => ({
      payout: (payout) => {
        if (payout.index === SWAPPED_INDEX) payout.amount.units = `${BigInt(payout.amount.units) + 1n}`;
      },
    }),
    part: 'ROW',
    says: new RegExp(`payout ${SWAPPED_INDEX + 1}: the amount`, 'i'),
  },
  {
    name: 'a refund to somebody',
    lie: asking({ gasPrice: 1n, refundReceiver: THIEF }),
    part: 'REFUND',
    says: /refundReceiver is 0x7777/,
  },
  {
    name: 'a refund in a token',
    lie: asking({ gasToken: THIEF }),
    part: 'GAS_TOKEN',
    says: /gasToken is 0x7777/,
  },
  {
    name: 'a delegate call to something else',
    lie: asking({ to: THIEF, operation: 1, data: '0xdeadbeef' }),
    part: 'TARGET',
    says: /message\.to is 0x7777/,
  },
  {
    name: 'a plain call in place of the delegate call',
    lie: asking({ operation: 0 }),
    part: 'OPERATION',
    says: /operation is 0/,
  },
  {
    name: 'typed data altered alone',
    lie: message({ to: THIEF }),
    part: 'TARGET',
    says: /message\.to is 0x7777/,
  },
  { name: 'another nonce in the typed data', lie: message({ nonce: '41' }), part: 'DIGEST', says: /digest/i },
  {
    name: 'the digest of something else',
    lie: () => ({
      approval: ({ signingRequest }) => {
        signingRequest.digest = sha256(stringToBytes('something else'));
      },
    }),
    part: 'DIGEST',
    says: /The digest is 0x/,
  },
  {
    name: 'a manifest that hashes to something else than it says',
    lie: () => ({
      approval: ({ signingRequest }) => {
        signingRequest.manifest.sha256 = sha256(stringToBytes('something else'));
      },
    }),
    part: 'MANIFEST_HASH',
    says: /SHA-256/,
  },
  {
    name: 'another total than the rows add up to',
    lie: () => ({
      approval: ({ subject }) => {
        subject.total.units = `${BigInt(subject.total.units) - 1n}`;
      },
    }),
    part: 'TOTAL',
    says: /total/i,
  },
];

test.each(LIES)('$name: refused and named', async ({ lie, part, says }) => {
  await openUnder(lie());
  expect(await refusedParts()).toContain(part);
  expect(await refusal().textContent()).toMatch(says);
  await expectNothingSigned();
});

test('honest again, it is signed: the key of the link is still there after all the reloads', async () => {
  await openUnder({});
  await signButton().click();
  await approver.page.getByText('You have decided already.').waitFor();
  expect(server.sent.filter((name) => name === 'ApprovalGrant')).toEqual(['ApprovalGrant']);
  expect(server.sent).not.toContain('SignIn');
  expect(await stack.sql('select from approval_decision')).toHaveLength(1);
});

describe('a text to sign in with that is something else', () => {
  const TEXTS: { name: string; text: (honest: string) => string }[] = [
    { name: 'the digest of the Safe transaction', text: () => safeDigest() },
    {
      name: 'a sign-in to another site',
      text: (honest) => honest.replaceAll(new URL(stack.stack.api).host, 'bank.example'),
    },
    { name: 'a sign-in with something behind it', text: (honest) => `${honest}\nResources:\n- ipfs://safe` },
    {
      name: 'a sign-in of long ago',
      text: (honest) => honest.replaceAll(/(?<=Issued At: |Expiration Time: )\d{4}/g, '2020'),
    },
  ];
  let asked: readonly string[];
  let guest: Awaited<ReturnType<Browser['newPage']>>;
  let lying: HostileServer;
  beforeEach(async () => {
    guest = await browser.newPage({ locale: 'en-US' });
    lying = await standBetween(guest);
    const { privateKey } = stack.stack.demo.approvers[2] ?? {};
    if (privateKey === undefined) throw new Error('There is no third approver.');
    asked = await announceWallet(guest, { privateKey, chainId: stack.stack.chainId });
    return () => guest.close();
  });

  test.each(TEXTS)('$name: the wallet is not asked', async ({ text }) => {
    lying.tell({ signInText: text });
    await guest.goto(`${stack.stack.api}/sign-in`);
    await guest.getByRole('button', { name: `Sign in with ${ANNOUNCED_NAME}` }).click();
    await guest.getByRole('alert').filter({ hasText: 'the text to be signed' }).waitFor();
    expect(asked).toEqual(['eth_requestAccounts', 'eth_chainId']);
    expect(lying.sent).not.toContain('SignIn');
  });

  test('the key of a demonstration link does not sign it either', async () => {
    lying.tell({ signInText: TEXTS[0]?.text ?? String });
    const { privateKey } = stack.stack.demo.approvers[2] ?? {};
    await guest.goto(`${stack.stack.api}/sign-in#key=${privateKey}`);
    await guest.getByRole('alert').filter({ hasText: 'the text to be signed' }).waitFor();
    expect(lying.sent).not.toContain('SignIn');
  });

  test('a true one signs in', async () => {
    lying.tell({});
    await guest.goto(`${stack.stack.api}/sign-in`);
    await guest.getByRole('button', { name: `Sign in with ${ANNOUNCED_NAME}` }).click();
    await guest.locator('[data-connection="LIVE"]').waitFor();
    expect(asked).toContain('personal_sign');
  });
});
