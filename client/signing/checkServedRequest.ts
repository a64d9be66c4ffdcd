import { type Address, getAddress, isAddress } from 'viem';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { checkCloseRequest } from '../../chains/evm/codec/checkCloseRequest.ts';
import { checkOpenRequest } from '../../chains/evm/codec/checkOpenRequest.ts';
import { manifestRows } from '../../chains/evm/codec/manifest.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { PAYOUT_CONTRACTS, type PinnedAsset, pinnedAsset } from '../../chains/evm/codec/pins.ts';
import { collectDifferences, type Differences } from '../../chains/evm/codec/requestDifference.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { compareListed, isWholeList } from './compareListed.ts';
import { comparePartOfFile } from './comparePartOfFile.ts';
import type {
  CheckedServedRequest,
  FileVerdict,
  OwnFileRows,
  RefusedServedRequest,
  ServedRequest,
  SoundRequest,
} from './servedRequest.ts';

/** Sound or refused, and the payouts as they stand in the manifest that was checked; none of a closing. */
export type ServedCheck = { readonly checked: CheckedServedRequest; readonly rows: readonly PayoutRow[] };

type Known = { readonly chainId: number; readonly safe: Address; readonly asset: PinnedAsset };

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
  const refused = (): ServedCheck => ({
    checked: {
      kind: 'REFUSED',
      differences: differences.found,
      differentRowCount: 0,
      withOwnFile: ownFile !== null,
    },
    rows: [],
  });
  try {
    const known = recognize(served, differences);
    if (known === null) return refused();
    if (served.kind === 'PAYOUT_CLOSE') return checkClosing(served, known);
    if (served.kind === 'PAYOUT_OPEN') return checkOpening(served, known, ownFile, nowSeconds);
    addFault(differences, 'INTENT', 'The server asks for something that this page does not know.');
    return refused();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unknown fault';
    addFault(differences, 'INTENT', `The request cannot be read: ${why}`);
    return refused();
  }
}

/** Chain, account and token, as far as this client knows them by itself. */
function recognize({ caip2, safe, asset }: ServedRequest, differences: Differences): Known | null {
  const chainId = Number(/^eip155:([1-9]\d{0,14})$/.exec(caip2)?.[1]);
  if (!Number.isSafeInteger(chainId)) {
    addFault(differences, 'CHAIN', 'The server names a chain that this page cannot sign for.');
    return null;
  }
  if (safe === null || !isAddress(safe)) {
    addFault(differences, 'SAFE', 'The server names no valid address of the account that pays.');
    return null;
  }
  const pinned = pinnedAsset(chainId, asset.address ?? '');
  if (pinned === null) {
    addFault(
      differences,
      'TOKEN',
      `The token is ${asset.address ?? 'missing'}, which is none that this page knows on chain ${chainId}.`,
      asset.address,
    );
    return null;
  }
  const source = 'REQUEST';
  differences.expect(
    { what: 'DECIMALS', source, name: `The number of decimals of ${pinned.symbol}` },
    pinned.decimals,
    asset.decimals,
  );
  differences.expect({ what: 'SYMBOL', source, name: 'The token’s symbol' }, pinned.symbol, asset.symbol);
  return differences.found.length > 0 ? null : { chainId, safe: getAddress(safe), asset: pinned };
}

function addFault(
  { found }: Differences,
  what: 'CHAIN' | 'SAFE' | 'TOKEN' | 'INTENT' | 'NONCE',
  sentence: string,
  value: string | null = null,
): void {
  found.push({ what, source: 'REQUEST', expected: null, found: value, sentence });
}

/** Of the typed data it alone is taken over: with another one everything rebuilt from it differs. */
function nonceOf(typedData: unknown): bigint | null {
  const nonce = (typedData as { message?: { nonce?: unknown } } | null)?.message?.nonce;
  return /^\d{1,20}$/.test(`${nonce}`) ? BigInt(`${nonce}`) : null;
}

function pinsOf({ asset }: Known) {
  return {
    ...PAYOUT_CONTRACTS,
    token: { address: asset.address, symbol: asset.symbol, decimals: asset.decimals },
  };
}

