/** What holds for the pool of every database: how often a token is requested, and which tokens the server sees. */
import { inspect } from "node:util";
import type { Identity } from "@azidentity/core";
import { expect, it } from "vitest";
import type { World } from "./world.ts";

export interface Pool {
  /** Opens as many connections at once, uses each, and closes them. */
  openAtOnce(count: number): Promise<void>;
  end(): Promise<unknown>;
}

export interface PoolRecipe {
  readonly scope: string;
  /** The code of the error, or of one in its `errors`, when no token can be had. */
  readonly codeWithoutToken: string;
  /** @param user Default: the one of the principal */
  createPool(identity: Identity, user?: string): Promise<Pool>;
}

const minuteMs = 60_000;

/** Opens connections with a pool of a new identity, which both end. */
async function openWith(
  world: World,
  recipe: PoolRecipe,
  skewMs: number,
  use: (pool: Pool, identity: Identity) => Promise<void>,
): Promise<void> {
  await using identity = world.createIdentity(skewMs);
  world.tokenRequests();
  const pool = await recipe.createPool(identity);
  try {
    await use(pool, identity);
  } finally {
    await pool.end();
  }
}

export function testPool(world: () => World, recipe: () => PoolRecipe): void {
  const open = (skewMs: number, use: (pool: Pool, identity: Identity) => Promise<void>) =>
    openWith(world(), recipe(), skewMs, use);

  it("twenty connections at once cost one token request, and none when they are opened again after 50 minutes", () =>
    open(0, async (pool) => {
      await pool.openAtOnce(20);
      expect(world().tokenRequests()).toBe(1);
      world().advance(50 * minuteMs);
      await pool.openAtOnce(20);
      expect(world().tokenRequests()).toBe(0);
    }));

  it("a connection that is opened in the last minute of a token, or after it, gets a new one", () =>
    open(0, async (pool, identity) => {
      await pool.openAtOnce(1);
      world().advance(59.1 * minuteMs);
      await pool.openAtOnce(1);
      expect(world().tokenRequests()).toBe(2);
      const { expiresOnTimestamp } = await identity.getToken(recipe().scope);
      expect(expiresOnTimestamp - world().emulator.clock.now()).toBeGreaterThan(minuteMs);
      world().advance(120 * minuteMs);
      await pool.openAtOnce(1);
      expect(world().tokenRequests()).toBe(1);
    }));

  it.each([10, -10])("connections are opened for two hours while the clock is %d minutes ahead of Entra's", (minutes) =>
    open(minutes * minuteMs, async (pool) => {
      for (let passed = 0; passed <= 120; passed += 15) {
        await pool.openAtOnce(2);
        world().advance(15 * minuteMs);
      }
      expect(world().tokenRequests()).toBeLessThanOrEqual(3);
    }),
  );

  it("the error of a refused token names the principal, and shows no token", async () => {
    const { application, tenantId } = world().emulator;
    await using identity = world().createIdentity();
    const pool = await recipe().createPool(identity, "another");
    try {
      const error: Error = await pool.openAtOnce(1).then(
        () => expect.unreachable(),
        (cause) => cause,
      );
      expect(error.message).toContain(`The token is of the application ${application.clientId}`);
      expect(error.message).toContain(`(object id ${application.objectId}, tenant ${tenantId})`);
      expect(`${error.stack}`).not.toContain("eyJ");
    } finally {
      await pool.end();
    }
  });

  it("where no token can be had, the error of a connection has the reason, and not the secret", async () => {
    await using identity = world().createIdentity(0, { AZURE_CLIENT_SECRET: "not-the-secret" });
    const pool = await recipe().createPool(identity);
    try {
      const error: Error & { errors?: readonly object[] } = await pool.openAtOnce(1).then(
        () => expect.unreachable(),
        (cause) => cause,
      );
      const all = error.errors ?? [error];
      expect(all).toContainEqual(expect.objectContaining({ code: recipe().codeWithoutToken }));
      expect(all).toContainEqual(expect.objectContaining({ remedy: expect.any(String) }));
      const shown = inspect(error, { depth: 10 });
      expect(shown).toContain("AADSTS7000215");
      expect(shown).not.toMatch(/eyJ|not-the-secret/);
    } finally {
      await pool.end();
    }
  });
}
