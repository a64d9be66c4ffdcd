import { Card, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of the page with its heading. */
export function Section(props: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <Card component="section">
      <Title order={2} size="h4">
        {props.title}
      </Title>
      {props.hint !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          {props.hint}
        </Text>
      )}
      {props.children !== undefined && <div style={{ marginTop: 12 }}>{props.children}</div>}
    </Card>
  );
}
