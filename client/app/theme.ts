import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Deep teal: calm, and far from the green and red that say how a payment stands. */
const brand: MantineColorsTuple = [
  '#e6f7f9',
  '#d3ebee',
  '#a8d6dc',
  '#79c0c9',
  '#53adb9',
  '#3aa1b0',
  '#2a9bab',
  '#198797',
  '#0b7285',
  '#005f6f',
];

export const theme = createTheme({
  colors: { brand },
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  components: {
    // Not by colour alone (WCAG 1.4.1).
    Anchor: { defaultProps: { underline: 'always' } },
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'md' } },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
  },
});
