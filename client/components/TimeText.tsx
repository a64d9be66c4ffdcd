import { Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useFormat } from '../i18n/format.ts';

const TICK_MS = 10_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** How long ago, with the exact time on hover. */
export function TimeText({ iso }: { iso: string }) {
  const format = useFormat();
  const current = useSyncExternalStore(subscribe, () => now);
  return (
    <Text
      span
      inherit
      component="time"
      dateTime={iso}
      title={format.dateTime(iso)}
      style={{ whiteSpace: 'nowrap' }}
    >
      {format.relative(iso, Math.max(current, Date.parse(iso)))}
    </Text>
  );
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const listener of listeners) listener();
  }, TICK_MS);
  return () => {
    listeners.delete(changed);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
