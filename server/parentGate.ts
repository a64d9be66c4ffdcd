import type { Health } from './health.ts';

/** The check's name in health reports; the parent waits until it is the only one left. */
export const PARENT_GATE = 'stack';

/** What the parent sends when the stack around this process is complete. */
export type ParentMessage = { stackReady: true };

/** Not ready before the parent process says that all else is: the embedded stack is one thing to its users. */
export function addParentGate(health: Health): void {
  let reason: string | null = 'the demonstration organization is being made';
  process.on('message', (message: Partial<ParentMessage>) => {
    if (message.stackReady === true) reason = null;
  });
  health.add(PARENT_GATE, async () => reason);
}
