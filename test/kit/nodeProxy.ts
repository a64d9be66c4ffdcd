import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Hex, keccak256 } from 'viem';
import { createFailpoints, type Failpoint, type Hook, type Match, type Phase } from './failpoints.ts';
import { drawNodeFault, type NodeFault, type NodeFaultPlan } from './nodeFaults.ts';
import {
  actAt,
  type NodeCall,
  type NodeResponse,
  passRequest,
  readQuestions,
  type TreatedCall,
} from './nodeRequest.ts';

/** A transaction that a client process asked a node to take. */
export type SentTransaction = {
  /** keccak256 of the bytes. */
  readonly hash: Hex;
  readonly rawTransaction: Hex;
  /** As the proxy was told by whom it is used. */
  readonly process: string;
  readonly node: string;
  /** When it arrived here, ms since 1970. */
  readonly at: number;
  /** What was done with it. */
  readonly fault: NodeFault['kind'];
};

/** A way of one client process to a real node, over HTTP and WebSocket, which sees every call and can disturb it. */
export type NodeProxy = {
  readonly rpcUrl: string;
  /** The same port; what is said over a WebSocket passes untouched. */
  readonly wsUrl: string;
  /** What disturbs from now on; null: nothing. The counting of calls goes on. */
  setPlan(plan: NodeFaultPlan | null): void;
  /** The next `times` calls of a method meet this, whatever the plan has. */
  force(method: string, fault: NodeFault, times?: number): void;
  /** Calls `hook` once, at the nth call from now on whose method matches. */
  onRequest(match: Match, nth: number, phase: Phase, hook: Hook<NodeCall>): Failpoint<NodeCall>;
  callCount(): number;
  callCounts(): ReadonlyMap<string, number>;
  /** How often each kind of fault has struck so far. */
  faultCounts(): ReadonlyMap<NodeFault['kind'], number>;
  /** Every transaction that the process sent this way, in order. */
  sent(): readonly SentTransaction[];
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  /** Breaks every connection and refuses new ones, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  stop(): Promise<void>;
};

export type NodeProxyOptions = {
  /** Names the process and the node in what is recorded. */
  process: string;
  node: string;
  /** Told of each transaction before it is passed on, and awaited: whether its bytes are committed by now can be asked. */
  onSend?: (sent: SentTransaction) => void | Promise<void>;
};

const HOST = '127.0.0.1';
const SEND = 'eth_sendRawTransaction';
/** Longer than any client keeps a connection: one that ends under a request would be a fault that nobody drew. */
const KEEP_ALIVE_MS = 600_000;

/** Starts a proxy for one client process. @param target where the real node is, HTTP and WebSocket on one port */
export async function startNodeProxy(target: string, options: NodeProxyOptions): Promise<NodeProxy> {
  const failpoints = createFailpoints<NodeCall>();
  const faults = createFaultSource();
  const sent: SentTransaction[] = [];
  const sockets = new Set<Duplex>();
  let answered = Promise.withResolvers<void>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const { questions, isBatch } = readQuestions(body);
    const calls = questions.map((question): TreatedCall => {
      const drawn = faults.draw(question.method, question.params ?? []);
      return { question, ...drawn, met: failpoints.meet(question.method) };
    });
    for (const { call, fault } of calls) {
      if (call.method !== SEND) continue;
      const transaction = sentTransaction(call, fault, options);
      sent.push(transaction);
      await options.onSend?.(transaction);
    }
    const way = { target, nextAnswered: () => answered.promise };
    await respond(response, await passRequest({ body, isBatch, calls }, way));
    answered.resolve();
    answered = Promise.withResolvers();
    if (!(await actAt('AFTER', calls))) request.socket.destroy();
  };
  const start = (port: number): Promise<Server> => listen(handle, passUpgrades(target, sockets), port);
  let server = await start(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
  };
  const refuse = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    cut();
    await closed;
  };
  return {
    rpcUrl: `http://${HOST}:${port}`,
    wsUrl: `ws://${HOST}:${port}`,
    setPlan: faults.setPlan,
    force: faults.force,
    onRequest: failpoints.arm,
    callCount: faults.callCount,
    callCounts: () => faults.callCounts,
    faultCounts: () => faults.faultCounts,
    sent: () => sent,
    cut,
    refuse,
    accept: async () => {
      server = await start(port);
    },
    stop: refuse,
  };
}

/** Numbers the calls of a process and says what happens to each. */
function createFaultSource() {
  const callCounts = new Map<string, number>();
  const faultCounts = new Map<NodeFault['kind'], number>();
  const forced = new Map<string, NodeFault[]>();
  let plan: NodeFaultPlan | null = null;
  let callCount = 0;
  return {
    callCounts,
    faultCounts,
    callCount: () => callCount,
    setPlan: (next: NodeFaultPlan | null) => {
      plan = next;
    },
    force: (method: string, fault: NodeFault, times = 1) => {
      const list = forced.get(method) ?? [];
      list.push(...Array.from({ length: times }, () => fault));
      forced.set(method, list);
    },
    draw: (method: string, params: readonly unknown[]): { call: NodeCall; fault: NodeFault } => {
      callCount += 1;
      const nth = (callCounts.get(method) ?? 0) + 1;
      callCounts.set(method, nth);
      const drawn: NodeFault = plan === null ? { kind: 'PASS' } : drawNodeFault(plan, method, nth);
      const fault = forced.get(method)?.shift() ?? drawn;
      faultCounts.set(fault.kind, (faultCounts.get(fault.kind) ?? 0) + 1);
      return { call: { method, params, number: callCount, nth }, fault };
    },
  };
}

function sentTransaction(
  call: NodeCall,
  fault: NodeFault,
  { process, node }: NodeProxyOptions,
): SentTransaction {
  const rawTransaction = String(call.params[0]) as Hex;
  return {
    hash: keccak256(rawTransaction),
    rawTransaction,
    process,
    node,
    at: Date.now(),
    fault: fault.kind,
  };
}

async function respond(response: ServerResponse, answer: NodeResponse): Promise<void> {
  if (answer === null) {
    response.destroy();
    return;
  }
  const { status, headers, body } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  const isOver = Promise.race([once(response, 'finish'), once(response, 'close')]);
  response.end(body);
  await isOver;
}

/** Joins a client that asks for a WebSocket to the node, which answers it. */
function passUpgrades(target: string, sockets: Set<Duplex>) {
  return (request: IncomingMessage, client: Duplex, head: Buffer): void => {
    const { hostname, port } = new URL(target);
    const node: Socket = connect(Number(port), hostname);
    const headers = request.rawHeaders.map((value, index) => (index % 2 === 0 ? `\r\n${value}: ` : value));
    node.write(`${request.method} ${request.url} HTTP/1.1${headers.join('')}\r\n\r\n`);
    node.write(head);
    client.pipe(node);
    node.pipe(client);
    for (const [socket, other] of [
      [client, node],
      [node, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  };
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  upgrade: (request: IncomingMessage, client: Duplex, head: Buffer) => void,
  port: number,
): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // A client that was killed, a node that is down: the connection breaks, as it would without this in between.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', upgrade);
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}
