import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "@azidentity/emulator";
import type { AccessToken } from "@azure/identity";
import { vi } from "vitest";
import { type Failure, failureOf } from "./failure.ts";
import { createFakeTools, type FakeAnswer, type FakeTools } from "./fake-tools.ts";
import type { Identity } from "./implementations.ts";

/** A credential of either package, and what it may be called with by a program without types. */
export interface LooseCredential {
  getToken(scopes?: unknown, options?: unknown): Promise<AccessToken>;
  authenticate(scopes?: unknown, options?: unknown): Promise<object | undefined>;
}
type LooseClass = new (...args: unknown[]) => LooseCredential;
export type ClassName = {
  [K in keyof Identity]: Identity[K] extends abstract new (...args: never) => unknown ? K : never;
}[keyof Identity];

/** What a row has: one of both packages on a machine of its own. */
export interface World {
  readonly identity: Identity;
  readonly emulator: Emulator;
  /** Options by which a credential reaches the emulator. */
  readonly entra: {
    readonly authorityHost: string;
    readonly disableInstanceDiscovery: true;
    readonly retryOptions: { readonly maxRetries: 0 };
  };
  /** Makes a credential with arguments of any type. */
  create(name: ClassName, ...args: readonly unknown[]): LooseCredential;
  failure(action: () => unknown): Promise<Failure | string>;
  /** The lifetime of the variables is the row. */
  env(variables: Readonly<Record<string, string | undefined>>): void;
  /** Puts a program on PATH. */
  install(program: string, answer: FakeAnswer): void;
  readonly tools: FakeTools;
  /** Writes a file and returns its path. */
  file(name: string, text: string, mode?: number): string;
}

/** Variables that credentials of either package read. */
const ours =
  /^(AZURE|AZIDENTITY|MSI|IDENTITY|IMDS|SYSTEM_OIDC|SYSTEM_ACCESS|ACTIONS|GITHUB|TF_BUILD|KUBERNETES|DEFAULT_IDENTITY|REGION_NAME|MSAL|DEBUG|HTTPS?_PROXY|ALL_PROXY|NO_PROXY|BROWSER|WEBSITE|CONTAINER_APP|FUNCTIONS)/i;

/** Calls with a world, and leaves the process as it was. */
export async function inWorld<T>(
  identity: Identity,
  emulator: Emulator,
  use: (world: World) => T,
): Promise<Awaited<T>> {
  const home = mkdtempSync(join(tmpdir(), "azidentity-behaviours-"));
  const tools = createFakeTools(home);
  const env = (variables: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  };
  env(
    Object.fromEntries(
      Object.keys(process.env)
        .filter((name) => ours.test(name))
        .map((name) => [name, undefined]),
    ),
  );
  env({ PATH: tools.folder, HOME: home, USERPROFILE: home, AZURE_CONFIG_DIR: home });
  emulator.requests.clear();
  emulator.faults.clear();
  try {
    return await use({
      identity,
      emulator,
      entra: { authorityHost: emulator.authorityHost, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } },
      create: (name, ...args) => new (identity[name] as unknown as LooseClass)(...args),
      failure: (action) => failureOf(identity, action),
      env,
      tools,
      install: tools.install,
      file(name, text, mode = 0o600) {
        const path = join(home, name);
        writeFileSync(path, text, { mode });
        return path;
      },
    });
  } finally {
    vi.unstubAllEnvs();
    vi.useRealTimers();
    rmSync(home, { recursive: true, force: true });
  }
}
