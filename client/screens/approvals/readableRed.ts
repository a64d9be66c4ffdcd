/** Red text that can be read on the background of either scheme (WCAG 1.4.3). */
export const READABLE_RED = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))';
