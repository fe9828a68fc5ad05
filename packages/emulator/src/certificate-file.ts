import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CertificateFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes a PEM into a temporary directory that only this user can read: child processes take certificates by path. */
export async function writeCertificateFile(pem: string): Promise<CertificateFile> {
  const directory = await mkdtemp(join(tmpdir(), "azidentity-emulator-"));
  const path = join(directory, "ca.pem");
  await writeFile(path, pem);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
