import { Anchor, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMessages } from '../../i18n/messages.ts';
import { proofMessages } from './proofMessages.ts';

/** What a look at this page shows, what it cannot show, and what does. In short what docs/guides/approve.md says. */
export function ProofHelp() {
  const t = useMessages(proofMessages);
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Anchor component="button" type="button" size="sm" onClick={open} ta="left">
        {t('title')}
      </Anchor>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('title')}
        closeButtonProps={{ 'aria-label': t('close') }}
        size="lg"
      >
        <Stack gap="md">
          <Part heading={t('proves')} lines={[t('proves1'), t('proves2'), t('proves3')]} />
          <Part heading={t('provesNot')} lines={[t('provesNot1'), t('provesNot2'), t('provesNot3')]} />
          <Part heading={t('so')} lines={[t('so1'), t('so2'), t('so3')]} />
        </Stack>
      </Modal>
    </>
  );
}

function Part({ heading, lines }: { heading: string; lines: readonly string[] }) {
  return (
    <div>
      <Text fw={650}>{heading}</Text>
      <List size="sm" mt={4} spacing={4}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </div>
  );
}
