import { useSyncExternalStore } from 'react';

/** A value that this page has one of, for as long as it is open, and the components that show it. */
export type PageValue<Value> = {
  get(): Value;
  set(value: Value): void;
  /** A hook: the value of now; a component that uses it is drawn anew when that changes. */
  use(): Value;
};

export function pageValue<Value>(first: Value): PageValue<Value> {
  let current = first;
  const listeners = new Set<() => void>();
  const get = () => current;
  const subscribe = (changed: () => void) => {
    listeners.add(changed);
    return () => void listeners.delete(changed);
  };
  return {
    get,
    set(value) {
      current = value;
      for (const changed of listeners) changed();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
