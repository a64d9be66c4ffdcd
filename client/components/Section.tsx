import { Card, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A part of a page, with its heading. */
export function Section(props: { title: string; hint?: string; action?: ReactNode; children?: ReactNode }) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id} style={{ minWidth: 0 }}>
      <Group justify="space-between" mb="sm" gap="xs" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h4" id={id}>
            {props.title}
          </Title>
          {props.hint !== undefined && (
            <Text size="sm" c="dimmed">
              {props.hint}
            </Text>
          )}
        </div>
        {props.action}
      </Group>
      {props.children}
    </Card>
  );
}
