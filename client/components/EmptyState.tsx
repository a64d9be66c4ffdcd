import { Center, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** Nothing is there, and what to do about it. */
export function EmptyState(props: { title: string; hint?: string; action?: ReactNode; icon?: ReactNode }) {
  return (
    <Center mih={220} p="lg">
      <Stack align="center" gap="xs" maw={440}>
        <ThemeIcon variant="light" size={52} radius="xl" color="gray" aria-hidden>
          {props.icon ?? <IconInbox size={26} />}
        </ThemeIcon>
        <Text fw={600} ta="center">
          {props.title}
        </Text>
        {props.hint !== undefined && (
          <Text c="dimmed" size="sm" ta="center">
            {props.hint}
          </Text>
        )}
        {props.action}
      </Stack>
    </Center>
  );
}
