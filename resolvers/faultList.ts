import { type UserFault, UserFaultsError } from '../core/errors.ts';

/** Collects what several checks of one request refuse, so that its sender hears of everything at once. */
export type FaultList = {
  /** What a check answers; null when it refused. Other errors go on. */
  attempt<Value>(check: () => Value | Promise<Value>): Promise<Value | null>;
  /** @throws UserFaultsError when a check has refused */
  throwIfAny(): void;
};

export function createFaultList(): FaultList {
  const faults: UserFault[] = [];
  return {
    async attempt(check) {
      try {
        return await check();
      } catch (error) {
        if (!(error instanceof UserFaultsError)) throw error;
        faults.push(...error.faults);
        return null;
      }
    },
    throwIfAny() {
      if (faults.length > 0) throw new UserFaultsError(faults);
    },
  };
}
