import { BreakingChangeType, buildSchema, findSchemaChanges } from 'graphql';

/**
 * What of a schema no longer holds, in sentences: clients written for it would fail.
 * @param promised the schema that clients were written for, as SDL
 * @param now the schema that they would meet, as SDL
 */
export function breakingChanges(promised: string, now: string): string[] {
  return findSchemaChanges(buildSchema(promised), buildSchema(now))
    .filter(({ type }) => type in BreakingChangeType)
    .map(({ description }) => description);
}
