import type { SigningIntent as SigningIntentOf } from '../../resolvers/approval/loadSigningIntents.ts';
import { builder } from '../builder.ts';

const IntentLine = builder.objectRef<{ label: string; value: string }>('IntentLine').implement({
  description: 'One fact of what signing will do.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'What the fact is about.' }),
    value: t.exposeString('value', { description: 'The fact.' }),
  }),
});

const IntentWarning = builder.objectRef<{ code: string; message: string }>('IntentWarning').implement({
  description: 'Something to look at twice before signing.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What it is, for programs. UNKNOWN_REQUEST: nobody should sign this.',
    }),
    message: t.exposeString('message', { description: 'What it is, for people.' }),
  }),
});

export const SigningIntent = builder.objectRef<SigningIntentOf>('SigningIntent').implement({
  description:
    'What signing will do, decoded from the bytes to be signed and the manifest, not from other records.',
  fields: (t) => ({
    summary: t.exposeString('summary', { description: 'All of it in a sentence.' }),
    lines: t.field({
      type: [IntentLine],
      description: 'Fact by fact, in a fixed order.',
      resolve: (intent) => [...intent.lines],
    }),
    warnings: t.field({
      type: [IntentWarning],
      description: 'What to look at twice; empty when there is nothing.',
      resolve: (intent) => [...intent.warnings],
    }),
  }),
});
