import { Button, Menu } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { PayingScreen } from '../source/PayingScreen.tsx';
import { ImportForm } from './ImportForm.tsx';
import { importMessages } from './messages.ts';

const ICON_PX = 18;
const TEMPLATE_KINDS = ['xlsx', 'csv'] as const;

/** A file becomes a draft: dropped, checked by the server, mended, dropped again, and only then written. */
export function ImportBatch() {
  const t = useMessages(importMessages);
  const { organization, may } = useOrganization();
  return (
    <PayingScreen
      texts={{
        title: t('title'),
        lead: t('lead'),
        mayNot: t('mayNot'),
        mayNotHint: t('mayNotHint'),
        noAccountHint: t('noAccountHint'),
      }}
      isAllowed={may('BATCH_CREATE')}
      actions={<Templates />}
      form={(chains, accounts) => <ImportForm key={organization.id} chains={chains} accounts={accounts} />}
    />
  );
}

/** Files to begin with, in the language of now. */
function Templates() {
  const t = useMessages(importMessages);
  const language = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconFileDownload size={ICON_PX} stroke={1.6} aria-hidden />}>
          {t('templates')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {TEMPLATE_KINDS.map((kind) => (
          <Menu.Item
            key={kind}
            component="a"
            href={`/templates/payroll-template.${language}.${kind}`}
            download
          >
            {t(`template_${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
