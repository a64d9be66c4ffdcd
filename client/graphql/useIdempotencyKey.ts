import { useCallback, useRef } from 'react';

/**
 * Keys under which a request may be sent again: one key for one input, so that pressing twice does it once, and what was
 * mended meanwhile is a request of its own.
 */
export function useIdempotencyKey(): (input: object) => string {
  const last = useRef({ input: '', key: '' });
  return useCallback((input) => {
    const text = JSON.stringify(input);
    if (text !== last.current.input) last.current = { input: text, key: crypto.randomUUID() };
    return last.current.key;
  }, []);
}