function batchIdOf({ batch }: ServedRequest) {
  return batchIdFromUuid(decodeNodeId(batch.id).uuid);
}

function checkClosing(served: ServedRequest, known: Known): ServedCheck {
  const { chainId, safe } = known;
  const nonce = nonceOf(served.typedData);
  if (nonce === null) return { checked: refusal([missingNonce], 0, false), rows: [] };
  const pins = pinsOf(known);
  const batchId = batchIdOf(served);
  const { digest, typedData } = served;
  const closing = checkCloseRequest({
    own: { ...pins, chainId, safe, batchId },
    request: { digest, typedData, nonce },
  });
  if (closing.kind === 'REFUSED') return { checked: refusal(closing.differences, 0, false), rows: [] };
  const { vault } = closing.intent;
  const checked: SoundRequest = {
    kind: 'SOUND',
    digest: closing.digest,
    typedData: closing.typedData,
    facts: { chainId, safe, nonce, vault, batchId, token: pins.token, opening: null },
    warnings: [],
    file: { kind: 'NOT_GIVEN' },
  };
  return { checked, rows: [] };
}

function checkOpening(
  served: ServedRequest,
  known: Known,
  ownFile: OwnFileRows | null,
  nowSeconds: number,
): ServedCheck {
  const { chainId, safe } = known;
  const withOwnFile = ownFile !== null;
  const nonce = nonceOf(served.typedData);
  if (nonce === null) return { checked: refusal([missingNonce], 0, withOwnFile), rows: [] };
  const { batch, listed } = served;
  const pins = pinsOf(known);
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
      ...(isWhole
        ? {
            listedRows: listed.map(({ recipient, units }) => ({
              recipient: getAddress(recipient),
              units: BigInt(units),
            })),
          }
        : {}),
    },
    nowSeconds,
    expected: {
      batchId: batchIdOf(served),
      payoutCount: batch.payoutCount,
      total: BigInt(batch.totalUnits),
    },
  });
  if (opening.kind === 'REFUSED') {
    return { checked: refusal(opening.differences, opening.differentRowCount, withOwnFile), rows: [] };
  }
  const { manifest, intent } = opening;
  const rows = manifestRows(manifest);
  const { decimals } = pins.token;
  const shown = isWhole ? [] : compareListed(listed, rows, decimals);
  if (shown.length > 0) return { checked: refusal(shown, shown.length, withOwnFile), rows: [] };
  let file: FileVerdict =
    ownFile === null ? { kind: 'NOT_GIVEN' } : { kind: 'MATCHES', rowCount: ownFile.rows.length };
  if (ownFile !== null && isPartial) {
    const part = comparePartOfFile(ownFile, rows, decimals);
    if (part.kind === 'DIFFERS')
      return { checked: refusal(part.differences, part.differenceCount, true), rows: [] };
    file = part.verdict;
  }
  const checked: SoundRequest = {
    kind: 'SOUND',
    digest: opening.digest,
    typedData: opening.typedData,
    facts: {
      chainId,
      safe,
      nonce,
      vault: intent.vault,
      batchId: manifest.batchId,
      token: pins.token,
      opening: {
        payoutCount: rows.length,
        recipientCount: new Set(rows.map(({ recipient }) => recipient)).size,
        total: intent.total,
        largest: {
          index: rows.findIndex(({ units }) => units === intent.largest.units),
          recipient: getAddress(intent.largest.recipient),
          units: intent.largest.units,
        },
        openBy: manifest.openBy,
        closeAfter: manifest.closeAfter,
        root: manifest.root,
      },
    },
    warnings: intent.warnings.map(({ code }) => code),
    file,
  };
  return { checked, rows };
}

const missingNonce = {
  what: 'NONCE',
  source: 'TYPED_DATA',
  expected: null,
  found: null,
  sentence: 'The typed data names no nonce of the account.',
} as const;

function refusal(
  differences: RefusedServedRequest['differences'],
  differentRowCount: number,
  withOwnFile: boolean,
): RefusedServedRequest {
  return { kind: 'REFUSED', differences, differentRowCount, withOwnFile };
}
