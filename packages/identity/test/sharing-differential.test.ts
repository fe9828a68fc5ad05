/**
 * Random credentials, calls, changes of variables and closes against a token service whose tokens
 * hold the request that they answer: each token has to be the answer to its own credential.
 */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  type AccessToken,
  ClientAssertionCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  EnvironmentCredential,
  type GetTokenOptions,
  OnBehalfOfCredential,
} from "../src/index.ts";
import { withEmulator } from "./emulator.ts";

const emulator = withEmulator();
const tenants = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"] as const;
const clients = ["33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"] as const;
const secrets = ["s1", "s2", "refused"] as const;
const scopes = ["https://vault.azure.net/.default", "https://storage.azure.com/.default"] as const;
const assertions = { fn1: async () => "fn1", fn2: async () => "fn2" };

type Fields = Readonly<Record<string, string | undefined>>;
const saidBy = ({ token }: AccessToken): Fields =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

async function startService(host: string) {
  const { certificate, key } = emulator().serverCertificate;
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams((await request.toArray()).join("")));
    const said = { ...fields, host, tenant: request.url?.split("/")[1] };
    response.setHeader("Content-Type", "application/json");
    if (fields.client_secret === "refused") {
      response.statusCode = 401;
      return response.end(JSON.stringify({ error: "invalid_client", error_description: "AADSTS7000215: no" }));
    }
    const token = `e30.${Buffer.from(JSON.stringify(said)).toString("base64url")}.x`;
    return response.end(JSON.stringify({ token_type: "Bearer", access_token: token, expires_in: 3600 }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, host, url: `https://localhost:${(server.address() as AddressInfo).port}` };
}

let services: Awaited<ReturnType<typeof startService>>[] = [];
beforeAll(async () => {
  services = await Promise.all(["A", "B"].map(startService));
});
afterAll(async () => {
  for (const { server } of services) {
    server.closeAllConnections();
    await once(server.close(), "close");
  }
});

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Made {
  readonly credential: ClientSecretCredential | DefaultAzureCredential | EnvironmentCredential;
  readonly expected: Fields;
}

/** Makes a credential of a random class, with what its tokens have to say. */
function make(random: () => number): Made {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const [tenant, client_id, client_secret, service] = [pick(tenants), pick(clients), pick(secrets), pick(services)];
  const options = {
    authorityHost: service.url,
    disableInstanceDiscovery: true,
    additionallyAllowedTenants: ["*"],
    shareTokens: random() > 0.1,
  };
  const expected = { host: service.host, tenant, client_id };
  const makers: readonly (() => Made)[] = [
    () => ({
      credential: new ClientSecretCredential(tenant, client_id, client_secret, options),
      expected: { ...expected, client_secret },
    }),
    () => {
      const client_assertion = pick(["fn1", "fn2"] as const);
      const getAssertion = assertions[client_assertion];
      const credential = new ClientAssertionCredential(tenant, client_id, getAssertion, options);
      return { credential, expected: { ...expected, client_assertion } };
    },
    () => {
      const assertion = pick(["user1", "user2"]);
      const user = {
        tenantId: tenant,
        clientId: client_id,
        clientSecret: client_secret,
        userAssertionToken: assertion,
      };
      const credential = new OnBehalfOfCredential({ ...user, ...options });
      return { credential, expected: { ...expected, client_secret, assertion } };
    },
    () => {
      vi.stubEnv("AZURE_TENANT_ID", tenant);
      vi.stubEnv("AZURE_CLIENT_ID", client_id);
      vi.stubEnv("AZURE_CLIENT_SECRET", client_secret);
      const credential = new (pick([EnvironmentCredential, DefaultAzureCredential]))(options);
      return { credential, expected: { ...expected, client_secret } };
    },
  ];
  const made = pick(makers)();
  if (random() < 0.3) Object.assign(options, { authorityHost: pick(services).url, shareTokens: true });
  return made;
}

async function check({ credential, expected }: Made, scope: string, options: GetTokenOptions): Promise<boolean> {
  const token = await credential.getToken(scope, options).catch(({ code }: { code?: string }) => code);
  if (token === "closed") return false;
  if (expected.client_secret === "refused") expect(token).toBe("invalid-client-secret");
  else {
    const said = saidBy(token as AccessToken);
    expect(said).toMatchObject({ ...expected, tenant: options.tenantId ?? expected.tenant });
    expect(said.scope?.split(" ")).toContain(scope);
    expect(said.claims?.includes("cp1") ?? false).toBe(options.enableCae === true);
    Object.assign(token as AccessToken, { token: "changed" });
  }
  return true;
}

it.each([1, 2, 3, 4])("each token answers the request of its own credential (seed %i)", async (seed) => {
  const random = randomOf(seed);
  const made = Array.from({ length: 25 }, () => make(random));
  const calls: Promise<boolean>[] = [];
  for (let step = 0; step < 300; step += 1) {
    const choice = random();
    const one = made[Math.floor(random() * made.length)] as Made;
    const scope = scopes[random() < 0.5 ? 0 : 1];
    const tenantId = random() < 0.3 ? tenants[random() < 0.5 ? 0 : 1] : undefined;
    if (choice < 0.15) made.push(make(random));
    else if (choice < 0.2) void one.credential.close();
    else calls.push(check(one, scope, { tenantId, enableCae: random() < 0.2 }));
    if (choice > 0.6) await calls.at(-1);
  }
  const checked = (await Promise.all(calls)).filter(Boolean).length;
  expect(checked).toBeGreaterThan(100);
});
