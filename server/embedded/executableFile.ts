import { accessSync, chmodSync, constants, copyFileSync, rmSync } from 'node:fs';

/** The file itself when it can be executed; otherwise an executable copy: its bits may be lost, and not ours to mend. */
export function executableFile(path: string, copyPath: string): string {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    rmSync(copyPath, { force: true });
    copyFileSync(path, copyPath);
    chmodSync(copyPath, 0o755);
    return copyPath;
  }
}
