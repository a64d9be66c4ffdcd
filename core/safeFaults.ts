/**
 * Why a Safe cannot be an account here: each makes an adopted one REFUSED and keeps an active one from paying. Only
 * STORAGE_UNPROVEN decides nothing: what is to be adopted stays OPENING, and of an account it is never said.
 */
export const SAFE_FAULT_CODES = [
  'NO_CODE',
  'PROXY_UNKNOWN',
  'SINGLETON_UNKNOWN',
  'NOT_SET_UP',
  'TOO_MANY_OWNERS',
  'NO_KNOWN_OWNER',
  'MODULE_ENABLED',
  'MODULES_UNREADABLE',
  'GUARD_SET',
  'FALLBACK_HANDLER_UNKNOWN',
  'STORAGE_UNKNOWN',
  'STORAGE_UNPROVEN',
] as const;
export type SafeFaultCode = (typeof SAFE_FAULT_CODES)[number];

/** `message` names the address that is at fault. */
export type SafeFault = { readonly code: SafeFaultCode; readonly message: string };

/** Of one fault: the chain's node did not say what the storage holds. It may say so later. */
export function isUnproven({ code }: SafeFault): boolean {
  return code === 'STORAGE_UNPROVEN';
}

/** What of a Safe can change on chain while it is an account here. */
export const SAFE_PARTS = [
  'SINGLETON',
  'OWNERS',
  'THRESHOLD',
  'MODULES',
  'GUARD',
  'FALLBACK_HANDLER',
] as const;
export type SafePart = (typeof SAFE_PARTS)[number];
