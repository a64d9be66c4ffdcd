/** Red that everybody can read on the background of a card (WCAG 1.4.3). */
export const NEW_RECIPIENT_COLOR = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))';
