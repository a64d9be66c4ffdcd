import { type Address, getAddress, isAddress } from 'viem';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { checkCloseRequest } from '../../chains/evm/codec/checkCloseRequest.ts';
import { checkOpenRequest, type SoundOpening } from '../../chains/evm/codec/checkOpenRequest.ts';
import { manifestRows } from '../../chains/evm/codec/manifest.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { PAYOUT_CONTRACTS, pinnedAsset } from '../../chains/evm/codec/pins.ts';
import { collectDifferences, type Differences } from '../../chains/evm/codec/requestDifference.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { compareListed, isWholeList } from './compareListed.ts';
import { comparePartOfFile } from './comparePartOfFile.ts';
import type {
  CheckedServedRequest,
  FileVerdict,
  ListedPayout,
  OwnFileRows,
  RefusedServedRequest,
  ServedRequest,
  SignedFacts,
} from './servedRequest.ts';

/** Sound or refused, and the payouts as they stand in the manifest that was checked; none of a closing. */
export type ServedCheck = { readonly checked: CheckedServedRequest; readonly rows: readonly PayoutRow[] };

/** What is known without the server, and the nonce: of what it says that alone is taken over. */
type Known = {
  readonly chainId: number;
  readonly safe: Address;
  readonly nonce: bigint;
  readonly pins: typeof PAYOUT_CONTRACTS & { readonly token: SignedFacts['token'] };
};

/**
 * Takes everything the server said of a request, and answers whether it may be signed. The contracts and the token come
 * from this client's own pins; the digest is rebuilt. Never throws, whatever the server said.
 *
 * 100,000 payouts take seconds: pages call it in a worker.
 * @param ownFile the approver's own file; null when they gave none
 * @param nowSeconds unix time, of this machine's clock
 */
export function checkServedRequest(
  served: ServedRequest,
  ownFile: OwnFileRows | null,
  nowSeconds: number,
): ServedCheck {
  const differences = collectDifferences();
  const withOwnFile = ownFile !== null;
  try {
    const known = recognize(served, differences);
    if (known !== null && served.kind === 'PAYOUT_CLOSE') return checkClosing(served, known, withOwnFile);
    if (known !== null && served.kind === 'PAYOUT_OPEN')
      return checkOpening(served, known, ownFile, nowSeconds);
    if (known !== null)
      addFault(differences, 'INTENT', 'The server asks for something that this page does not know.');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unknown fault';
    addFault(differences, 'INTENT', `The request cannot be read: ${why}`);
  }
  return refusal(differences.found, 0, withOwnFile);
}

/** Chain, account, token and nonce, as far as this client can take them for something. */
function recognize({ caip2, safe, asset, typedData }: ServedRequest, differences: Differences): Known | null {
  const chainId = Number(/^eip155:([1-9]\d{0,14})$/.exec(caip2)?.[1]);
  if (!Number.isSafeInteger(chainId)) {
    addFault(differences, 'CHAIN', 'The server names a chain that this page cannot sign for.');
    return null;
  }
  if (safe === null || !isAddress(safe)) {
    addFault(differences, 'SAFE', 'The server names no valid address of the account that pays.');
    return null;
  }
  const token = pinnedAsset(chainId, asset.address ?? '');
  if (token === null) {
    const sentence = `The token is ${asset.address ?? 'missing'}, which is none that this page knows on chain ${chainId}.`;
    addFault(differences, 'TOKEN', sentence, asset.address);
    return null;
  }
  const nonce = nonceOf(typedData);
  if (nonce === null) addFault(differences, 'NONCE', 'The typed data names no nonce of the account.');
  const { address, symbol, decimals } = token;
  const source = 'REQUEST';
  const decimalsName = `The number of decimals of ${symbol}`;
  differences.expect({ what: 'DECIMALS', source, name: decimalsName }, decimals, asset.decimals);
  differences.expect({ what: 'SYMBOL', source, name: 'The token’s symbol' }, symbol, asset.symbol);
  if (nonce === null || differences.found.length > 0) return null;
  const pins = { ...PAYOUT_CONTRACTS, token: { address, symbol, decimals } };
  return { chainId, safe: getAddress(safe), nonce, pins };
}

function addFault(
  { found }: Differences,
  what: 'CHAIN' | 'SAFE' | 'TOKEN' | 'INTENT' | 'NONCE',
  sentence: string,
  value: string | null = null,
): void {
  found.push({ what, source: 'REQUEST', expected: null, found: value, sentence });
}

