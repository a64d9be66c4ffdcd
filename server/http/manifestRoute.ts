import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { manifestPieces } from '../../chains/evm/codec/encodeManifest.ts';
import { readApprovalManifest } from '../../resolvers/approval/readApprovalManifest.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { readNodeId } from '../../schema/nodeId.ts';
import { sendError } from './sendError.ts';

export const MANIFEST_PATH = /^\/manifests\/([A-Za-z0-9_-]{1,100})$/;

/**
 * `GET /manifests/{approval id}`: the manifest of an approval's batch, written from its packed chunks, byte for byte the
 * file whose SHA-256 the signing request names. Needs READ in the organization; to strangers it does not exist.
 */
export async function serveManifest(
  context: RequestContext,
  approvalNodeId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const approvalId = readNodeId('Approval', approvalNodeId);
  const found = approvalId === null ? null : await readApprovalManifest(context, approvalId);
  if (found === null) return sendError(response, 404, 'NOT_FOUND', 'The manifest was not found.');
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': found.byteSize,
    'content-disposition': `attachment; filename="manifest-${approvalId}.json"`,
    'cache-control': 'private, no-store',
    etag: `"${found.sha256}"`,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(manifestPieces(found.header, found.chunks)), response);
}
