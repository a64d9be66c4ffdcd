import type { ArmedKills } from './kills.ts';
import type { PauseReport } from './pausePayouts.ts';
import type { Story } from './payBatch.ts';
import type { People } from './people.ts';
import type { Subscriber } from './subscriber.ts';
import type { World } from './world.ts';

/** A run that is over, or should be. */
export type Ended = {
  readonly world: World;
  readonly people: People;
  readonly stories: readonly Story[];
  readonly subscribers: readonly Subscriber[];
  readonly pauses: readonly PauseReport[];
  readonly kills: ReturnType<ArmedKills['reports']>;
  /** Null when everything came to its end by itself. */
  readonly settled: unknown;
};

/** An invariant that did not hold, by its name, and how. */
export type Broken = { readonly invariant: string; readonly details: string };
