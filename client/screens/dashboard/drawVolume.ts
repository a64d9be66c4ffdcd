import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';
import type { VolumeBars } from './volumeBars.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

const LIGHT = { bars: ['#0b7285', '#e8890c', '#6741d9', '#2f9e44'], text: '#495057', grid: '#e9ecef' };
const DARK = { bars: ['#3aa1b0', '#ffa94d', '#9775fa', '#69db7c'], text: '#c9c9c9', grid: '#373a40' };
const BAR_RADIUS_PX = 3;
const MAX_DAY_LABELS = 6;
const MAX_AMOUNT_LABELS = 5;

/** @returns what removes the drawing */
export function drawVolume(
  canvas: HTMLCanvasElement,
  options: { bars: VolumeBars; isDark: boolean; dayText(day: string): string },
): () => void {
  const { bars, isDark, dayText } = options;
  const colors = isDark ? DARK : LIGHT;
  const chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: bars.days.map(dayText),
      datasets: bars.assets.map(({ symbol, heights }, place) => ({
        label: symbol,
        data: [...heights],
        backgroundColor: colors.bars[place % colors.bars.length] ?? LIGHT.text,
        borderRadius: BAR_RADIUS_PX,
      })),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          ticks: { color: colors.text, maxTicksLimit: MAX_DAY_LABELS, maxRotation: 0 },
        },
        y: {
          stacked: true,
          border: { display: false },
          grid: { color: colors.grid },
          ticks: { color: colors.text, maxTicksLimit: MAX_AMOUNT_LABELS },
        },
      },
      plugins: {
        legend: { labels: { color: colors.text, boxWidth: 12 } },
        tooltip: {
          filter: ({ datasetIndex, dataIndex }) => bars.assets[datasetIndex]?.heights[dataIndex] !== 0,
          callbacks: {
            label: ({ datasetIndex, dataIndex }) => {
              const asset = bars.assets[datasetIndex];
              return `${asset?.amounts[dataIndex] ?? ''} ${asset?.symbol ?? ''}`;
            },
          },
        },
      },
    },
  });
  return () => chart.destroy();
}
