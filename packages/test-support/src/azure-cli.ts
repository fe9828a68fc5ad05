import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "@azidentity/emulator";

const program = "/usr/bin/az";

/** Whether Debian's package of the Azure CLI is installed. */
export const hasAzureCli: boolean = existsSync(program);

/** The application of the Azure CLI, whose client id is the same in all tenants. */
export const azureCliApplication = {
  clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  publicClient: true,
  secrets: [],
} as const;

/** The real Azure CLI with a home folder of its own. */
export interface AzureCli extends Disposable {
  readonly folder: string;
  /** The variables that it runs with. */
  readonly env: Readonly<Record<string, string>>;
  /** Signs a user of the emulator's first tenant in. */
  signIn(user: Readonly<Record<"username" | "password", string>>): Promise<unknown>;
  /** Runs it; `more` are further variables. */
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<{ readonly stdout: string }>;
}

/** Prepares the Azure CLI for an emulator, through a proxy that blocks all other hosts. */
export async function openAzureCli({ startProxy, caCertificateFile, tenantId }: Emulator): Promise<AzureCli> {
  const proxy = await startProxy();
  const folder = mkdtempSync(join(tmpdir(), "azidentity-az-"));
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: folder,
    AZURE_CONFIG_DIR: join(folder, "azure"),
    AZURE_CORE_COLLECT_TELEMETRY: "0",
    REQUESTS_CA_BUNDLE: caCertificateFile,
    ...proxy.env(),
  };
  const run: AzureCli["run"] = (args, more = {}) =>
    promisify(execFile)(program, args, { env: { ...env, ...more }, cwd: "/" });
  return {
    folder,
    env,
    run,
    signIn({ username, password }) {
      const user = ["--username", username, "--password", password, "--tenant", tenantId];
      return run(["login", ...user, "--allow-no-subscriptions"]);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
