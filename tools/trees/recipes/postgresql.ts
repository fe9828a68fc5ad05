/** docs/recipes/postgresql.md, against PostgreSQL. */
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PoolRecipe, testPool } from "./pool-suite.ts";
import { type PostgresqlServer, startPostgresql } from "./postgresql-server.ts";
import type { World } from "./world.ts";

const role = "orders";
const audience = "https://ossrdbms-aad.database.windows.net";
const hourMs = 3_600_000;

export function testPostgresql(world: () => World): void {
  let server: PostgresqlServer;
  let recipe: PoolRecipe;
  const at = () => ({ host: "localhost", port: server.port, database: "postgres" });

  beforeAll(async () => {
    const { emulator, verify, load } = world();
    const accepts = (token: string) => verify(token, audience) === emulator.application.clientId;
    server = await startPostgresql(role, emulator.serverCertificate, accepts);
    const { createPool, scope } = await load("postgresql");
    recipe = {
      scope,
      codeWithoutToken: "invalid-client-secret",
      createPool: async (identity, user = role) => poolOf(createPool(identity, user, { ...at(), max: 20 })),
    };
  }, 60_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  testPool(world, () => recipe);

  it("a connection that the server has ended is opened again with a new token, when its first has expired", async () => {
    await using identity = world().createIdentity();
    const { createPool } = await world().load("postgresql");
    const pool = createPool(identity, role, at());
    pool.on("error", () => undefined); // the end of an idle connection
    try {
      const pid = async () => (await pool.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
      const first = await pid();
      world().advance(2 * hourMs);
      expect(await pid()).toBe(first);
      const ended = new Promise((resolve) => pool.once("remove", resolve));
      await pool.query("SELECT pg_terminate_backend($1)", [first]).catch(() => undefined);
      await ended;
      expect(await pid()).not.toBe(first);
    } finally {
      await pool.end();
    }
  });

  it("the server refuses a token that has expired", async () => {
    await using identity = world().createIdentity();
    const { token } = await identity.getToken(recipe.scope);
    world().advance(2 * hourMs);
    const old = { provider: () => () => Promise.resolve(token), peek: () => undefined };
    const pool = await recipe.createPool(old as unknown as Identity);
    try {
      await expect(pool.openAtOnce(1)).rejects.toMatchObject({ code: "28000" });
    } finally {
      await pool.end();
    }
  });

  it.each([
    ["createDrizzle", "postgresql-pools", (db) => db.execute("SELECT current_user"), (db) => db.$client.end()],
    ["createKnex", "postgresql-knex", (db) => db.raw("SELECT current_user"), (db) => db.destroy()],
    ["createDataSource", "postgresql-typeorm", queryWithTypeOrm, (db) => db.destroy()],
    ["createPrismaAdapter", "postgresql-pools", queryWithPrisma, () => undefined],
    // biome-ignore lint/suspicious/noExplicitAny: each is a client of its own; the test `the recipes compile` checks the types
  ] as [string, string, (db: any) => Promise<unknown>, (db: any) => unknown][])(
    "%s signs in as the principal",
    async (create, module, query, end) => {
      await using identity = world().createIdentity();
      const db = (await world().load(module))[create](identity, role, at());
      try {
        expect(JSON.stringify(await query(db))).toContain(role);
      } finally {
        await end(db);
      }
    },
  );
}

interface Client {
  query(sql: string): Promise<unknown>;
  release(destroy: boolean): void;
}

function poolOf(pool: { connect(): Promise<Client>; end(): Promise<void> }) {
  return {
    async openAtOnce(count: number) {
      const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
      await Promise.all(clients.map((client) => client.query("SELECT 1")));
      for (const client of clients) client.release(true);
    },
    end: () => pool.end(),
  };
}

async function queryWithTypeOrm(source: { initialize(): Promise<unknown>; query(sql: string): Promise<unknown> }) {
  await source.initialize();
  return source.query("SELECT current_user");
}

interface PrismaConnection {
  queryRaw(query: unknown): Promise<unknown>;
  dispose(): Promise<void>;
}

async function queryWithPrisma(adapter: { connect(): Promise<PrismaConnection> }) {
  const connection = await adapter.connect();
  try {
    return await connection.queryRaw({ sql: "SELECT current_user::text", args: [], argTypes: [] });
  } finally {
    await connection.dispose();
  }
}
