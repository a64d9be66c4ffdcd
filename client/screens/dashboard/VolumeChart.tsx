import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import classes from './dashboard.module.css';
import type { VolumeEntry } from './Volume.tsx';
import { barsOf } from './volumeBars.ts';

const MAX_IDLE_WAIT_MS = 2_000;
const IDLE_DELAY_MS = 200;

/** Bars by day, one colour an asset. What draws them is loaded once everything else is there. */
export function VolumeChart(props: { entries: readonly VolumeEntry[]; days: number; label: string }) {
  const { entries, days, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const { day: dayText } = useFormat();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    let isGone = false;
    let remove: (() => void) | undefined;
    const draw = async () => {
      const { drawVolume } = await import('./drawVolume.ts');
      if (isGone) return;
      const bars = barsOf(entries, days, new Date());
      remove = drawVolume(element, { bars, isDark: scheme === 'dark', dayText });
    };
    const cancel = whenIdle(() => void draw());
    return () => {
      isGone = true;
      cancel();
      remove?.();
    };
  }, [entries, days, scheme, dayText]);
  return (
    <div className={classes.chart}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

/** @returns what calls it off. Safari has no idle callbacks. */
function whenIdle(act: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const request = requestIdleCallback(act, { timeout: MAX_IDLE_WAIT_MS });
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(act, IDLE_DELAY_MS);
  return () => clearTimeout(timer);
}
