import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { READABLE_RED } from './readableRed.ts';

/** What may lose money: in the colour that nothing merely odd has. */
export function StrongNote({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert
      color="red"
      variant="outline"
      role="note"
      title={
        <Text span inherit c={READABLE_RED}>
          {title}
        </Text>
      }
      icon={<IconAlertOctagon aria-hidden />}
      style={{ borderWidth: 2 }}
    >
      <Stack gap="xs">{children}</Stack>
    </Alert>
  );
}
