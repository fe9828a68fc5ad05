import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A projected volume as the kubelet writes it: files are links into a folder, and replacing one
 * link replaces all files.
 */
export interface ProjectedVolume {
  pathOf(file: string): string;
  /** Replaces the content of one file. */
  write(file: string, content: string): Promise<void>;
  close(): Promise<void>;
}

export async function createProjectedVolume(): Promise<ProjectedVolume> {
  const root = await mkdtemp(join(tmpdir(), "azidentity-emulator-pod-"));
  const files = new Map<string, string>();
  let version = 0;
  const link = async (target: string, name: string) => {
    const made = join(root, `${name}.tmp`);
    await symlink(target, made);
    await rename(made, join(root, name));
  };

  return {
    pathOf: (file) => join(root, file),
    async write(file, content) {
      const isNew = !files.has(file);
      files.set(file, content);
      const old = `..${version}`;
      const folder = `..${++version}`;
      await mkdir(join(root, folder));
      for (const [name, text] of files) await writeFile(join(root, folder, name), text, { mode: 0o600 });
      await link(folder, "..data");
      if (isNew) await link(join("..data", file), file);
      await rm(join(root, old), { recursive: true, force: true });
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}
