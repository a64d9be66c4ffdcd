/**
 * The root of every error this system throws on purpose. `message` is public: it may reach a client. `details` is
 * private: it goes to the log only. `retryable` says whether the same call may succeed later, unchanged.
 */
export class BaseError extends Error {
  override readonly name: string = 'BaseError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown>; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? false;
  }

  /** Walks the causes from this error to the root and returns the first that `matches`, or null. */
  walk(matches: (error: unknown) => boolean): unknown {
    let current: unknown = this;
    while (current !== undefined && current !== null) {
      if (matches(current)) return current;
      current = current instanceof Error ? current.cause : null;
    }
    return null;
  }
}

/** One fault of a request that its sender can mend; collected in a payload's `userErrors`. */
export type UserFault<Code extends string = string> = {
  readonly code: Code;
  readonly message: string;
  /** Where in the input, from `input` down; null when it is about the request as a whole. */
  readonly path: readonly string[] | null;
};

/** Thrown inside a use case to end it with user errors; nothing it did is committed. */
export class UserFaultsError<Code extends string = string> extends BaseError {
  override readonly name = 'UserFaultsError';
  readonly faults: readonly UserFault<Code>[];

  constructor(faults: readonly UserFault<Code>[]) {
    super('USER_FAULTS', faults.map((fault) => fault.message).join(' '));
    this.faults = faults;
  }
}

/** Ends a use case with one user error. @throws always UserFaultsError */
export function refuse<Code extends string>(
  code: Code,
  message: string,
  path: readonly string[] | null = null,
): never {
  throw new UserFaultsError([{ code, message, path }]);
}

/** Nobody is signed in, or the session has ended. */
export class UnauthenticatedError extends BaseError {
  override readonly name = 'UnauthenticatedError';
  constructor(message = 'Sign in first: this needs a session.') {
    super('UNAUTHENTICATED', message);
  }
}

/** The viewer is a member but lacks a permission. To strangers, objects do not exist instead. */
export class ForbiddenError extends BaseError {
  override readonly name = 'ForbiddenError';
  constructor(permission: string) {
    super('FORBIDDEN', `This needs the permission ${permission}.`);
  }
}

/** An argument or a variable cannot be what the schema or its description asks for. */
export class BadUserInputError extends BaseError {
  override readonly name = 'BadUserInputError';
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** The object does not exist, or belongs to an organization the viewer is not a member of: indistinguishable. */
export class NotFoundError extends BaseError {
  override readonly name = 'NotFoundError';
  /** As its message names it ("The payout batch"). */
  readonly what: string;

  constructor(what: string) {
    super('NOT_FOUND', `${what} was not found.`);
    this.what = what;
  }
}

/** A limit with a name was exceeded. */
export class LimitExceededError extends BaseError {
  override readonly name = 'LimitExceededError';
  constructor(limit: string, message: string) {
    super('LIMIT_EXCEEDED', message, { details: { limit } });
  }
}

/** An invariant of this system does not hold: a bug, never a client's fault. */
export class InvariantError extends BaseError {
  override readonly name = 'InvariantError';
  constructor(message: string, details: Record<string, unknown> = {}) {
    super('INTERNAL', message, { details });
  }
}

/** Narrows away null and undefined. @throws InvariantError naming what was missing */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`${what} is missing`);
  return value;
}
