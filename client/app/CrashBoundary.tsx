import { Button, Center, Code, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useMessages } from '../i18n/messages.ts';
import { appMessages } from './messages.ts';

type State = { error: Error | null };

/** A screen that fails says so, in place of a blank page. */
export class CrashBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Crashed error={this.state.error} />;
  }
}

function Crashed({ error }: { error: Error }) {
  const t = useMessages(appMessages);
  return (
    <Center mih="60dvh" p="md">
      <Stack align="center" role="alert" maw={560}>
        <Title order={1} size="h3">
          {t('crashed')}
        </Title>
        <Text c="dimmed" ta="center">
          {t('crashedHint')}
        </Text>
        <Code block maw="100%">
          {error.message}
        </Code>
        <Button onClick={() => location.reload()}>{t('reload')}</Button>
      </Stack>
    </Center>
  );
}
