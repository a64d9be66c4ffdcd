import { GraphQLError } from 'graphql';
import { BaseError } from '../../core/errors.ts';
import type { Logger } from '../logger.ts';

/** Codes of errors that a client may see at the top level. */
const PUBLIC_CODES: readonly string[] = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
];

/** Details that go with a public error. */
const PUBLIC_DETAILS = ['limit'] as const;

/**
 * An error as a client may see it. What this system throws for clients to see keeps its message and code; everything else
 * is a bug or an outage: it is logged, and the client gets the request's id to tell it by.
 */
export function publicError(error: unknown, requestId: string | null, logger: Logger): GraphQLError {
  const wrapped = error instanceof GraphQLError ? error : null;
  // Errors of the GraphQL layer itself: syntax, validation, limits; and, the only ones without a code, values for
  // variables and arguments that are not what the schema asks for.
  if (wrapped !== null && wrapped.originalError == null) return withCode(wrapped, 'BAD_USER_INPUT');
  const original = wrapped?.originalError ?? error;
  if (original instanceof GraphQLError) return publicError(original, requestId, logger);
  const place = wrapped === null ? {} : { nodes: wrapped.nodes ?? null, path: wrapped.path ?? null };
  if (original instanceof BaseError && PUBLIC_CODES.includes(original.code)) {
    return new GraphQLError(original.message, {
      ...place,
      extensions: { ...detailsOf(original), code: original.code },
    });
  }
  logger.error({ err: original, requestId, path: wrapped?.path }, 'unexpected error');
  return new GraphQLError(
    `Something went wrong on our side.${requestId === null ? '' : ` Tell support the request’s id: ${requestId}.`}`,
    { ...place, extensions: { code: 'INTERNAL', ...(requestId === null ? {} : { requestId }) } },
  );
}

/** The same error with this code, unless it has one. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions.code !== undefined) return error;
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...error.extensions, code },
  });
}

function detailsOf(error: BaseError): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  for (const name of PUBLIC_DETAILS) if (name in error.details) details[name] = error.details[name];
  if ('oldest' in error) details.oldest = error.oldest;
  return details;
}
