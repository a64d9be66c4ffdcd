import { useCallback, useEffect, useRef, useState } from 'react';
import { MAX_IMPORT_FILE_BYTES } from '../../../core/limits.ts';
import { forgetLeftUploads } from './forgetUpload.ts';
import { type NoPayroll, noPayroll } from './noPayroll.ts';
import { type Sending, SendingError, type SendingFault, sendFile } from './sendFile.ts';

export type DroppedFile = {
  readonly name: string;
  readonly sizeBytes: number;
  /** Gives the file as it is now; null where the browser has no way to it. */
  readonly handle: FileSystemFileHandle | null;
};

export type ArrivedFile = {
  readonly kind: 'DONE';
  readonly file: DroppedFile;
  readonly uploadId: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly digest: string;
};

export type UploadState =
  | { readonly kind: 'NONE' }
  | {
      readonly kind: 'SENDING';
      readonly file: DroppedFile;
      readonly sentBytes: number;
      /** For the connection, to go on. */
      readonly isWaiting: boolean;
    }
  | ArrivedFile
  | {
      readonly kind: 'FAILED';
      readonly file: DroppedFile;
      readonly fault: UploadFault;
      /** Whether `cancel` goes back to a file that has arrived. */
      readonly hasEarlier: boolean;
    };
/** UNREADABLE: the browser could not read the file, because it was moved or is just being saved. */
export type UploadFault = SendingFault | { kind: 'EMPTY' | 'UNREADABLE' | NoPayroll };

export type UploadControl = {
  readonly state: UploadState;
  /** @param handle of the file, where it was read by one; a dropped file may bring its own */
  send(file: File, handle?: FileSystemFileHandle): void;
  /** Sends what has arrived once more: the server has forgotten it. */
  sendAgain(): void;
  /** Back to the file that had arrived before, if there is one. */
  cancel(): void;
  /** Has the server forget the file, which was imported. */
  forget(): void;
};

/** The content is as it was when it was dropped: saving the file afterwards does not change what is sent. */
type Attempt = { readonly file: DroppedFile; content: Blob | null; sending: Sending | null };
type Arrived = { readonly attempt: Attempt; readonly state: ArrivedFile };

/** The one file of this screen on its way to the server. When the next one has arrived, the server forgets the last. */
export function useUpload(): UploadControl {
  const [state, setState] = useState<UploadState>({ kind: 'NONE' });
  const current = useRef<Attempt | null>(null);
  const arrived = useRef<Arrived | null>(null);

  const transmit = useCallback(async (attempt: Attempt, content: Blob) => {
    const show = (next: UploadState) => {
      if (current.current === attempt) setState(next);
    };
    const { file } = attempt;
    show({ kind: 'SENDING', file, sentBytes: 0, isWaiting: false });
    attempt.sending = sendFile(content, file.name, (sentBytes, isWaiting) =>
      show({ kind: 'SENDING', file, sentBytes, isWaiting }),
    );
    try {
      const [uploadId, digest] = await Promise.all([attempt.sending.done, sha256(content)]);
      if (current.current !== attempt) return;
      if (arrived.current !== null && arrived.current.attempt !== attempt) drop(arrived.current.attempt);
      arrived.current = { attempt, state: { kind: 'DONE', file, uploadId, digest } };
      setState(arrived.current.state);
    } catch (error) {
      if (!(error instanceof SendingError)) throw error;
      show({ kind: 'FAILED', file, fault: error.fault, hasEarlier: arrived.current !== null });
    }
  }, []);

  const send = useCallback(
    (dropped: File, handle?: FileSystemFileHandle) => {
      const { name, size: sizeBytes } = dropped;
      const file = { name, sizeBytes, handle: handle ?? handleOf(dropped) };
      if (current.current !== arrived.current?.attempt) drop(current.current);
      const attempt: Attempt = { file, content: null, sending: null };
      current.current = attempt;
      const fail = (kind: 'EMPTY' | 'TOO_LARGE' | 'UNREADABLE' | NoPayroll) => {
        if (current.current !== attempt) return;
        setState({ kind: 'FAILED', file, fault: { kind }, hasEarlier: arrived.current !== null });
      };
      if (sizeBytes === 0) return fail('EMPTY');
      if (sizeBytes > MAX_IMPORT_FILE_BYTES) return fail('TOO_LARGE');
      setState({ kind: 'SENDING', file, sentBytes: 0, isWaiting: false });
      dropped.arrayBuffer().then(
        (bytes) => {
          const what = noPayroll(new Uint8Array(bytes), name);
          if (what !== null) return fail(what);
          attempt.content = new Blob([bytes]);
          if (current.current === attempt) return transmit(attempt, attempt.content);
        },
        () => fail('UNREADABLE'),
      );
    },
    [transmit],
  );

  const sendAgain = useCallback(() => {
    const attempt = current.current;
    if (attempt !== null && attempt.content !== null) void transmit(attempt, attempt.content);
  }, [transmit]);
  const cancel = useCallback(() => {
    if (current.current !== arrived.current?.attempt) drop(current.current);
    current.current = arrived.current?.attempt ?? null;
    setState(arrived.current?.state ?? { kind: 'NONE' });
  }, []);
  const forget = useCallback(() => {
    for (const attempt of new Set([current.current, arrived.current?.attempt ?? null])) drop(attempt);
    current.current = null;
    arrived.current = null;
  }, []);
  // Who goes elsewhere leaves nothing behind: the server keeps a few uploads of each person. When the browser brings the page
  // back all the same, the file is sent again.
  useEffect(() => {
    forgetLeftUploads();
    const leave = () => drop(current.current);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      forget();
    };
  }, [forget]);
  return { state, send, sendAgain, cancel, forget };
}

function drop(attempt: Attempt | null): void {
  attempt?.sending?.drop();
}

/** react-dropzone puts it on files that were dropped, where the browser allows it. */
function handleOf(file: File): FileSystemFileHandle | null {
  const { handle } = file as File & { handle?: FileSystemFileHandle };
  return handle ?? null;
}

async function sha256(content: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await content.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
