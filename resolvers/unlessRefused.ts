import { UserFaultsError } from '../core/errors.ts';

/** What a check answers; null when it refuses. Other errors go on. */
export function unlessRefused<Value>(check: () => Value): Value | null {
  try {
    return check();
  } catch (error) {
    if (error instanceof UserFaultsError) return null;
    throw error;
  }
}
