import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface ProjectFolder {
  readonly root: string;
  /** Writes a file into it, and returns its path. */
  put(name: string, text: string): string;
}

/** A folder that is gone after the test. */
export function projectFolder(): ProjectFolder {
  const root = mkdtempSync(join(tmpdir(), "azid-project-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const put = (name: string, text: string) => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return { root, put };
}
