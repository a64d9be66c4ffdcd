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

function findChild(parent: number, role: Role): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      const command = read(pid, 'cmdline').replaceAll('\0', ' ');
      return command.includes(`--roles ${role}`) && read(pid, 'status').includes(`\nPPid:\t${parent}\n`);
    });
  if (found === undefined) throw new Error(`No process has the role ${role}.`);
  return Number(found);
}

function peakMegabytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(String(pid), 'status'))?.[1];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

/** In user and kernel mode: fields 14 and 15 of proc_pid_stat(5), counted behind the name in parentheses. */
function cpuSeconds(pid: number): number {
  const fields = read(String(pid), 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Empty for a process that is gone. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
