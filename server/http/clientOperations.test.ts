import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { operationShapeRule, parseWithinLimits } from './operationLimits.ts';
import { loadPersistedOperations } from './persistedOperations.ts';

const clientManifest = fileURLToPath(
  new URL('../../client/generated/persistedDocuments.json', import.meta.url),
);
const documents = Object.entries(JSON.parse(readFileSync(clientManifest, 'utf8')) as Record<string, string>);

test('the client’s operations are all known', () => {
  const operations = loadPersistedOperations({ clientManifest, directory: null, isOnly: true });
  expect(operations.count).toBe(documents.length);
  expect(operations.count).toBeGreaterThan(0);
  for (const [documentId, text] of documents) expect(operations.documentOf({ documentId })).toBe(text);
});

test.each(documents)('%s is answered by this schema, within its limits', (_hash, text) => {
  const errors = validate(schema, parseWithinLimits(text), [...specifiedRules, operationShapeRule]);
  expect(errors.map(({ message }) => message)).toEqual([]);
});