function nonceOf(typedData: unknown): bigint | null {
  const nonce = (typedData as { message?: { nonce?: unknown } } | null)?.message?.nonce;
  return /^\d{1,20}$/.test(`${nonce}`) ? BigInt(`${nonce}`) : null;
}

function batchIdOf({ batch }: ServedRequest) {
  return batchIdFromUuid(decodeNodeId(batch.id).uuid);
}

function checkClosing(
  served: ServedRequest,
  { chainId, safe, nonce, pins }: Known,
  withOwnFile: boolean,
): ServedCheck {
  const batchId = batchIdOf(served);
  const closing = checkCloseRequest({
    own: { ...pins, chainId, safe, batchId },
    request: { digest: served.digest, typedData: served.typedData, nonce },
  });
  if (closing.kind === 'REFUSED') return refusal(closing.differences, 0, withOwnFile);
  const { digest, typedData } = closing;
  const { vault } = closing.intent;
  const facts: SignedFacts = { chainId, safe, nonce, vault, batchId, token: pins.token, opening: null };
  const file = { kind: 'NOT_GIVEN' } as const;
  return { checked: { kind: 'SOUND', digest, typedData, facts, warnings: [], file }, rows: [] };
}

function checkOpening(
  served: ServedRequest,
  known: Known,
  ownFile: OwnFileRows | null,
  nowSeconds: number,
): ServedCheck {
  const { chainId, safe, nonce, pins } = known;
  const { batch, listed } = served;
  const withOwnFile = ownFile !== null;
  const isPartial = ownFile !== null && ownFile.withoutAddress.length > 0;
  const isWhole = isWholeList(listed, batch.payoutCount);
  const opening = checkOpenRequest({
    own: { ...pins, chainId, safe, ...(ownFile === null || isPartial ? {} : { rows: ownFile.rows }) },
    request: {
      digest: served.digest,
      typedData: served.typedData,
      manifestText: served.manifestText ?? '',
      manifestSha256: served.manifestSha256,
      nonce,
      ...(isWhole ? { listedRows: listed.map(rowOf) } : {}),
    },
    nowSeconds,
    expected: {
      batchId: batchIdOf(served),
      payoutCount: batch.payoutCount,
      total: BigInt(batch.totalUnits),
    },
  });
  if (opening.kind === 'REFUSED') return refusal(opening.differences, opening.differentRowCount, withOwnFile);
  const { digest, typedData, intent } = opening;
  const rows = manifestRows(opening.manifest);
  const { decimals } = pins.token;
  const shown = isWhole ? [] : compareListed(listed, rows, decimals);
  if (shown.length > 0) return refusal(shown, shown.length, withOwnFile);
  const file = isPartial ? comparePartOfFile(ownFile, rows, decimals) : verdictOf(ownFile);
  if (file.kind === 'DIFFERS') return refusal(file.differences, file.differenceCount, withOwnFile);
  const warnings = intent.warnings.map(({ code }) => code);
  const facts = openingFacts(known, opening, rows);
  return { checked: { kind: 'SOUND', digest, typedData, facts, warnings, file }, rows };
}

function rowOf({ recipient, units }: ListedPayout): PayoutRow {
  return { recipient: getAddress(recipient), units: BigInt(units) };
}

/** Of a file that was compared in full, and agrees. */
function verdictOf(ownFile: OwnFileRows | null): FileVerdict {
  return ownFile === null ? { kind: 'NOT_GIVEN' } : { kind: 'MATCHES', rowCount: ownFile.rows.length };
}

function openingFacts(
  { chainId, safe, nonce, pins }: Known,
  { manifest, intent }: SoundOpening,
  rows: readonly PayoutRow[],
): SignedFacts {
  const { batchId, openBy, closeAfter, root } = manifest;
  const { vault, total, largest } = intent;
  return {
    ...{ chainId, safe, nonce, vault, batchId, token: pins.token },
    opening: {
      payoutCount: rows.length,
      recipientCount: new Set(rows.map(({ recipient }) => recipient)).size,
      total,
      largest: {
        index: rows.findIndex(({ units }) => units === largest.units),
        recipient: getAddress(largest.recipient),
        units: largest.units,
      },
      ...{ openBy, closeAfter, root },
    },
  };
}

function refusal(
  differences: RefusedServedRequest['differences'],
  differentRowCount: number,
  withOwnFile: boolean,
): ServedCheck {
  return { checked: { kind: 'REFUSED', differences, differentRowCount, withOwnFile }, rows: [] };
}
