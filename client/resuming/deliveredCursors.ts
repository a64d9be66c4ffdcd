/** How many cursors of one subscription are remembered to drop what comes again. */
export const MAX_REMEMBERED_CURSORS = 1_000;

/** What a message says of its place in the log. */
export type MessagePlace = {
  /** Null: the message has no place, and is never dropped. */
  cursor: string | null;
  /** The message is (a part of) the state, not an entry of the log. */
  isSnapshot: boolean;
  /** The snapshot ends with this message. */
  isWholeSnapshot: boolean;
};

/** What one subscription has delivered, and where it goes on. Cursors are opaque: they are only compared for equality. */
export type DeliveredCursors = {
  /** The position to resume after; null: from the beginning of a new stream (a snapshot, or what comes next). */
  resumeAfter(): string | null;
  /** A new stream begins at `resumeAfter()`. */
  begin(): void;
  /** Whether the message is new. When it is, it counts as delivered. */
  take(place: MessagePlace): boolean;
  /** Whether it is remembered as delivered, or as where the app began. */
  has(cursor: string): boolean;
  /** Forgets everything: the position is lost, go on from here. */
  restart(after: string | null): void;
};

/**
 * A snapshot may be several messages of one cursor. One that is cut off in the middle must be told anew as a whole, so a
 * snapshot only becomes a position when it is known to be complete: by `isWholeSnapshot`, or by the entry that follows it.
 * @param after the position the app asked for; null: none
 * @param maxRemembered how many cursors are remembered
 */
export function createDeliveredCursors(
  after: string | null,
  maxRemembered = MAX_REMEMBERED_CURSORS,
): DeliveredCursors {
  let position = after;
  // Insertion-ordered: the oldest is forgotten first.
  const remembered = new Set<string>(after === null ? [] : [after]);
  /** While a stream without a position has brought one cursor only; undefined when that is over. */
  let opening: string | null | undefined;

  function remember(cursor: string): void {
    remembered.add(cursor);
    if (remembered.size <= maxRemembered) return;
    for (const oldest of remembered) {
      remembered.delete(oldest);
      break;
    }
  }

  return {
    resumeAfter: () => position,
    begin() {
      opening = position === null ? null : undefined;
    },
    take({ cursor, isSnapshot, isWholeSnapshot }) {
      if (cursor === null) return true;
      if (isSnapshot) {
        if (isWholeSnapshot) {
          position = cursor;
          remember(cursor);
        }
        return true;
      }
      // Messages of one cursor at the start of a fresh stream are a snapshot that does not say so.
      const isOpening = opening === null || opening === cursor;
      opening = isOpening ? cursor : undefined;
      if (remembered.has(cursor) && !isOpening) return false;
      remember(cursor);
      position = cursor;
      return true;
    },
    has: (cursor) => remembered.has(cursor),
    restart(newAfter) {
      position = newAfter;
      remembered.clear();
      if (newAfter !== null) remembered.add(newAfter);
    },
  };
}
