import { expect, test } from 'vitest';
import type { ApiClient } from './apiClient.ts';
import { followBlocker } from './followBlocker.ts';

test('what holds a batch is told when it changes, an API that is away is asked again, and the end is the end', async () => {
  const answers: (string | null | Error)[] = [
    null,
    'A first.',
    'A first.',
    new Error('away'),
    'No money.',
    null,
  ];
  const told: (string | null)[] = [];
  const end = new AbortController();
  const api = {
    request: async () => {
      const answer = answers.shift();
      if (answer === undefined) {
        end.abort();
        return { payoutBatch: { blocker: { message: 'Too late.' } } };
      }
      if (answer instanceof Error) throw answer;
      return { payoutBatch: { blocker: answer === null ? null : { message: answer } } };
    },
  } as unknown as ApiClient;
  await followBlocker(api, 'batch', (message) => told.push(message), end.signal, 1);
  expect(told).toEqual(['A first.', 'No money.', null]);
});
