import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux's clock ticks per second (sysconf(_SC_CLK_TCK)): 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
/** What makes the kernel forget a process's peak of memory (proc_pid_clear_refs(5)). */
const RESET_PEAK = '5';
export const ROLES = ['api', 'worker', 'indexer'] as const;
export type Role = (typeof ROLES)[number];

/** What a process of the stack has used since it was looked at last. */
export type Usage = { readonly peakMegabytes: number; readonly cpuSeconds: number };
export type Usages = Record<Role, Usage>;

/** Watches the processes of a stack, which are children of one process. Linux alone: it reads /proc. */
export function watchProcesses(parent: number): {
  restart(): void;
  read(): Usages;
  pidOf(role: Role): number;
} {
  const pids = new Map(ROLES.map((role) => [role, findChild(parent, role)]));
  const cpuBefore = new Map<Role, number>();
  const pidOf = (role: Role): number => pids.get(role) ?? 0;
  return {
    pidOf,
    restart: () => {
      for (const role of ROLES) {
        writeFileSync(`/proc/${pidOf(role)}/clear_refs`, RESET_PEAK);
        cpuBefore.set(role, cpuSeconds(pidOf(role)));
      }
    },
    read: () =>
      Object.fromEntries(
        ROLES.map((role) => [
          role,
          {
            peakMegabytes: peakMegabytes(pidOf(role)),
            cpuSeconds: cpuSeconds(pidOf(role)) - (cpuBefore.get(role) ?? 0),
          },
        ]),
      ) as Usages,
  };
}

/** What a stack's processor time goes to: its own processes, and those that serve it. */
export const CONSUMERS = [...ROLES, 'PostgreSQL', 'anvil'] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** Seconds of the processor that a stack's processes have used since it began, PostgreSQL's all together. */
export function readCpuSeconds(parent: number): Record<Consumer, number> {
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), parent: parentOf(pid), command: commandOf(pid) }));
  const find = (pattern: RegExp) =>
    running.find((one) => one.parent === parent && pattern.test(one.command))?.pid ?? 0;
  const server = find(/\bpostgres -D /);
  const sessions = running.filter((one) => one.parent === server);
  return {
    api: cpuSeconds(find(/--roles api\b/)),
    worker: cpuSeconds(find(/--roles worker\b/)),
    indexer: cpuSeconds(find(/--roles indexer\b/)),
    // Sessions that have ended are the server's children of the past.
    PostgreSQL: sessions.reduce(
      (sum, { pid }) => sum + cpuSeconds(pid),
      cpuSeconds(server, CPU_WITH_CHILDREN),
    ),
    anvil: cpuSeconds(find(/\banvil --host /)),
  };
}

function findChild(parent: number, role: Role): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      return commandOf(pid).includes(`--roles ${role}`) && parentOf(pid) === parent;
    });
  if (found === undefined) throw new Error(`No process has the role ${role}.`);
  return Number(found);
}

function peakMegabytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(String(pid), 'status'))?.[1];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

/** In user and kernel mode: fields 14 and 15 of proc_pid_stat(5); then the same of children that have ended. */
const CPU = [11, 12];
const CPU_WITH_CHILDREN = [...CPU, 13, 14];

function cpuSeconds(pid: number, fields: readonly number[] = CPU): number {
  const all = statFields(String(pid));
  return fields.reduce((sum, field) => sum + Number(all[field]), 0) / TICKS_PER_SECOND;
}

function parentOf(pid: string): number {
  return Number(statFields(pid)[1]);
}

/** Counted from the third field: behind the name in parentheses. */
function statFields(pid: string): string[] {
  return read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
}

function commandOf(pid: string): string {
  return read(pid, 'cmdline').replaceAll('\0', ' ');
}

/** Empty for a process that is gone. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
