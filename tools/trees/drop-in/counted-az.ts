/** The real az, signed in to the emulator, with a count of its starts. */
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "@azidentity/emulator";

export interface CountedAz {
  /** The variables of a program that may start az. */
  readonly env: Readonly<Record<string, string>>;
  /** Times that az was started through `env` since `forget()`. */
  started(): Promise<number>;
  forget(): Promise<void>;
}

/** Signs az in as the emulator's application, with its files in `folder`. */
export async function signInToAz(emulator: Emulator, folder: string): Promise<CountedAz> {
  const log = join(folder, "az.log");
  const programs = join(folder, "bin");
  await mkdir(programs);
  await writeFile(join(programs, "az"), `#!/bin/sh\necho >>'${log}'\nexec /usr/bin/az "$@"\n`, { mode: 0o755 });
  const env = {
    PATH: [programs, "/usr/bin", "/bin"].join(delimiter),
    AZURE_CONFIG_DIR: join(folder, "azure"),
    AZURE_CORE_COLLECT_TELEMETRY: "0",
    REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
    AZURE_TOKEN_CREDENTIALS: "dev",
  };
  const { clientId, clientSecret } = emulator.application;
  const principal = ["--service-principal", "--username", clientId, `--password=${clientSecret}`];
  const login = ["login", ...principal, "--tenant", emulator.tenantId, "--allow-no-subscriptions"];
  const proxy = await emulator.startProxy();
  await promisify(execFile)("/usr/bin/az", login, { env: { ...env, HOME: folder, ...proxy.env() } });
  return {
    env,
    started: async () => (await readFile(log, "utf8").catch(() => "")).length,
    forget: () => rm(log, { force: true }),
  };
}
