/** docs/recipes/postgresql.md, against PostgreSQL. */
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientRecipe, testCertificate, testConnections, testRefusal } from "./client-suite.ts";
import { type PostgresqlServer, startPostgresql } from "./postgresql-server.ts";
import type { World } from "./world.ts";

const role = "orders";
const audience = "https://ossrdbms-aad.database.windows.net";
const hourMs = 3_600_000;

interface Usage {
  readonly module: string;
  readonly create: string;
  /** Where a client of its own is given to the pool. Default: with the settings */
  readonly clientIn?: "extra";
  // biome-ignore-start lint/suspicious/noExplicitAny: each is a client of its own; the test `the recipes compile` checks the types
  /** Makes it ready for queries. */
  start?(client: any): Promise<unknown>;
  query(client: any): Promise<unknown>;
  end(client: any): Promise<unknown>;
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
}

const sql = "SELECT current_user::text";
const usages: Readonly<Record<string, Usage>> = {
  pg: {
    module: "postgresql",
    create: "createPool",
    query: (pool) => pool.query(sql),
    end: (pool) => pool.end(),
  },
  Drizzle: {
    module: "postgresql-pools",
    create: "createDrizzle",
    query: (db) => db.execute(sql),
    end: (db) => db.$client.end(),
  },
  Knex: {
    module: "postgresql-pools",
    create: "createKnex",
    query: (db) => db.raw(sql),
    end: (db) => db.client.config.connectionPool.end(),
  },
  Prisma: {
    module: "postgresql-pools",
    create: "createPrismaAdapter",
    async start(adapter) {
      adapter.connected = await adapter.connect();
    },
    query: ({ connected }) => connected.queryRaw({ sql, args: [], argTypes: [] }),
    end: ({ connected }) => connected.dispose(),
  },
  TypeORM: {
    module: "postgresql-typeorm",
    create: "createDataSource",
    clientIn: "extra",
    start: (source) => source.initialize(),
    query: (source) => source.query(sql),
    end: (source) => source.destroy(),
  },
};

export function testPostgresql(world: () => World): void {
  let server: PostgresqlServer;
  const at = () => ({ host: "localhost", port: server.port, database: "postgres" });

  beforeAll(async () => {
    const { emulator, verify } = world();
    const accepts = (token: string) => verify(token, audience) === emulator.application.clientId;
    server = await startPostgresql(role, emulator.serverCertificate, accepts);
  }, 60_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  describe.each(Object.entries(usages))("%s", (_, { module, create, clientIn, start, query, end }) => {
    const recipe: ClientRecipe = {
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity, user = role) {
        const { clientOf } = await world().load("postgresql-client");
        const pool = { max: 20, maxUses: 1, Client: clientOf(identity) }; // a connection a query
        const settings = { ...at(), ...(clientIn === undefined ? pool : { [clientIn]: pool }) };
        const client = (await world().load(module))[create](identity, user, settings);
        await start?.(client);
        return {
          async openAtOnce(count) {
            const answers = await Promise.all(Array.from({ length: count }, () => query(client)));
            for (const answer of answers) expect(JSON.stringify(answer)).toContain(role);
          },
          end: () => end(client),
        };
      },
    };
    testConnections(world, () => recipe);
    testRefusal(world, () => recipe);
  });

  testCertificate(
    world,
    (certificate, accepts) => startPostgresql(role, certificate, accepts),
    async (identity, port) => {
      const { createPool } = await world().load("postgresql");
      const pool = createPool(identity, role, { ...at(), port });
      await pool.query(sql).finally(() => pool.end());
    },
  );

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
    const { createPool, scope } = await world().load("postgresql");
    const { token } = await identity.getToken(scope);
    world().advance(2 * hourMs);
    const old = { provider: () => () => Promise.resolve(token), peek: () => undefined };
    const pool = createPool(old as unknown as Identity, role, at());
    try {
      await expect(pool.query(sql)).rejects.toMatchObject({ code: "28000" });
    } finally {
      await pool.end();
    }
  });
}
