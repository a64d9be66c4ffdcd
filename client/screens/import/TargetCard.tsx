import { Card, SimpleGrid, TextInput, Title } from '@mantine/core';
import type { RefObject } from 'react';
import { MAX_TITLE_CHARACTERS } from '../../../core/limits.ts';
import { useMessages } from '../../i18n/messages.ts';
import { AccountSelect, AssetSelect } from '../source/SourceSelects.tsx';
import type { SourceChoice } from '../source/useSource.ts';
import type { RequestFault } from './importTypes.ts';
import { importMessages } from './messages.ts';

const GAP = 'md';

/** From which account, in what, and under which title. */
export function TargetCard(props: {
  source: SourceChoice;
  title: string;
  faults: readonly RequestFault[];
  /** What a file waits for. */
  missing: 'account' | 'asset' | null;
  accountRef: RefObject<HTMLInputElement | null>;
  assetRef: RefObject<HTMLInputElement | null>;
  setTitle(title: string): void;
}) {
  const t = useMessages(importMessages);
  const { source, missing } = props;
  const faultAt = (field: string) => props.faults.find(({ path }) => path?.[1] === field)?.message;
  return (
    <Card component="section" aria-labelledby="import-target">
      <Title order={2} size="h4" id="import-target" mb="sm">
        {t('target')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={GAP}>
        <AccountSelect
          label={t('account')}
          placeholder={t('accountHint')}
          source={source}
          ref={props.accountRef}
          error={missing === 'account' ? t('accountMissing') : faultAt('accountId')}
        />
        <AssetSelect
          label={t('asset')}
          placeholder={t('assetHint')}
          source={source}
          ref={props.assetRef}
          error={missing === 'asset' ? t('assetMissing') : faultAt('assetId')}
        />
        <TextInput
          label={t('batchTitle')}
          placeholder={t('batchTitleHint')}
          value={props.title}
          onChange={(event) => props.setTitle(event.currentTarget.value)}
          maxLength={MAX_TITLE_CHARACTERS}
          error={faultAt('title')}
        />
      </SimpleGrid>
    </Card>
  );
}
