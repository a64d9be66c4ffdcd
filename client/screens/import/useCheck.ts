import { useCallback, useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { ImportPayoutsDocument } from '../../generated/screens/import/import.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { compareIssues, type IssueChanges } from './compareIssues.ts';
import type { ImportAnswer, ImportIssue, ImportTarget } from './importTypes.ts';
import type { ArrivedFile } from './useUpload.ts';

/** What the server says of a file. */
export type Checked = {
  readonly answer: ImportAnswer;
  readonly uploadId: string;
  /** Of the workbook, as far as it was ever read; empty for CSV. */
  readonly sheets: readonly string[];
  /** Against the file before it; null for the first one, and where not all issues are listed. */
  readonly changes: (IssueChanges<ImportIssue> & { readonly earlierCount: number }) | null;
};

export type CheckControl = {
  /** Of this file, or while `isChecking` of the last one. */
  readonly checked: Checked | null;
  readonly isChecking: boolean;
  readonly error: CombinedError | undefined;
  again(): void;
};

/** Faults of the request that sending the file once more mends. */
const LOST_UPLOAD: readonly string[] = ['UPLOAD_NOT_FOUND', 'UPLOAD_INCOMPLETE'];
const PREVIEW_TITLE = 'Preview';

/**
 * Has the server read and check the file each time that it, or what it is paid from, is another. Nothing is written.
 * @param options.onLost the server has the file no longer
 */
export function useCheck(options: {
  arrived: ArrivedFile | null;
  target: ImportTarget | null;
  onLost(): void;
}): CheckControl {
  const { arrived, target, onLost } = options;
  const client = useClient();
  const connection = useConnection();
  const [checked, setChecked] = useState<Checked | null>(null);
  const [isChecking, setChecking] = useState(false);
  const [error, setError] = useState<CombinedError | undefined>();
  const [turn, setTurn] = useState(0);
  const lost = useRef(onLost);
  lost.current = onLost;

  const uploadId = arrived?.uploadId ?? null;
  const request = target === null || uploadId === null ? null : JSON.stringify({ ...target, uploadId });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn asks once more
  useEffect(() => {
    if (request === null || uploadId === null) return setChecking(false);
    let isCurrent = true;
    setChecking(true);
    setError(undefined);
    const input = { ...JSON.parse(request), title: PREVIEW_TITLE, dryRun: true, idempotencyKey: uploadId };
    void client
      .mutation(ImportPayoutsDocument, { input })
      .toPromise()
      .then((result) => {
        if (!isCurrent) return;
        setChecking(false);
        setError(result.error);
        const answer = result.data?.payoutBatchImport;
        if (answer == null) return;
        if (answer.userErrors.some(({ code }) => LOST_UPLOAD.includes(code))) return lost.current();
        setChecked((last) => ({
          answer,
          uploadId,
          sheets: answer.preview?.sheets ?? (last?.uploadId === uploadId ? last.sheets : []),
          changes: changesSince(last, answer, uploadId),
        }));
      });
    return () => {
      isCurrent = false;
    };
  }, [client, request, uploadId, turn]);

  const again = useCallback(() => setTurn((last) => last + 1), []);
  const isLost = error?.networkError !== undefined;
  useEffect(() => {
    if (isLost && connection.kind === 'LIVE') again();
  }, [isLost, connection.kind, again]);
  return { checked, isChecking, error, again };
}

function changesSince(last: Checked | null, answer: ImportAnswer, uploadId: string): Checked['changes'] {
  if (last === null || last.answer.userErrors.length > 0) return null;
  if (last.uploadId === uploadId) return null;
  const isWhole = [last.answer, answer].every(({ issues, issueCount }) => issues.length === issueCount);
  if (!isWhole) return null;
  return { ...compareIssues(last.answer.issues, answer.issues), earlierCount: last.answer.issues.length };
}
