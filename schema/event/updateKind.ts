import { builder } from '../builder.ts';

export const UpdateKind = builder.enumType('UpdateKind', {
  description: 'Why a message was sent.',
  values: {
    SNAPSHOT: { description: 'The state when the subscription began.' },
    CHANGED: { description: 'Something changed.' },
    REORGED: { description: 'A reorganization of the chain took something back.' },
  } as const,
});
