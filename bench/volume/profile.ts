/** Where Node listens once a process got SIGUSR1; a second process on the machine that did finds it taken. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const POLL_MS = 50;
const SAMPLING_INTERVAL_MICROSECONDS = 500;

/** A profile of V8: `nodes` are call frames, `samples` which of them ran, `timeDeltas` for how many microseconds. */
type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
};

/** Where a process spent its time: milliseconds by function, the dearest first. */
export type Spent = { readonly name: string; readonly milliseconds: number };

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
    socket.close();
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
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.split('/').slice(-2).join('/');
      return [id, `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`];
    }),
  );
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = nameOf.get(id) ?? '';
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1_000);
  }
  return [...spent]
    .filter(([name]) => !name.startsWith('(idle)'))
    .map(([name, milliseconds]) => ({ name, milliseconds }))
    .sort((left, right) => right.milliseconds - left.milliseconds);
}
