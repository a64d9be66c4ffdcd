// One slot: a process of its own, so that what it does for a seed delays no other's proxies. Started by runSeeds.ts.
import { required } from '../../core/errors.ts';
import { simulate } from './simulate.ts';
import { openSlot } from './slot.ts';
import type { FromSlot, SlotOptions, ToSlot } from './slotMessages.ts';

const options = JSON.parse(required(process.argv[2], 'The options')) as SlotOptions;
const slot = await openSlot(options.directory, options.prepared);
const known = new Set<string>();
let isClosing = false;

async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await slot.close();
  process.exit();
}

process.on('message', async ({ run }: ToSlot) => {
  if (run === null) return close();
  const { system } = run;
  const outcome = await simulate(slot, run, { ...options, isFirst: !known.has(system) });
  known.add(system);
  tell({ outcome });
});
process.once('disconnect', close);
process.on('SIGTERM', close);
tell({ ready: true });

function tell(message: FromSlot): void {
  process.send?.(message);
}
