/**
 * What holds for every client: how often a token is requested, which tokens its server sees, and
 * what its errors say.
 */
import { inspect } from "node:util";
import type { Identity } from "@azidentity/core";
import { type ServerCertificate, startEmulator } from "@azidentity/emulator";
import { expect, it, vi } from "vitest";
import { type Gate, startGate } from "./gate.ts";
import type { World } from "./world.ts";

export interface Client {
  /** Opens as many connections at once, uses each, and closes them. */
  openAtOnce(count: number): Promise<void>;
  end(): Promise<unknown>;
}

export interface ClientRecipe {
  /** The code of the error, of one in its `errors`, or of a cause, when no token can be had. */
  readonly codeWithoutToken: string;
  /** @param user Default: the one of the principal */
  createClient(identity: Identity, user?: string): Promise<Client>;
}

const minuteMs = 60_000;

/** Opens connections with a client of a new identity, which both end. */
async function openWith(
  world: World,
  recipe: ClientRecipe,
  skewMs: number,
  use: (client: Client) => Promise<void>,
): Promise<void> {
  await using identity = world.createIdentity(skewMs);
  world.tokenRequests();
  const client = await recipe.createClient(identity);
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

/** The error that a connection of the recipe rejects with. */
async function errorOf(recipe: ClientRecipe, identity: Identity, user?: string): Promise<Error> {
  let client: Client | undefined;
  try {
    client = await recipe.createClient(identity, user);
    await client.openAtOnce(1);
  } catch (error) {
    return error as Error;
  } finally {
    await client?.end();
  }
  return expect.unreachable();
}

/** An error, those in its `errors`, and their causes. */
function causesOf(error: unknown): object[] {
  if (!(error instanceof Error)) return [];
  const { errors = [] } = error as AggregateError;
  return [error, ...[error.cause, ...errors].flatMap(causesOf)];
}

export function testConnections(world: () => World, recipe: () => ClientRecipe): void {
  const open = (skewMs: number, use: (client: Client) => Promise<void>) => openWith(world(), recipe(), skewMs, use);

  it("twenty connections at once cost one token request, and none when they are opened again after 50 minutes", () =>
    open(0, async (client) => {
      await client.openAtOnce(20);
      expect(world().tokenRequests()).toBe(1);
      world().advance(50 * minuteMs);
      await client.openAtOnce(20);
      expect(world().tokenRequests()).toBe(0);
    }));

  it("the server sees no token that expires within a minute, whenever a connection is opened", () =>
    open(0, async (client) => {
      for (const minutes of [0, 54, 3, 1.5, 0.6, 0.6, 0.6, 120]) {
        world().advance(minutes * minuteMs);
        await client.openAtOnce(1);
      }
      expect(world().tokenRequests()).toBe(3);
    }));

  it.each([10, -10])("connections are opened for two hours while the clock is %d minutes ahead of Entra's", (minutes) =>
    open(minutes * minuteMs, async (client) => {
      for (let passed = 0; passed <= 128; passed += 16) {
        await client.openAtOnce(2);
        world().advance(16 * minuteMs);
      }
      expect(world().tokenRequests()).toBe(3);
    }),
  );

  it("where no token can be had, the error of a connection has the reason, and not the secret", async () => {
    await using identity = world().createIdentity(0, { AZURE_CLIENT_SECRET: "not-the-secret" });
    const error = await errorOf(recipe(), identity);
    expect(causesOf(error)).toContainEqual(expect.objectContaining({ code: recipe().codeWithoutToken }));
    const shown = inspect(error, { depth: 10 });
    expect(shown).toContain("AADSTS7000215");
    expect(shown).not.toMatch(/eyJ|not-the-secret/);
  });
}

/** What holds for every client while Entra takes connections and does not answer. */
export function testOutage(world: () => World, recipe: () => ClientRecipe): void {
  it("connections are opened with the token in memory while Entra does not answer, and then the error says so", () =>
    openWith(world(), recipe(), 0, async (client) => {
      const { emulator, advance, advanceWaits, tokenRequests } = world();
      await client.openAtOnce(1);
      emulator.faults.add({ path: "token", connection: "hang", times: Infinity });
      try {
        for (const minutes of [40, 16]) {
          advance(minutes * minuteMs);
          await client.openAtOnce(2);
        }
        advanceWaits(5 * minuteMs);
        tokenRequests();
        const error = client.openAtOnce(1).then(
          () => expect.unreachable(),
          (failure: unknown) => failure,
        );
        await vi.waitFor(() => expect(emulator.requests.to("/oauth2/v2.0/token")).not.toEqual([]), 30_000);
        advanceWaits(minuteMs / 2);
        expect(inspect(await error, { depth: 10 })).toMatch(
          /no answer within 30 s|No token within the request's timeout/,
        );
      } finally {
        emulator.faults.clear();
      }
    }));
}

/** What holds for a client that has a place where its errors can name the principal. */
export function testRefusal(world: () => World, recipe: () => ClientRecipe): void {
  it("the error of a refused token names the principal, and shows no token", async () => {
    const { application, tenantId } = world().emulator;
    await using identity = world().createIdentity();
    const shown = inspect(await errorOf(recipe(), identity, "another"), { depth: 10 });
    expect(shown).toContain(`The token is of the application ${application.clientId}`);
    expect(shown).toContain(`(object id ${application.objectId}, tenant ${tenantId})`);
    expect(shown).not.toContain("eyJ");
  });
}

export type Start = (certificate: ServerCertificate, accepts: (token: string) => boolean) => Promise<Started>;
type Started = AsyncDisposable & { readonly port: number };
/** Signs in to a server on `localhost`; `limitMs`: what the client has for it. */
export type Connect = (identity: Identity, port: number, limitMs?: number) => Promise<unknown>;

/** What holds for a client that checks the certificate of its server. */
export function testCertificate(world: () => World, start: Start, connect: Connect): void {
  it("a server whose certificate is of an unknown authority gets no token", async () => {
    await using identity = world().createIdentity();
    await using another = await startEmulator();
    const seen: string[] = [];
    await using server = await start(another.serverCertificate, (token) => seen.push(token) > 0);
    await expect(connect(identity, server.port)).rejects.toThrow(/certificate/);
    expect(seen).toEqual([]);
  });
}

const shortMs = 200;
/** Enough for a client to send its token on a busy machine. */
const longerMs = 3_000;

/** What holds for a client of a server that does not answer, or not to the end. */
export function testSilence(world: () => World, start: Start, connect: Connect): void {
  testInterruption(world, start, connect);

  it("a server that accepts the connection and says nothing is given up", async () => {
    await using identity = world().createIdentity();
    await using gate = await startGate();
    await expect(connect(identity, gate.port, shortMs)).rejects.toThrow();
    expect(gate.connections).toBeGreaterThan(0);
  });
}

/** What holds for a client of a server that does not answer the token. */
export function testInterruption(world: () => World, start: Start, connect: Connect): void {
  it.each([
    ["says nothing more", (gate: Gate) => gate.silence()],
    ["closes the connection", (gate: Gate) => gate.close()],
  ])("a server that %s when it has the token is given up, and the error does not show the token", async (_, act) => {
    await using identity = world().createIdentity();
    const seen: string[] = [];
    const gates: Gate[] = [];
    await using server = await start(world().emulator.serverCertificate, (token) => {
      for (const gate of gates) act(gate);
      return seen.push(token) > 0;
    });
    await using gate = await startGate(server.port);
    gates.push(gate);
    const error = await connect(identity, gate.port, longerMs).then(
      () => expect.unreachable(),
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(Error);
    expect(seen).not.toEqual([]);
    expect(inspect(error, { depth: 10 })).not.toContain("eyJ");
  });
}
