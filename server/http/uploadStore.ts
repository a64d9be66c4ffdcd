import type { Readable } from 'node:stream';
import { DataStore, ERRORS, Metadata, Upload } from '@tus/server';
import { decodeNodeId, InvalidIdError } from '../../core/ids.ts';
import { UPLOAD_LIFETIME_HOURS } from '../../core/limits.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { findUpload } from '../../resolvers/upload/findUpload.ts';
import { uploadAppend } from '../../resolvers/upload/uploadAppend.ts';
import { uploadCreate } from '../../resolvers/upload/uploadCreate.ts';
import { uploadDelete } from '../../resolvers/upload/uploadDelete.ts';

/** What arrives is written in pieces of about this size: what a killed process had not yet written is sent again. */
const PIECE_BYTES = 256 * 1024;

/** Where tus keeps the uploads of one viewer: in the database. Another's look like none. */
export class UploadStore extends DataStore {
  readonly #context: RequestContext;
  readonly #received: (bytes: number) => void;

  /** @param received told of bytes as they are written */
  constructor(context: RequestContext, received: (bytes: number) => void) {
    super();
    this.#context = context;
    this.#received = received;
    this.extensions = ['creation', 'creation-with-upload', 'expiration', 'termination'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const { id, size, metadata } = upload;
    if (size === undefined || size === 0) throw ERRORS.INVALID_LENGTH;
    await uploadCreate(this.#context, {
      id: uuidOf(id),
      sizeBytes: size,
      metadata: metadata === undefined ? null : Metadata.stringify(metadata),
    });
    upload.creation_date = new Date().toISOString();
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const upload = await findUpload(this.#context, uuidOf(id));
    if (upload === null) throw ERRORS.FILE_NOT_FOUND;
    return new Upload({
      id,
      size: upload.sizeBytes,
      offset: upload.receivedBytes,
      ...(upload.metadata === null ? {} : { metadata: Metadata.parse(upload.metadata) }),
      creation_date: upload.createdAt.toISOString(),
    });
  }

  /** @returns how many bytes of the file are written now */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    let written = offset;
    let waiting: Buffer[] = [];
    const flush = async (): Promise<void> => {
      const bytes = Buffer.concat(waiting);
      waiting = [];
      if (bytes.length === 0) return;
      if (!(await uploadAppend(this.#context, uuidOf(id), written, bytes))) throw ERRORS.INVALID_OFFSET;
      written += bytes.length;
      this.#received(bytes.length);
    };
    try {
      let waitingBytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        waiting.push(chunk);
        waitingBytes += chunk.length;
        if (waitingBytes < PIECE_BYTES) continue;
        await flush();
        waitingBytes = 0;
      }
    } finally {
      // Of a connection that broke, what arrived is kept.
      await flush();
    }
    return written;
  }

  override async remove(id: string): Promise<void> {
    if (!(await uploadDelete(this.#context, uuidOf(id)))) throw ERRORS.FILE_NOT_FOUND;
  }

  override getExpiration(): number {
    return UPLOAD_LIFETIME_HOURS * 3600 * 1000;
  }
}

function uuidOf(id: string): string {
  try {
    const { type, uuid } = decodeNodeId(id);
    if (type === 'Upload') return uuid;
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
  }
  throw ERRORS.FILE_NOT_FOUND;
}
