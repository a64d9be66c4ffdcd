/**
 * A turn for whatever else waits. A server's Blob hands its bytes out of memory without one; a browser's come from
 * another process, in a turn of their own, so that there it has nothing to do.
 */
export async function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') await new Promise<void>((resolve) => setImmediate(resolve));
}
