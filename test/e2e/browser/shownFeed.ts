import type { Locator } from 'playwright-core';
import { decodeEventCursor } from '../../../events/eventCursor.ts';
import type { TestStack } from '../stack.ts';
import { organizationUuid } from '../viewer.ts';

/** The numbers of the log's entries that a list shows, as they stand there. */
export async function shownFeed(list: Locator, stack: TestStack): Promise<bigint[]> {
  const uuid = organizationUuid(stack);
  const cursors = await list
    .locator('[data-cursor]')
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.cursor ?? ''));
  return cursors.map((cursor) => decodeEventCursor(uuid, cursor));
}

/** The numbers of all entries of the organization's log, the newest first. */
export async function loggedNumbers(stack: TestStack): Promise<bigint[]> {
  const logged = await stack.sql<{ number: string }>(
    'select number from event where organization_id = $1 order by number desc',
    [organizationUuid(stack)],
  );
  return logged.map(({ number }) => BigInt(number));
}
