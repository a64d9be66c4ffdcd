// node ops/completePackageLock.ts: adds to package-lock.json the optional packages of other platforms that it lacks.
//
// npm leaves them out when the registry it asked has no such package, as a mirror may not; `npm ci` then refuses the whole
// lock. What is added says for which platform it is, so that no other platform ever asks for it. Run it after each change
// of the dependencies; it does nothing when nothing is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { BaseError } from '../core/errors.ts';

const LOCK = new URL('../package-lock.json', import.meta.url);
const OPERATING_SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = new Map([
  ['amd64', 'x64'],
  ['arm', 'arm'],
  ['arm64', 'arm64'],
  ['ia32', 'ia32'],
  ['x64', 'x64'],
]);

const Package = z.looseObject({
  dev: z.boolean().optional(),
  license: z.string().optional(),
  engines: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const PackageLock = z.looseObject({ packages: z.record(z.string(), Package) });

const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as z.infer<typeof PackageLock>;
// Checked, not rebuilt: keys stay in npm's order.
PackageLock.parse(lock);
const missing = findMissing(lock.packages);
const [root, ...others] = Object.entries({ ...lock.packages, ...missing });
const sorted = others.sort(([a], [b]) => (a < b ? -1 : 1));
const packages = Object.fromEntries(root === undefined ? sorted : [root, ...sorted]);
writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(Object.keys(missing).join('\n') || 'Nothing was missing.');

function findMissing(packages: z.infer<typeof PackageLock>['packages']) {
  const missing: z.infer<typeof PackageLock>['packages'] = {};
  for (const [parentPath, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (path in packages || `${parentPath}/${path}` in packages) continue;
      missing[path] = {
        version,
        ...platformOf(name, version),
        ...(parent.dev === true ? { dev: true } : {}),
        ...(parent.license === undefined ? {} : { license: parent.license }),
        optional: true,
        ...(parent.engines === undefined ? {} : { engines: parent.engines }),
      };
    }
  }
  return missing;
}

/** Packages of one platform carry it in their name, and are pinned by the package that chooses among them. */
function platformOf(name: string, version: string) {
  const words = name.replace(/^.*\//, '').split('-');
  const system = words.find((word) => OPERATING_SYSTEMS.includes(word));
  const processor = words.map((word) => PROCESSORS.get(word)).find((found) => found !== undefined);
  if (system === undefined || processor === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new BaseError(
      'PACKAGE_LOCK',
      `${name}@${version} is missing, and its name does not say for which platform it is.`,
    );
  }
  return { cpu: [processor], ...(words.includes('musl') ? { libc: ['musl'] } : {}), os: [system] };
}
