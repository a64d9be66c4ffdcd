// One recipient whom the token refuses among two hundred: the others are paid, the money comes back, and the row is paid
// again once and only once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { closeTransaction } from '../../chains/evm/codec/closeTransaction.ts';
import { safeTransactionHash } from '../../chains/evm/codec/safeTransaction.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { examplePayee, payroll } from '../../examples/generate.ts';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import type { TestClient } from '../kit/client.ts';
import { approve } from './approve.ts';
import { startStack, type TestStack } from './stack.ts';
import { until } from './until.ts';
import { signInAs } from './viewer.ts';

const ROWS = 200;
const SERIES = 'REFUSED';
const REFUSED_INDEX = 123;
const refused = examplePayee(REFUSED_INDEX, SERIES);
/** As the file writes it, in base units. */
const refusedUnits = fileUnits(payroll(ROWS, SERIES).split('\n')[REFUSED_INDEX + 1] ?? '');

const BATCH = /* GraphQL */ `
  query Batch($id: ID!) {
    payoutBatch(id: $id) {
      status
      progress { final undelivered failed }
      approvals(last: 1) {
        edges { node { id kind status signingRequest { digest typedData } } }
      }
      payouts(first: 100, status: [UNDELIVERED, FAILED]) {
        edges { node { index recipient status amount { units } failure { code } } }
      }
    }
  }
`;
const RETRY = /* GraphQL */ `
  mutation Retry($input: PayoutBatchRetryFailedInput!) {
    payoutBatchRetryFailed(input: $input) {
      payoutBatch {
        id
        payoutCount
        total { units }
        payouts(first: 100) { edges { node { recipient reference amount { units } } } }
      }
      replayed
      userErrors { code message }
    }
  }
`;
type Batch = {
  status: string;
  progress: { final: number; undelivered: number; failed: number };
  approvals: { edges: { node: Approval }[] };
  payouts: {
    edges: {
      node: {
        index: number;
        recipient: Address;
        status: string;
        amount: { units: string };
        failure: { code: string };
      };
    }[];
  };
};
type Approval = {
  id: string;
  kind: string;
  status: string;
  signingRequest: { digest: Hex; typedData: { message: { nonce: string } } };
};
type Retry = {
  payoutBatchRetryFailed: {
    payoutBatch: {
      id: string;
      payoutCount: number;
      total: { units: string };
      payouts: {
        edges: { node: { recipient: Address; reference: string; amount: { units: string } } }[];
      };
    } | null;
    replayed: boolean;
    userErrors: { code: string }[];
  };
};

let stack: TestStack;
let viewer: TestClient;
let safe: Address;
let file: string;
beforeAll(async () => {
  stack = await startStack();
  viewer = await signInAs(stack, 0);
  const { account } = await viewer.request<{ account: { address: Address } }>(
    'query Treasury($id: ID!) { account(id: $id) { address } }',
    { id: stack.stack.demo.accountId },
  );
  safe = account.address;
  file = join(stack.directory, 'refused.csv');
  writeFileSync(file, payroll(ROWS, SERIES));
});
afterAll(() => stack?.remove());

