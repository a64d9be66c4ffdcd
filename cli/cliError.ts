import { BaseError } from '../core/errors.ts';

/** Ends a command with a sentence for its user. `exitCode` 2: the file or the call is at fault; 1: anything else. */
export class CliError extends BaseError {
  override readonly name = 'CliError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super('CLI', message);
    this.exitCode = exitCode;
  }
}

/** Runs a command and turns what it throws into one line on standard error and an exit code. */
export async function runCommand(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
