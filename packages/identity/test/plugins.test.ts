import * as peer from "@azure/identity";
import { afterEach, expect, it, vi } from "vitest";
import {
  type AuthenticationRecord,
  ClientSecretCredential,
  DeviceCodeCredential,
  UsernamePasswordCredential,
  useIdentityPlugin,
} from "../src/index.ts";
import { registered } from "../src/plugins/registered.ts";
import { resetSharedTokens } from "../src/shared/links.ts";
import { atEmulator, scope, tokenRequests, withEmulator } from "./emulator.ts";

const ann = { username: "ann@contoso.example", password: "of-ann" };
const publicClient = "22222222-2222-4222-8222-222222222222";
const emulator = withEmulator({
  tenants: [
    {
      users: [ann],
      applications: [{}, { clientId: publicClient, publicClient: true }],
    },
  ],
});
afterEach(() => {
  registered.cache = undefined;
});

interface Context {
  readonly cacheHasChanged: boolean;
  readonly tokenCache: { serialize(): string; deserialize(text: string): void };
}

/** A plugin as programs write them: one text per name. */
function homeMade() {
  const texts = new Map<string, string>();
  const factory = vi.fn(async ({ name = "" }: { name?: string } = {}) => ({
    async beforeCacheAccess({ tokenCache }: Context) {
      const text = texts.get(name);
      if (text !== undefined) tokenCache.deserialize(text);
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }: Context) {
      if (cacheHasChanged) texts.set(name, tokenCache.serialize());
    },
  }));
  const plugin = (context: unknown) =>
    (context as { cachePluginControl: { setPersistence(given: unknown): void } }).cachePluginControl.setPersistence(
      factory,
    );
  return { texts, factory, plugin };
}

const options = () => ({
  ...atEmulator(emulator()),
  tenantId: emulator().tenantId,
  clientId: publicClient,
  tokenCachePersistenceOptions: { enabled: true },
});
type Library = Pick<typeof import("../src/index.ts"), "UsernamePasswordCredential">;

/** Signs a user in without a prompt, and returns the account. */
async function signIn({ UsernamePasswordCredential }: Library): Promise<AuthenticationRecord> {
  const { tenantId, authorityHost } = emulator();
  const { username, password } = ann;
  const made = new UsernamePasswordCredential(tenantId, publicClient, username, password, options());
  const { token } = await made.getToken(scope);
  const { oid, tid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const authority = new URL(authorityHost).host;
  return { authority, homeAccountId: `${oid}.${tid}`, clientId: publicClient, tenantId, username };
}

it("a sign-in is kept by a plugin of the program's own, and found by the next process", async () => {
  const { texts, plugin, factory } = homeMade();
  useIdentityPlugin(plugin);
  const authenticationRecord = await signIn({ UsernamePasswordCredential });
  expect([...texts.keys()].sort()).toEqual(["msal.cache.cae", "msal.cache.nocae"]);
  expect(factory).toHaveBeenCalledWith({ enabled: true, name: "msal.cache.cae" });
  resetSharedTokens();
  const next = new DeviceCodeCredential({ ...options(), authenticationRecord, disableAutomaticAuthentication: true });
  expect((await next.getToken(scope)).token.split(".")).toHaveLength(3);
});

it("a sign-in that the peer has kept with that plugin needs no new one", async () => {
  const { texts, plugin } = homeMade();
  peer.useIdentityPlugin(plugin);
  const authenticationRecord = await signIn(peer as unknown as Library);
  expect(texts.size).toBeGreaterThan(0);
  useIdentityPlugin(plugin);
  const ours = new DeviceCodeCredential({ ...options(), authenticationRecord, disableAutomaticAuthentication: true });
  expect((await ours.getToken(scope)).token.split(".")).toHaveLength(3);
  const theirs = new peer.DeviceCodeCredential({
    ...options(),
    authenticationRecord,
    disableAutomaticAuthentication: true,
  } as object);
  expect((await theirs.getToken(scope)).token.split(".")).toHaveLength(3);
});

it("a token of an application is kept too, and needs no request in the next process", async () => {
  const { plugin } = homeMade();
  useIdentityPlugin(plugin);
  const { tenantId, application } = emulator();
  const { clientId, clientSecret } = application;
  const token = () => new ClientSecretCredential(tenantId, clientId, clientSecret, options()).getToken(scope);
  const first = await token();
  resetSharedTokens();
  expect((await token()).token).toBe(first.token);
  expect(tokenRequests(emulator())).toBe(1);
});
