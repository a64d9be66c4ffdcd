import { decodeEventCursor } from '../../../events/eventCursor.ts';
import type { TestStack } from '../stack.ts';
import { organizationUuid } from '../viewer.ts';
import type { Person } from './person.ts';

/** As many entries as the dashboard shows. */
const MAX_SHOWN_EVENTS = 25;

/** The numbers of the entries that somebody's dashboard shows, as they stand there. */
export async function shownFeed({ page }: Person, stack: TestStack): Promise<bigint[]> {
  const uuid = organizationUuid(stack);
  const cursors = await page
    .getByRole('log')
    .locator('[data-cursor]')
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.cursor ?? ''));
  return cursors.map((cursor) => decodeEventCursor(uuid, cursor));
}

/** The numbers of the newest entries of the log, the newest first. */
export async function newestOfLog(stack: TestStack): Promise<bigint[]> {
  const logged = await stack.sql<{ number: string }>(
    'select number from event where organization_id = $1 order by number desc limit $2',
    [organizationUuid(stack), MAX_SHOWN_EVENTS],
  );
  return logged.map(({ number }) => BigInt(number));
}
