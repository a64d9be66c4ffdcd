import { GraphQLError } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { ForbiddenError, InvariantError, LimitExceededError, UserFaultsError } from '../../core/errors.ts';
import { CursorExpiredError } from '../../events/eventCursor.ts';
import type { Logger } from '../logger.ts';
import { publicError } from './publicError.ts';

const error = vi.fn();
const logger = { error } as unknown as Logger;
const show = (thrown: unknown) => publicError(thrown, 'request-1', logger).toJSON();
const wrapped = (originalError: Error) =>
  new GraphQLError(originalError.message, { originalError, path: ['a', 0] });

describe('an error as a client sees it', () => {
  it('keeps what was thrown for clients to see', () => {
    expect(show(wrapped(new ForbiddenError('READ')))).toEqual({
      message: 'This needs the permission READ.',
      path: ['a', 0],
      extensions: { code: 'FORBIDDEN' },
    });
    expect(show(new LimitExceededError('MAX_X', 'Too much.'))).toMatchObject({
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'MAX_X' },
    });
    expect(show(wrapped(new CursorExpiredError('oldest')))).toMatchObject({
      extensions: { code: 'CURSOR_EXPIRED', oldest: 'oldest' },
    });
    expect(error).not.toHaveBeenCalled();
  });

  it('keeps errors of GraphQL itself, and gives those of values their code', () => {
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
    const located = { extensions, path: ['x'] };
    expect(show(new GraphQLError('Cannot query field "x".', located))).toEqual({
      message: 'Cannot query field "x".',
      ...located,
    });
    const wrong = new GraphQLError('Variable "$x" got invalid value.', {
      extensions: { http: { status: 400 } },
    });
    expect(show(wrong)).toEqual({
      message: 'Variable "$x" got invalid value.',
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  });

  it.each([
    new Error('connect ECONNREFUSED db.internal'),
    new InvariantError('The organization has no event log', { organizationId: 'x' }),
    new UserFaultsError([{ code: 'X', message: 'not in a payload', path: null }]),
    'a string',
  ])('masks and logs the rest: %s', (thrown) => {
    error.mockClear();
    const shown = show(thrown instanceof Error ? wrapped(thrown) : thrown);
    expect(shown.extensions).toEqual({ code: 'INTERNAL', requestId: 'request-1' });
    expect(shown.message).toBe('Something went wrong on our side. Tell support the request’s id: request-1.');
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ err: thrown, requestId: 'request-1' }),
      expect.any(String),
    );
  });
});
