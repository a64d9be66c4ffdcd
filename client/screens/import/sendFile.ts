import type { DetailedError, HttpResponse, Upload } from 'tus-js-client';
import { forgetUpload, noteUpload } from './forgetUpload.ts';

const UPLOADS_PATH = '/uploads';
const ID_HEADER = 'Upload-Id';
/** Small files go with the request that begins the upload: one way to the server instead of two. */
const MAX_AT_ONCE_BYTES = 256 * 1024;
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 15_000;
/** The upload is held by the connection that broke, or has moved on: asking for its position mends both. */
const PASSING_STATUSES: readonly number[] = [409, 423, 460];
const UNAUTHENTICATED = 401;
const TOO_LARGE = 413;
const TOO_MANY = 429;

export type SendingFault =
  | { kind: 'SESSION_ENDED' | 'TOO_LARGE' }
  /** In the server's words. */
  | { kind: 'REFUSED' | 'TOO_MANY'; message: string };

export type Sending = {
  /** @returns the upload's id. @throws SendingError; never settles once it is dropped */
  readonly done: Promise<string>;
  /** Stops, and has the server forget what it has. */
  drop(): void;
};

export class SendingError extends Error {
  readonly fault: SendingFault;
  constructor(fault: SendingFault) {
    super(fault.kind);
    this.name = 'SendingError';
    this.fault = fault;
  }
}

/**
 * Uploads a file by tus 1.0. A lost connection is not a fault: it goes on from what has arrived as soon as there is a
 * network again, until it is dropped.
 * @param progress told how many bytes are sent, and whether it waits for the connection
 */
export function sendFile(
  file: Blob,
  name: string,
  progress: (sentBytes: number, isWaiting: boolean) => void,
): Sending {
  let upload: Upload | undefined;
  let isDropped = false;
  let stopWaiting: () => void = () => undefined;

  const done = import('tus-js-client').then(
    (tus) =>
      new Promise<string>((resolve, reject) => {
        let id: string | null = null;
        let sentBytes = 0;
        let waitMs = MIN_WAIT_MS;
        if (isDropped) return;
        upload = new tus.Upload(file, {
          endpoint: UPLOADS_PATH,
          metadata: { filename: name },
          retryDelays: null,
          storeFingerprintForResuming: false,
          uploadDataDuringCreation: file.size <= MAX_AT_ONCE_BYTES,
          onProgress: (bytes) => {
            sentBytes = bytes;
            waitMs = MIN_WAIT_MS;
            progress(bytes, false);
          },
          onAfterResponse: (_request, response) => {
            id = response.getHeader(ID_HEADER) ?? id;
          },
          onUploadUrlAvailable: () => {
            if (upload?.url != null) noteUpload(upload.url);
          },
          onSuccess: () =>
            id === null
              ? reject(new SendingError({ kind: 'REFUSED', message: `The answer lacks ${ID_HEADER}.` }))
              : resolve(id),
          onError: (error) => {
            const fault = faultOf(error);
            if (fault !== null) return reject(new SendingError(fault));
            progress(sentBytes, true);
            stopWaiting = whenOnline(waitMs, () => upload?.start());
            waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
          },
        });
        upload.start();
      }),
  );
  return {
    done,
    drop: () => {
      isDropped = true;
      stopWaiting();
      void upload?.abort();
      if (upload?.url != null) forgetUpload(upload.url);
    },
  };
}

/** Null when trying again may help. */
function faultOf(error: Error | DetailedError): SendingFault | null {
  const response: HttpResponse | null = 'originalResponse' in error ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (response === null || status === 0 || status >= 500 || PASSING_STATUSES.includes(status)) return null;
  if (status === UNAUTHENTICATED) return { kind: 'SESSION_ENDED' };
  if (status === TOO_LARGE) return { kind: 'TOO_LARGE' };
  const message = response.getBody().trim();
  return { kind: status === TOO_MANY ? 'TOO_MANY' : 'REFUSED', message };
}

/** Acts after a time, or at once when the network comes back. @returns stops waiting */
function whenOnline(afterMs: number, act: () => void): () => void {
  const stop = () => {
    clearTimeout(timer);
    window.removeEventListener('online', go);
  };
  const go = () => {
    stop();
    act();
  };
  const timer = setTimeout(go, afterMs);
  window.addEventListener('online', go);
  return stop;
}
