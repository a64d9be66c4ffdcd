import { encodeEventCursor } from '../../events/eventCursor.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';

/** The position of an entry in its organization's log: what comes after it follows from there. */
export function cursorOf(event: Pick<LoggedEvent, 'organizationId' | 'number'>): string {
  return encodeEventCursor(event.organizationId, event.number);
}
