import { BaseError } from '../../core/errors.ts';

/** The embedded stack cannot start or go on. The message is for the person at the terminal: what is wrong, what to do. */
export class EmbeddedError extends BaseError {
  override readonly name = 'EmbeddedError';
  constructor(message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super('EMBEDDED_STACK', message, options);
  }
}
