import { useCallback, useState } from 'react';
import type { CombinedError } from 'urql';
import { appMessages } from '../app/messages.ts';
import { type Messages, useMessages } from '../i18n/messages.ts';

type Fault = { code: string; message: string; path: readonly string[] | null };

export type FormFaults = {
  /** What is about the request as a whole, or about no field that is shown. */
  general: string | null;
  /** What is to be mended in a field; undefined where nothing is. */
  at(field: string): string | undefined;
  clear(): void;
  /** Takes a mutation's answer. @returns whether it was done */
  take(answer: { error?: CombinedError | undefined; faults: readonly Fault[] | undefined }): boolean;
};

/**
 * The faults of a form's last answer, in the language of now: a code has its sentence under `error_CODE`, and the server's words
 * serve for the others.
 * @param fields the names in `input` that have a place of their own on the screen
 */
export function useFormFaults<Key extends string>(
  declared: Messages<Key>,
  fields: readonly string[],
): FormFaults {
  const t = useMessages(declared);
  const app = useMessages(appMessages);
  const [shown, setShown] = useState<{ error: CombinedError | undefined; faults: readonly Fault[] }>(NONE);
  const words = ({ code, message }: Fault) => {
    const key = `error_${code}`;
    return (declared.keys as readonly string[]).includes(key) ? t(key as never) : message;
  };
  const fieldOf = ({ path }: Fault) => fields.find((field) => field === path?.[1]);
  const requestFault = shown.faults.find((fault) => fieldOf(fault) === undefined);
  const requestText = requestFault === undefined ? null : words(requestFault);
  return {
    general: shown.error === undefined ? requestText : errorText(shown.error, app),
    at: (field) => {
      const found = shown.faults.find((fault) => fieldOf(fault) === field);
      return found === undefined ? undefined : words(found);
    },
    clear: useCallback(() => setShown(NONE), []),
    take: ({ error, faults = [] }) => {
      setShown({ error, faults });
      return error === undefined && faults.length === 0;
    },
  };
}

const NONE = { error: undefined, faults: [] };

function errorText(error: CombinedError, t: (key: 'unreachable' | 'forbidden') => string): string {
  if (error.networkError !== undefined) return t('unreachable');
  const [fault] = error.graphQLErrors;
  if (fault?.extensions.code === 'FORBIDDEN') return t('forbidden');
  return fault?.message ?? error.message;
}
