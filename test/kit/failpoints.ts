/**
 * When a failpoint acts. BEFORE: what was asked is not passed on yet. RAN: it has run and its answer is here, but was not
 * passed on (a COMMIT whose outcome the asker never learns). AFTER: the asker has the answer.
 */
export type Phase = 'BEFORE' | 'RAN' | 'AFTER';

/** GO_ON: as if nothing had been. CUT: the connection breaks; what was held is passed on to nobody, ever. */
export type HookResult = 'GO_ON' | 'CUT';

/**
 * What happens at a failpoint: a SIGKILL whose end is awaited, a cut, a look at the database. Nothing more of the same
 * connection passes in the meantime. Answer CUT after a kill: what was held must not arrive in a dead process's name.
 */
export type Hook<Subject> = (subject: Subject) => Promise<HookResult>;

/** A piece of the name, or a pattern of it; '' matches everything. */
export type Match = string | RegExp;

export type Failpoint<Subject> = {
  /** Resolves with what it met once its hook is done. Never, when it is never met. */
  readonly reached: Promise<Subject>;
  /** Whether it was met. */
  isReached(): boolean;
  disarm(): void;
};

/** A failpoint that something has met: it acts once. */
export type MetFailpoint<Subject> = { phase: Phase; act(subject: Subject): Promise<HookResult> };

/** The failpoints of one process: each is met once, by the nth thing that it matches from its arming on. */
export type Failpoints<Subject> = {
  arm(match: Match, nth: number, phase: Phase, hook: Hook<Subject>): Failpoint<Subject>;
  /** Counts one more thing, and tells the failpoint that it meets; the oldest, when it meets several. */
  meet(name: string): MetFailpoint<Subject> | null;
};

export function createFailpoints<Subject>(): Failpoints<Subject> {
  type Armed = { match: Match; left: number; met: MetFailpoint<Subject>; markReached(): void };
  const armed = new Set<Armed>();
  return {
    arm: (match, nth, phase, hook) => {
      if (!Number.isInteger(nth) || nth < 1)
        throw new Error(`The first is number 1; there is no number ${nth}.`);
      const { promise: reached, resolve, reject } = Promise.withResolvers<Subject>();
      // Who does not wait for it sees the fault of its hook by the connection that is cut.
      reached.catch(() => {});
      let isMet = false;
      const act = async (subject: Subject): Promise<HookResult> => {
        try {
          const result = await hook(subject);
          resolve(subject);
          return result;
        } catch (error) {
          reject(error);
          return 'CUT';
        }
      };
      const entry: Armed = {
        match,
        left: nth,
        met: { phase, act },
        markReached: () => {
          isMet = true;
        },
      };
      armed.add(entry);
      return { reached, isReached: () => isMet, disarm: () => armed.delete(entry) };
    },
    meet: (name) => {
      let met: MetFailpoint<Subject> | null = null;
      for (const entry of armed) {
        if (!matches(entry.match, name)) continue;
        if (entry.left > 1) entry.left -= 1;
        else if (met === null) {
          armed.delete(entry);
          entry.markReached();
          met = entry.met;
        }
      }
      return met;
    },
  };
}

function matches(match: Match, name: string): boolean {
  return typeof match === 'string' ? name.includes(match) : match.test(name);
}
