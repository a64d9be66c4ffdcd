import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { sharedTestParts } from './postgres.ts';

/** A new directory that goes with the test run, and whose processes count as the run's. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(sharedTestParts().runDirectory, 'directory-'));
}
