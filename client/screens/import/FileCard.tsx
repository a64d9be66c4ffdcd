import '@mantine/dropzone/styles.css';
import { Alert, Button, Card, Group, Select, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconAlertTriangle, IconFileCheck, IconFileUpload, IconRefresh } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { MAX_IMPORT_FILE_BYTES } from '../../../core/limits.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { importMessages } from './messages.ts';
import { SendingProgress } from './SendingProgress.tsx';
import type { DroppedFile, UploadControl, UploadFault } from './useUpload.ts';

const ICON_PX = 18;
const ZONE_ICON_PX = 30;
const FILE_KINDS = '.csv,.tsv,.txt,.xlsx';

type Notice = 'oneFile' | 'readAgainFault';

/** Where the file is dropped, the first time and each time after it was mended. */
export function FileCard(props: {
  upload: UploadControl;
  /** Of the workbook, as far as it was read. */
  sheets: readonly string[];
  sheet: string | null;
  /** Whether the file could be read to its end, with this sheet. */
  isRead: boolean;
  chooseSheet(sheet: string | null): void;
  take(file: File, handle?: FileSystemFileHandle): void;
  signInAgain(): void;
}) {
  const t = useMessages(importMessages);
  const { upload } = props;
  const { state } = upload;
  const { notice, setNotice, takeOne, readAgain } = useTaking(props.take);
  const file = state.kind === 'NONE' ? null : state.file;
  const handle = file?.handle ?? null;
  // A sheet that was chosen of an earlier workbook may keep this one from being read.
  const hasSheets = props.sheets.length > 1 || (props.sheet !== null && !props.isRead);
  const hasChoices = state.kind === 'DONE' && (hasSheets || handle !== null);
  return (
    <Card component="section" aria-labelledby="import-file">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id="import-file">
            {t('file')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('fileHint')}
          </Text>
        </div>
        <DropHere
          file={file}
          isRefused={state.kind === 'FAILED'}
          take={takeOne}
          refuse={() => setNotice('oneFile')}
        />
        {notice !== null && (
          <Alert color="yellow" role="alert" py="xs">
            {t(notice)}
          </Alert>
        )}
        {state.kind === 'SENDING' && <SendingProgress state={state} cancel={upload.cancel} />}
        {state.kind === 'FAILED' && (
          <FileFault
            fault={state.fault}
            name={state.file.name}
            back={state.hasEarlier ? upload.cancel : null}
            signInAgain={props.signInAgain}
          />
        )}
        {hasChoices && (
          <Group align="flex-end" gap="sm">
            {hasSheets && (
              <SheetChoice sheets={props.sheets} sheet={props.sheet} choose={props.chooseSheet} />
            )}
            {handle !== null && <ReadAgain handle={handle} readAgain={readAgain} />}
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** Takes a file that was dropped, or that the browser reads again by itself; and says what keeps it from that. */
function useTaking(take: (file: File, handle?: FileSystemFileHandle) => void) {
  const [notice, setNotice] = useState<Notice | null>(null);
  const takeOne = (dropped: File, by?: FileSystemFileHandle) => {
    setNotice(null);
    take(dropped, by);
  };
  const readAgain = async (by: FileSystemFileHandle) => {
    try {
      takeOne(await by.getFile(), by);
    } catch {
      // It was moved, or the permission is gone.
      setNotice('readAgainFault');
    }
  };
  return { notice, setNotice, takeOne, readAgain };
}

function DropHere(props: {
  file: DroppedFile | null;
  /** It could not be sent. */
  isRefused: boolean;
  take(file: File): void;
  refuse(): void;
}) {
  const t = useMessages(importMessages);
  const format = useFormat();
  const open = useRef<() => void>(null);
  const { file } = props;
  return (
    <Dropzone
      onDrop={([dropped]) => {
        if (dropped !== undefined) props.take(dropped);
      }}
      onReject={props.refuse}
      multiple={false}
      // The button is what the keyboard reaches.
      activateOnKeyboard={false}
      enablePointerEvents
      openRef={open}
      inputProps={{ accept: FILE_KINDS, 'aria-label': t('choose') }}
      p={file === null ? 'xl' : 'md'}
    >
      <Stack align="center" gap="xs">
        <Group gap="sm" wrap="nowrap" justify="center">
          {file === null || props.isRefused ? (
            <IconFileUpload size={ZONE_ICON_PX} stroke={1.4} aria-hidden />
          ) : (
            <IconFileCheck size={ZONE_ICON_PX} stroke={1.4} aria-hidden />
          )}
          <div>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              <Dropzone.Accept>{t('dropNow')}</Dropzone.Accept>
              <Dropzone.Reject>{t('oneFile')}</Dropzone.Reject>
              <Dropzone.Idle>
                {file === null
                  ? t('drop')
                  : t('arrived', { name: file.name, size: format.fileSize(file.sizeBytes) })}
              </Dropzone.Idle>
            </Text>
            {file !== null && (
              <Text size="sm" c="dimmed">
                {t('dropAgain')}
              </Text>
            )}
          </div>
        </Group>
        <Button
          variant={file === null ? 'filled' : 'light'}
          size="xs"
          onClick={(event) => {
            // The zone itself opens the dialogue, too.
            event.stopPropagation();
            open.current?.();
          }}
        >
          {t(file === null ? 'choose' : 'chooseAgain')}
        </Button>
      </Stack>
    </Dropzone>
  );
}

function ReadAgain(props: {
  handle: FileSystemFileHandle;
  readAgain(handle: FileSystemFileHandle): Promise<void>;
}) {
  const t = useMessages(importMessages);
  return (
    <Button
      variant="light"
      leftSection={<IconRefresh size={ICON_PX} aria-hidden />}
      onClick={() => void props.readAgain(props.handle)}
    >
      {t('readAgain')}
    </Button>
  );
}

function SheetChoice(props: {
  sheets: readonly string[];
  sheet: string | null;
  choose(sheet: string | null): void;
}) {
  const t = useMessages(importMessages);
  const { sheets, sheet } = props;
  // One that was chosen stays, even where the next file has it no longer.
  const data = [...new Set([...sheets, ...(sheet === null ? [] : [sheet])])];
  return (
    <Select
      label={t('sheet')}
      data={data}
      value={sheet ?? sheets[0] ?? null}
      onChange={(chosen) => props.choose(chosen === sheets[0] ? null : chosen)}
      clearable={sheet !== null}
      allowDeselect={false}
    />
  );
}

function FileFault(props: {
  fault: UploadFault;
  name: string;
  back: (() => void) | null;
  signInAgain(): void;
}) {
  const t = useMessages(importMessages);
  const format = useFormat();
  const { fault } = props;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {t(`fault_${fault.kind}`, {
            message: 'message' in fault ? fault.message : '',
            limit: format.fileSize(MAX_IMPORT_FILE_BYTES),
            name: props.name,
          })}
        </Text>
        {fault.kind === 'SESSION_ENDED' && (
          <Button size="xs" variant="light" color="red" onClick={props.signInAgain}>
            {t('signIn')}
          </Button>
        )}
        {props.back !== null && (
          <Button size="xs" variant="default" onClick={props.back}>
            {t('back')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
