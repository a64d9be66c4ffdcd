import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { batchMessages } from './messages.ts';
import classes from './progress.module.css';
import { PART_COLORS, PROGRESS_PARTS, type Progress, rowsOf } from './progress.ts';

/** How many payouts stand where, drawn to scale. What it says in colours, the label says in words. */
export function ProgressBar({ progress, thick = false }: { progress: Progress; thick?: boolean }) {
  const t = useMessages(batchMessages);
  const format = useFormat();
  const rows = rowsOf(progress);
  const words = PROGRESS_PARTS.filter((part) => progress[part] > 0)
    .map((part) => `${t(`count_${part}`)} ${format.number(progress[part])}`)
    .join(', ');
  return (
    <div
      className={classes.bar}
      data-thick={thick || undefined}
      role="progressbar"
      aria-label={t('progressLabel', { final: format.number(progress.final), rows: format.number(rows) })}
      aria-valuemin={0}
      aria-valuemax={rows}
      aria-valuenow={progress.final}
      aria-valuetext={words}
      title={words}
    >
      {PROGRESS_PARTS.filter((part) => progress[part] > 0).map((part) => (
        <span key={part} style={{ flexGrow: progress[part], background: PART_COLORS[part] }} />
      ))}
    </div>
  );
}