function fileUnits(line: string): bigint {
  const [whole = '', fraction = ''] = (line.split(',')[1] ?? '').split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

async function setBlocked(isBlocked: boolean): Promise<void> {
  const hash = await stack.chain.writeContract({
    account: developmentAccount(0),
    address: stack.stack.contracts.DevelopmentUSDC,
    abi: developmentUsdcAbi,
    functionName: 'setBlocked',
    args: [refused, isBlocked],
  });
  await stack.chain.waitForTransactionReceipt({ hash });
}

function balanceOf(owner: Address): Promise<bigint> {
  return stack.chain.readContract({
    address: stack.stack.contracts.DevelopmentUSDC,
    abi: developmentUsdcAbi,
    functionName: 'balanceOf',
    args: [owner],
  });
}

async function readBatch(id: string): Promise<Batch> {
  return (await viewer.request<{ payoutBatch: Batch }>(BATCH, { id })).payoutBatch;
}

async function retry(id: string, idempotencyKey: string) {
  const answer = await viewer.request<Retry>(RETRY, { input: { payoutBatchId: id, idempotencyKey } });
  return answer.payoutBatchRetryFailed;
}

async function cancel(id: string): Promise<void> {
  const { payoutBatchCancel } = await viewer.request<{ payoutBatchCancel: { userErrors: unknown[] } }>(
    `mutation Cancel($input: PayoutBatchCancelInput!) {
      payoutBatchCancel(input: $input) { payoutBatch { status } userErrors { code message } }
    }`,
    { input: { payoutBatchId: id } },
  );
  expect(payoutBatchCancel.userErrors).toEqual([]);
}

test('199 are final, one is undelivered; it is closed, its money back, its row paid again once', async () => {
  await setBlocked(true);
  const before = await balanceOf(safe);
  const paid = await stack.payroll(file).ended;
  expect(paid.code, paid.stderr).toBe(3);
  const { batchId, payouts } = JSON.parse(paid.stdout);
  expect(payouts).toEqual({ final: ROWS - 1, failed: 0 });
  const open = await readBatch(batchId);
  expect(open).toMatchObject({ status: 'EXECUTING', progress: { final: ROWS - 1, undelivered: 1 } });
  expect(open.payouts.edges.map(({ node }) => node)).toEqual([
    {
      index: REFUSED_INDEX,
      recipient: refused,
      status: 'UNDELIVERED',
      amount: { units: refusedUnits.toString() },
      failure: { code: 'TOKEN_REFUSED' },
    },
  ]);
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 1 });
  expect((await retry(batchId, 'too early')).userErrors).toMatchObject([{ code: 'BATCH_NOT_CLOSED' }]);

  await cancel(batchId);
  await cancel(batchId);
  const asked = (await readBatch(batchId)).approvals.edges[0]?.node as Approval;
  expect(asked).toMatchObject({ kind: 'PAYOUT_CLOSE', status: 'PENDING' });
  const vault = vaultOf(batchId);
  expect(await balanceOf(vault)).toBe(refusedUnits);
  const digest = safeTransactionHash(
    { chainId: stack.stack.chainId, safe },
    closeTransaction({ vault, nonce: BigInt(asked.signingRequest.typedData.message.nonce) }),
  );
  expect(asked.signingRequest.digest).toBe(digest);
  await approve(stack, { id: asked.id, digest }, 2);

  const closed = await until('the batch to end', async () => {
    const batch = await readBatch(batchId);
    return batch.status === 'EXECUTING' ? null : batch;
  });
  expect(closed).toMatchObject({
    status: 'PARTIALLY_FAILED',
    progress: { final: ROWS - 1, undelivered: 0, failed: 1 },
  });
  expect(await balanceOf(vault)).toBe(0n);
  const delivered = fileTotal() - refusedUnits;
  expect(await balanceOf(safe)).toBe(before - delivered);

  await payAgain(batchId, before - delivered);
});

/** Makes the retry, fails to make a second one, and pays the one. */
async function payAgain(batchId: string, treasury: bigint): Promise<void> {
  const [first, second] = await Promise.all([retry(batchId, 'one'), retry(batchId, 'two')]);
  const [made, other] = first.payoutBatch === null ? [second, first] : [first, second];
  expect(other).toMatchObject({ payoutBatch: null, userErrors: [{ code: 'ROW_RETRIED_ALREADY' }] });
  expect((await retry(batchId, 'three')).userErrors).toMatchObject([{ code: 'ROW_RETRIED_ALREADY' }]);
  const batch = made.payoutBatch;
  expect(batch).toMatchObject({ payoutCount: 1, total: { units: refusedUnits.toString() } });
  expect(batch?.payouts.edges.map(({ node }) => node)).toEqual([
    {
      recipient: refused,
      reference: `${SERIES}-2026-11-${String(REFUSED_INDEX + 1).padStart(5, '0')}`,
      amount: { units: refusedUnits.toString() },
    },
  ]);
  const id = batch?.id ?? '';
  await setBlocked(false);
  await viewer.request(
    `mutation Submit($input: PayoutBatchSubmitInput!) {
      payoutBatchSubmit(input: $input) { userErrors { code message } }
    }`,
    { input: { payoutBatchId: id } },
  );
  const asked = (await readBatch(id)).approvals.edges[0]?.node as Approval;
  expect(asked).toMatchObject({ kind: 'PAYOUT_OPEN', status: 'PENDING' });
  await approve(stack, { id: asked.id, digest: asked.signingRequest.digest });
  await until('the retry to complete', async () => (await readBatch(id)).status === 'COMPLETED');
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });
  expect(await balanceOf(safe)).toBe(treasury - refusedUnits);
  expect((await retry(batchId, 'four')).userErrors).toMatchObject([{ code: 'ROW_RETRIED_ALREADY' }]);
}

function fileTotal(): bigint {
  const lines = payroll(ROWS, SERIES).trim().split('\n').slice(1);
  return lines.reduce((total, line) => total + fileUnits(line), 0n);
}

/** Where the batch's money waits, by the pins of the stack's file and nobody's word. */
function vaultOf(batchId: string): Address {
  const { PayoutVaultFactory: factory, PayoutVault: implementation } = stack.stack.contracts;
  return vaultAddress({
    payer: safe,
    batchId: batchIdFromUuid(decodeNodeId(batchId).uuid),
    factory,
    implementation,
  });
}
