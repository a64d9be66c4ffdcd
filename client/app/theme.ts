import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

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

/** Light badges, buttons and alerts with text that everybody can read (WCAG 1.4.3): the library's is too pale on its tint. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const color = input.color ?? 'brand';
  if (input.variant !== 'light' || !(color in input.theme.colors)) return resolved;
  const dark = `color-mix(in srgb, var(--mantine-color-${color}-9) 70%, black)`;
  return { ...resolved, color: `light-dark(${dark}, var(--mantine-color-${color}-2))` };
};

export const theme = createTheme({
  colors: { brand },
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  variantColorResolver,
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
    // What it puts before the first entry is none of a menu's children (WAI-ARIA).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // A dialog's heading is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});
