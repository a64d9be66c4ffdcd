import { Select } from '@mantine/core';
import { useMessages } from '../i18n/messages.ts';
import { useOrganization } from '../session/OrganizationProvider.tsx';
import { appMessages } from './messages.ts';

/** Which organization's screens are shown. Loaded for members of several alone: it is a tenth of the first load. */
export function OrganizationSelect() {
  const t = useMessages(appMessages);
  const { organization, memberships, choose } = useOrganization();
  return (
    <Select
      aria-label={t('organization')}
      value={organization.id}
      allowDeselect={false}
      data={memberships.map(({ organization: { id, name } }) => ({ value: id, label: name }))}
      onChange={(id) => {
        if (id !== null) choose(id);
      }}
    />
  );
}
