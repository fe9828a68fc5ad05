import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, type TokenCredentialLike } from "@azidentity/core";
import type { IdentityError } from "@azidentity/core/plugin";
import { type Emulator, type IdentityBroker, startEmulator } from "@azidentity/emulator";
import { expect } from "vitest";
import broker from "../src/index.ts";

export const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
export const vault = "https://vault.azure.net/.default";
export const ann = { username: "ann@contoso.example", password: "a", objectId: "11111111-aaaa-4111-8111-111111111111" };
export const bernard = {
  username: "bernard@contoso.example",
  password: "b",
  objectId: "22222222-bbbb-4222-8222-222222222222",
};
export const homeIdOf = ({ objectId }: { readonly objectId: string }) => `${objectId}.${tenantId}`;

const client = (clientId: string) => ({ clientId, publicClient: true, secrets: [] });
/** The applications of developer tools and of Visual Studio Code. */
export const clients = {
  developer: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  editor: "aebc6443-996d-45c2-90f0-388ff96faa56",
};

export interface Desktop {
  readonly emulator: Emulator;
  readonly broker: IdentityBroker;
  /** The user's home folder. */
  readonly home: string;
  readonly env: Record<string, string | undefined>;
  /** An identity with the broker plugin, in the environment of this desktop. */
  identity(
    chain?: readonly ("broker" | "visual-studio-code" | TokenCredentialLike)[],
    env?: Record<string, string | undefined>,
  ): ReturnType<typeof createIdentity>;
  /** Writes the authentication record of Visual Studio Code. */
  writeRecord(fields: object | string): void;
  close(): Promise<void>;
}

/**
 * A fake desktop: the emulated broker on a session bus of its own, with two users. Ann is signed in
 * to the operating system.
 */
export async function openDesktop(): Promise<Desktop> {
  const applications = [{}, client(clients.developer), client(clients.editor)];
  const emulator = await startEmulator({ tenants: [{ tenantId, applications, users: [ann, bernard] }] });
  const home = mkdtempSync(join(tmpdir(), "azidentity-broker-"));
  const double = await emulator.startBroker({ accounts: [ann.username] });
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, ...double.env() };
  const ends: (() => PromiseLike<unknown>)[] = [];
  return {
    emulator,
    broker: double,
    home,
    env,
    identity(chain, changes = {}) {
      const identity = createIdentity({ plugins: [broker], ...(chain && { chain }) }, { env: { ...env, ...changes } });
      ends.push(() => identity.close());
      return identity;
    },
    writeRecord(fields) {
      const folder = join(home, ".azure", "ms-azuretools.vscode-azureresourcegroups");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "authRecord.json"), typeof fields === "string" ? fields : JSON.stringify(fields));
    },
    async close() {
      for (const end of ends.reverse()) await end();
      await emulator.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

export const failure = (promise: Promise<unknown>): Promise<IdentityError> =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );
