import { useState } from 'react';
import { useClient } from 'urql';
import { ImportPayoutsDocument } from '../../generated/screens/import/import.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { rememberSource } from '../source/sourceDefaults.ts';
import { endAttempt, importKey } from './importKey.ts';
import type { ImportAnswer, ImportTarget, RequestFault } from './importTypes.ts';
import { previewMessages } from './previewMessages.ts';
import type { ArrivedFile, UploadControl } from './useUpload.ts';

type Batches = ImportAnswer['payoutBatches'];
/** Faults of the request that sending the file once more mends. */
const LOST_UPLOAD: readonly string[] = ['UPLOAD_NOT_FOUND', 'UPLOAD_INCOMPLETE'];

/** The import itself. */
export function useMakeDraft(options: {
  arrived: ArrivedFile | null;
  target: ImportTarget | null;
  title: string;
  upload: UploadControl;
  onRefused(faults: readonly RequestFault[]): void;
  onChanged(): void;
  onMade(batches: Batches): void;
}) {
  const t = useMessages(previewMessages);
  const client = useClient();
  const { organization } = useOrganization();
  const { arrived, target, upload } = options;
  const [isMaking, setMaking] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const finish = (batches: Batches, { accountId, assetId }: ImportTarget) => {
    endAttempt();
    rememberSource(organization.id, { accountId, assetId });
    upload.forget();
    options.onMade(batches);
  };

  const handle = (answer: ImportAnswer, of: ImportTarget) => {
    const { payoutBatches, userErrors } = answer;
    if (payoutBatches.length > 0) return finish(payoutBatches, of);
    if (userErrors.some(({ code }) => LOST_UPLOAD.includes(code))) return upload.sendAgain();
    if (userErrors.length > 0) return options.onRefused(userErrors);
    setFault(t('changed'));
    options.onChanged();
  };

  const make = async () => {
    if (arrived === null || target === null) return;
    setFault(null);
    setMaking(true);
    const title = options.title.trim();
    const idempotencyKey = await importKey({ ...target, title, digest: arrived.digest });
    const splitAccounts = [...target.splitAccounts];
    const { uploadId } = arrived;
    const input = { ...target, splitAccounts, title, uploadId, dryRun: false, idempotencyKey };
    const { data, error } = await client.mutation(ImportPayoutsDocument, { input }).toPromise();
    setMaking(false);
    if (error?.networkError !== undefined) setFault(t('unanswered'));
    else if (error?.graphQLErrors[0]?.extensions.code === 'FORBIDDEN') setFault(t('blocked_mayNot'));
    else if (data?.payoutBatchImport == null)
      setFault(t('failed', { why: error?.graphQLErrors[0]?.message ?? '' }));
    else handle(data.payoutBatchImport, target);
  };
  return { fault, isMaking, make: () => void make() };
}
