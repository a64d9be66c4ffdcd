import { Alert, NativeSelect, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { openMessages } from './openMessages.ts';

const ICON_PX = 18;

/** How many owners must sign, what that means, and what can go wrong with it. */
export function ThresholdField(props: {
  threshold: number;
  owners: number;
  choose(threshold: number): void;
  fault: string | undefined;
}) {
  const t = useMessages(openMessages);
  const format = useFormat();
  const { threshold: k, owners: n } = props;
  if (n === 0) {
    return (
      <NativeSelect label={t('threshold')} description={t('thresholdFirst')} data={[]} disabled required />
    );
  }
  const counts = Array.from({ length: n }, (_, index) => index + 1);
  return (
    <Stack gap="xs">
      <NativeSelect
        label={t('threshold')}
        value={String(k)}
        onChange={(event) => props.choose(Number(event.currentTarget.value))}
        data={counts.map((count) => ({
          value: String(count),
          label: t('kOfN', { k: format.number(count), n: format.number(n) }),
        }))}
        error={props.fault}
        required
      />
      <Stack gap="xs" role="status">
        {n > 1 && (
          <Text size="sm">
            {t('explain', { k: format.number(k), n: format.number(n) })}{' '}
            {k < n && t('lose', { count: n - k })}
          </Text>
        )}
        <ThresholdWarning k={k} n={n} />
      </Stack>
    </Stack>
  );
}

function ThresholdWarning({ k, n }: { k: number; n: number }) {
  const t = useMessages(openMessages);
  const text = n === 1 ? t('warnOnly') : k === 1 ? t('warnOne') : k === n ? t('warnAll') : null;
  if (text === null) return null;
  return (
    <Alert color="orange" icon={<IconAlertTriangle size={ICON_PX} aria-hidden />} py="xs">
      {text}
    </Alert>
  );
}
