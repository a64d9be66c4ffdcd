import { useCallback, useRef, useState } from 'react';

/** Which dialog is open, of those that are drawn only then; closed, the focus is where it was opened from. */
export function useDialog<Name extends string>(): {
  asked: Name | null;
  /** @param opener what gets the focus back */
  ask(name: Name, opener: HTMLElement | null): void;
  close(): void;
} {
  const [asked, setAsked] = useState<Name | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const ask = useCallback((name: Name, from: HTMLElement | null) => {
    opener.current = from;
    setAsked(name);
  }, []);
  const close = useCallback(() => {
    setAsked(null);
    // As soon as the dialog no longer holds it.
    setTimeout(() => opener.current?.focus());
  }, []);
  return { asked, ask, close };
}
