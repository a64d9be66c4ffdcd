import { BaseError } from '../../../core/errors.ts';

/**
 * What a pure encoder or decoder throws when its input is outside the format. `field` names the part at fault
 * (`rows[3].units`), the message is an English sentence that may be shown to a user.
 */
export class CodecError extends BaseError {
  override readonly name = 'CodecError';
  readonly field: string;

  constructor(field: string, message: string, options: { cause?: unknown } = {}) {
    super('CODEC_INVALID', `${field}: ${message}`, options);
    this.field = field;
  }
}
