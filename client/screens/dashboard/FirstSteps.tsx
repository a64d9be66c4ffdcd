import { Button, Card, SimpleGrid, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/messages.ts';
import { dashboardMessages } from './messages.ts';

/** For an organization that has paid nothing yet: what to do, in order, and how far it is. */
export function FirstSteps({ hasAccount, hasBatch }: { hasAccount: boolean; hasBatch: boolean }) {
  const t = useMessages(dashboardMessages);
  const steps = [
    { name: 'step1', to: '/accounts', isDone: hasAccount },
    { name: 'step2', to: '/batches/import', isDone: hasBatch },
    { name: 'step3', to: '/approvals', isDone: false },
  ] as const;
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="first-steps">
      <Title order={2} size="h3" id="first-steps" mb="sm">
        {t('welcome')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
        {steps.map((step, place) => (
          <Card key={step.name} component="li">
            <ThemeIcon variant={step.isDone ? 'filled' : 'light'} radius="xl" size={34} mb="sm" aria-hidden>
              {step.isDone ? <IconCheck size={18} /> : place + 1}
            </ThemeIcon>
            <Text fw={600}>{t(step.name)}</Text>
            <Text size="sm" c="dimmed" mb="md">
              {t(`${step.name}Hint`)}
            </Text>
            <Button
              component={Link}
              to={step.to}
              mt="auto"
              variant={step === next ? 'filled' : 'default'}
              style={{ alignSelf: 'flex-start' }}
            >
              {step.isDone ? `${t('done')} · ${t(`${step.name}Action`)}` : t(`${step.name}Action`)}
            </Button>
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}
