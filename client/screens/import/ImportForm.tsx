import { Alert, Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../i18n/messages.ts';
import { useSession } from '../../session/SessionProvider.tsx';
import type { Source, SourceAccount, SourceChain } from '../source/sourceTypes.ts';
import { useSource } from '../source/useSource.ts';
import { CheckState } from './CheckState.tsx';
import { FileCard } from './FileCard.tsx';
import type { ImportAnswer, RequestFault } from './importTypes.ts';
import { MadeDrafts } from './MadeDrafts.tsx';
import { MakeDraft } from './MakeDraft.tsx';
import { importMessages } from './messages.ts';
import { Preview } from './Preview.tsx';
import { TargetCard } from './TargetCard.tsx';
import { useCheck } from './useCheck.ts';
import { useDraftTitle } from './useDraftTitle.ts';
import { useTarget } from './useTarget.ts';
import { useUpload } from './useUpload.ts';

type Drafts = ImportAnswer['payoutBatches'];

type Props = {
  chains: readonly SourceChain[];
  /** Those that can pay. */
  accounts: readonly SourceAccount[];
};

export function ImportForm(props: Props) {
  const [made, setMade] = useState<Drafts | null>(null);
  const navigate = useNavigate();
  // One draft is opened at once; of several the person chooses.
  const open = (batches: Drafts) => {
    const [first] = batches;
    if (batches.length === 1 && first !== undefined) navigate(`/batches/${first.id}`);
    else setMade(batches);
  };
  return made === null ? <DraftForm {...props} onMade={open} /> : <MadeDrafts batches={made} />;
}

function DraftForm({ chains, accounts, onMade }: Props & { onMade(batches: Drafts): void }) {
  const { refresh } = useSession();
  const source = useSource(chains, accounts);
  const waiting = useWaiting(source.chosen);
  const { target, sheet, chooseSheet, split, chooseSplit } = useTarget(source.chosen);
  const { title, setTitle, nameAfter } = useDraftTitle();
  const [refused, setRefused] = useState<readonly RequestFault[]>([]);
  const upload = useUpload();
  const isTaken = upload.state.kind === 'SENDING' || upload.state.kind === 'DONE';
  const missing = isTaken ? waiting.missing : null;
  const arrived = upload.state.kind === 'DONE' ? upload.state : null;
  const check = useCheck({ arrived, target, onLost: upload.sendAgain });
  const { checked } = check;
  const isOld = check.isChecking || arrived?.uploadId !== checked?.uploadId;
  const faults = [...(checked?.answer.userErrors ?? []), ...refused];

  const take = (file: File, handle?: FileSystemFileHandle) => {
    nameAfter(file);
    setRefused([]);
    upload.send(file, handle);
    waiting.focus();
  };

  return (
    <Stack gap="md">
      <TargetCard
        source={source}
        title={title}
        faults={faults}
        missing={missing}
        accountRef={waiting.accountRef}
        assetRef={waiting.assetRef}
        setTitle={(next) => {
          setTitle(next);
          setRefused([]);
        }}
      />
      <FileCard
        upload={upload}
        sheets={checked?.sheets ?? []}
        isRead={checked?.answer.preview != null}
        sheet={sheet}
        chooseSheet={chooseSheet}
        take={take}
        signInAgain={() => void refresh()}
      />
      {missing !== null && <Missing what={missing} isSending={arrived === null} />}
      <CheckState check={check} faults={faults} />
      {checked !== null && (
        <Preview
          checked={checked}
          isOld={isOld}
          chains={chains}
          accounts={accounts}
          mainAssetId={source.chosen.assetId}
          split={split}
          chooseSplit={chooseSplit}
        />
      )}
      {checked?.answer.preview != null && (
        <MakeDraft
          arrived={arrived}
          target={target}
          title={title}
          checked={checked}
          isChecking={isOld}
          onRefused={setRefused}
          onChanged={check.again}
          upload={upload}
          onMade={onMade}
        />
      )}
    </Stack>
  );
}

/** What a file waits for, and the field to choose it in. */
function useWaiting({ accountId, assetId }: Source) {
  const accountRef = useRef<HTMLInputElement>(null);
  const assetRef = useRef<HTMLInputElement>(null);
  const missing = accountId === null ? 'account' : assetId === null ? 'asset' : null;
  const focus = () => {
    if (missing !== null) (missing === 'account' ? accountRef : assetRef).current?.focus();
  };
  return { missing, accountRef, assetRef, focus } as const;
}

function Missing({ what, isSending }: { what: 'account' | 'asset'; isSending: boolean }) {
  const t = useMessages(importMessages);
  return (
    <Alert color="yellow" role="status">
      {t(`${what === 'asset' ? 'chooseAsset' : 'chooseTarget'}${isSending ? 'Sending' : ''}`)}
    </Alert>
  );
}
