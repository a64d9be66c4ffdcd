/** Why a Safe cannot be an account here: each makes an adopted one REFUSED and keeps an active one from paying. */
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
] as const;
export type SafeFaultCode = (typeof SAFE_FAULT_CODES)[number];

/** `message` names the address that is at fault. */
export type SafeFault = { readonly code: SafeFaultCode; readonly message: string };

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
