import { Alert, Stack } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { MAX_TITLE_CHARACTERS } from '../../../core/limits.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { useSession } from '../../session/SessionProvider.tsx';
import { CheckState } from './CheckState.tsx';
import { FileCard } from './FileCard.tsx';
import { defaultChoice, onlyAsset, payableAssets } from './importDefaults.ts';
import type { ChosenAccount, ChosenChain, ImportAnswer, ImportTarget, RequestFault } from './importTypes.ts';
import { MadeDrafts } from './MadeDrafts.tsx';
import { MakeDraft } from './MakeDraft.tsx';
import { importMessages } from './messages.ts';
import { Preview } from './Preview.tsx';
import { TargetCard } from './TargetCard.tsx';
import { useCheck } from './useCheck.ts';
import { useUpload } from './useUpload.ts';

const EXTENSION = /\.[^.]{1,5}$/;

type Drafts = ImportAnswer['payoutBatches'];

/** @param props.accounts that can pay */
export function ImportForm(props: { chains: readonly ChosenChain[]; accounts: readonly ChosenAccount[] }) {
  const t = useMessages(importMessages);
  const { chains, accounts } = props;
  const { organization } = useOrganization();
  const { refresh } = useSession();
  const [choice, setChoice] = useState(() => defaultChoice(organization.id, chains, accounts));
  const [title, setTitle] = useState('');
  const [sheet, setSheet] = useState<string | null>(null);
  const [split, setSplit] = useState<Readonly<Record<string, string>>>({});
  const [refused, setRefused] = useState<readonly RequestFault[]>([]);
  const [made, setMade] = useState<Drafts | null>(null);
  const [accountRef, assetRef] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const titleOfFile = useRef('');
  const navigate = useNavigate();
  const upload = useUpload();
  const target = useMemo(() => targetOf(choice, sheet, split), [choice, sheet, split]);
  const missing = choice.accountId === null ? 'account' : choice.assetId === null ? 'asset' : null;
  const isTaken = upload.state.kind === 'SENDING' || upload.state.kind === 'DONE';
  const arrived = upload.state.kind === 'DONE' ? upload.state : null;
  const check = useCheck({ arrived, target, onLost: upload.sendAgain });
  const { checked } = check;
  const faults = [...(checked?.answer.userErrors ?? []), ...refused];

  const chooseAccount = (accountId: string | null) => {
    const account = accounts.find(({ id }) => id === accountId);
    const same = payableAssets(chains, account).find(({ id }) => id === choice.assetId);
    setChoice({ accountId, assetId: (same ?? onlyAsset(chains, account))?.id ?? null });
  };
  const take = (file: File, handle?: FileSystemFileHandle) => {
    if (title.trim() === '' || title === titleOfFile.current) {
      titleOfFile.current = file.name.replace(EXTENSION, '').slice(0, MAX_TITLE_CHARACTERS);
      setTitle(titleOfFile.current);
    }
    setRefused([]);
    upload.send(file, handle);
    if (missing !== null) (missing === 'account' ? accountRef : assetRef).current?.focus();
  };

  // One draft is opened at once; of several the person chooses.
  const open = (batches: Drafts) => {
    const [first] = batches;
    if (batches.length === 1 && first !== undefined) navigate(`/batches/${first.id}`);
    else setMade(batches);
  };

  if (made !== null) return <MadeDrafts batches={made} />;
  return (
    <Stack gap="md">
      <TargetCard
        chains={chains}
        accounts={accounts}
        choice={choice}
        title={title}
        faults={faults}
        missing={isTaken ? missing : null}
        accountRef={accountRef}
        assetRef={assetRef}
        chooseAccount={chooseAccount}
        chooseAsset={(assetId) => setChoice({ ...choice, assetId })}
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
        chooseSheet={setSheet}
        take={take}
        signInAgain={() => void refresh()}
      />
      {isTaken && missing !== null && (
        <Alert color="yellow" role="status">
          {t(`${missing === 'asset' ? 'chooseAsset' : 'chooseTarget'}${arrived === null ? 'Sending' : ''}`)}
        </Alert>
      )}
      <CheckState check={check} faults={faults} />
      {checked !== null && (
        <Preview
          checked={checked}
          isOld={check.isChecking || arrived?.uploadId !== checked.uploadId}
          chains={chains}
          accounts={accounts}
          mainAssetId={choice.assetId}
          split={split}
          chooseSplit={(assetId, accountId) => setSplit(withSplit(split, assetId, accountId))}
        />
      )}
      {checked?.answer.preview != null && (
        <MakeDraft
          arrived={arrived}
          target={target}
          title={title}
          checked={checked}
          isChecking={check.isChecking || arrived?.uploadId !== checked.uploadId}
          onRefused={setRefused}
          onChanged={check.again}
          upload={upload}
          onMade={open}
        />
      )}
    </Stack>
  );
}

function targetOf(
  { accountId, assetId }: { accountId: string | null; assetId: string | null },
  sheet: string | null,
  split: Readonly<Record<string, string>>,
): ImportTarget | null {
  if (accountId === null || assetId === null) return null;
  const splitAccounts = Object.entries(split)
    .filter(([splitAssetId]) => splitAssetId !== assetId)
    .map(([splitAssetId, splitAccountId]) => ({ accountId: splitAccountId, assetId: splitAssetId }));
  return { accountId, assetId, sheet, splitAccounts };
}

function withSplit(
  split: Readonly<Record<string, string>>,
  assetId: string,
  accountId: string | null,
): Record<string, string> {
  const { [assetId]: _, ...others } = split;
  return accountId === null ? others : { ...others, [assetId]: accountId };
}
