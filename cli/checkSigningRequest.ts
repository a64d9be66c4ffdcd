import {
  checkOpenRequest,
  type OpenRequest,
  type SoundOpening,
} from '../chains/evm/codec/checkOpenRequest.ts';
import type { RefusedRequest, RequestDifference } from '../chains/evm/codec/requestDifference.ts';
import { CliError } from './cliError.ts';
import type { OwnAsset, OwnRow } from './readOwnRows.ts';

/** What an approver knows without the server: their own file, and which account, token and contracts it is about. */
export type OwnKnowledge = OwnAsset & { chainId: number; rows: readonly OwnRow[] };

/**
 * Compares what the server asks to be signed with what follows from the approver's own file.
 * @returns what was rebuilt, which is what may be signed
 * @throws CliError naming the first rows, and the fields, that differ
 */
export function checkSigningRequest(own: OwnKnowledge, request: OpenRequest): SoundOpening {
  const { chainId, payer, rows, factory, implementation, token, symbol, decimals } = own;
  const checked = checkOpenRequest({
    own: { chainId, safe: payer, rows, factory, implementation, token: { address: token, symbol, decimals } },
    request,
    nowSeconds: Math.floor(Date.now() / 1000),
  });
  if (checked.kind === 'REFUSED') throw new CliError(refusal(checked));
  return checked;
}

function refusal({ differences, differentRowCount }: RefusedRequest): string {
  const rowsOf = (source: RequestDifference['source']) =>
    differences.filter((difference) => difference.what === 'ROW' && difference.source === source);
  const rows = [
    ...rowLines('The API lists other payouts than your file', rowsOf('LISTED_ROWS')),
    ...rowLines('The manifest to be signed holds other payouts than your file', rowsOf('MANIFEST')),
  ];
  const fields = differences.filter(({ what }) => what !== 'ROW').map(({ sentence }) => sentence);
  if (rows.length === 0) return `Not signed: ${fields.join('\n  ')}`;
  const count = `${differentRowCount} difference(s) in rows.`;
  return [`Not signed. ${rows[0]}`, ...rows.slice(1), count, ...fields].join('\n');
}

function rowLines(heading: string, rows: readonly RequestDifference[]): string[] {
  return rows.length === 0 ? [] : [`${heading}:`, ...rows.map(({ sentence }) => `  ${sentence}`)];
}
