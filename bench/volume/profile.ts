/** Where Node listens once a process got SIGUSR1; one process of the machine at a time. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const POLL_MS = 50;
/** Ends the process's listening, once the one who asks for it has gone. */
const CLOSE_INSPECTOR = "setTimeout(() => process.getBuiltinModule('node:inspector').close(), 100)";
const SAMPLING_INTERVAL_MICROSECONDS = 500;

/** A profile of V8: `nodes` are call frames, `samples` which of them ran, `timeDeltas` for how many microseconds. */
type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
};

/** Where a process spent its time: milliseconds by function, the dearest first. */
export type Spent = {
  readonly name: string;
  /** Whose code: a package, a folder of ours, or Node and V8 themselves. */
  readonly part: string;
  readonly milliseconds: number;
};

/** Begins to sample a Node process of this machine; what it returns ends that and tells. */
export async function profileProcess(pid: number): Promise<() => Promise<Spent[]>> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl());
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const ask = caller(socket);
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROSECONDS });
  await ask('Profiler.start');
  return async () => {
    const { profile } = (await ask('Profiler.stop')) as { profile: Profile };
    await ask('Runtime.evaluate', { expression: CLOSE_INSPECTOR });
    socket.close();
    await inspectorClosed();
    return spentBy(profile);
  };
}

async function inspectorUrl(): Promise<string> {
  for (;;) {
    const answer = await fetch(INSPECTOR).catch(() => null);
    const [target] = answer === null ? [] : ((await answer.json()) as { webSocketDebuggerUrl: string }[]);
    if (target !== undefined) return target.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Another process can be looked into from then on. */
async function inspectorClosed(): Promise<void> {
  while ((await fetch(INSPECTOR).catch(() => null)) !== null) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function caller(socket: WebSocket) {
  let lastId = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  return (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
}

function spentBy({ nodes, samples, timeDeltas }: Profile): Spent[] {
  const frameOf = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const spent = new Map<string, Spent>();
  for (const [index, id] of samples.entries()) {
    const { name, part } = frameOf.get(id) ?? { name: '', part: '' };
    const milliseconds = (spent.get(name)?.milliseconds ?? 0) + (timeDeltas[index] ?? 0) / 1_000;
    spent.set(name, { name, part, milliseconds });
  }
  return [...spent.values()]
    .filter(({ name }) => !name.startsWith('(idle)'))
    .sort((left, right) => right.milliseconds - left.milliseconds);
}

function describe({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']) {
  const file = url.split('/').slice(-2).join('/');
  return {
    name: `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`,
    part: partOf(functionName, url),
  };
}

function partOf(functionName: string, url: string): string {
  const [, ours] =
    /^file:.*\/(chains|core|events|indexer|payouts|prisma|resolvers|schema|server|transitions)\//.exec(url) ??
    [];
  const [, scoped] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (scoped !== undefined) return scoped;
  if (ours !== undefined) return `${ours}/`;
  if (functionName === '(garbage collector)') return 'garbage collector';
  return functionName === '(program)' ? 'native code and system calls' : 'Node';
}
