import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

const ICON_PX = 18;

/** What is wrong with a request as a whole; nothing where nothing is. */
export function FormFault({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle size={ICON_PX} aria-hidden />}>
      {text}
    </Alert>
  );
}
