/** docs/recipes/postgresql.md, against PostgreSQL. */
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ClientRecipe,
  type Connect,
  type Start,
  testCertificate,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
import { type PostgresqlServer, startPostgresql } from "./postgresql-server.ts";
import type { World } from "./world.ts";

const role = "orders";
const audience = "https://ossrdbms-aad.database.windows.net";
/** What the recipe sets. */
const defaultLimitMs = 15_000;
const hourMs = 3_600_000;

interface Usage {
  readonly module: string;
  readonly create: string;
  /** Settings besides the address; those of pools use a connection once, and name the principal. */
  settings(world: World, identity: Identity): Promise<object>;
  /** The test of `name-principal.ts` for errors that do not name the principal by the settings. */
  readonly refused?: "pg" | "sequelize";
  // biome-ignore-start lint/suspicious/noExplicitAny: each is a client of its own; the test `the recipes compile` checks the types
  /** Makes it ready for queries. */
  start?(client: any): Promise<unknown>;
  /** @param create Makes another client */
  query(client: any, create: () => any): Promise<unknown>;
  end(client: any): Promise<unknown>;
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
}

const sql = "SELECT current_user::text";
const pool = async (world: World, identity: Identity) => {
  const { clientOf } = await world.load("postgresql-client");
  return { max: 20, maxUses: 1, Client: clientOf(identity) };
};
const usages: Readonly<Record<string, Usage>> = {
  pg: {
    module: "postgresql",
    create: "createPool",
    settings: pool,
    query: (pool) => pool.query(sql),
    end: (pool) => pool.end(),
  },
  Drizzle: {
    module: "postgresql-pools",
    create: "createDrizzle",
    settings: pool,
    query: (db) => db.execute(sql),
    end: (db) => db.$client.end(),
  },
  Knex: {
    module: "postgresql-pools",
    create: "createKnex",
    settings: pool,
    query: (db) => db.raw(sql),
    end: (db) => db.client.config.connectionPool.end(),
  },
  Prisma: {
    module: "postgresql-pools",
    create: "createPrismaAdapter",
    settings: pool,
    async start(adapter) {
      adapter.connected = await adapter.connect();
    },
    query: ({ connected }) => connected.queryRaw({ sql, args: [], argTypes: [] }),
    end: ({ connected }) => connected.dispose(),
  },
  TypeORM: {
    module: "postgresql-typeorm",
    create: "createDataSource",
    settings: async (world, identity) => ({ extra: await pool(world, identity) }),
    start: (source) => source.initialize(),
    query: (source) => source.query(sql),
    end: (source) => source.destroy(),
  },
  Sequelize: {
    module: "postgresql-sequelize",
    create: "createSequelize",
    settings: async () => ({ logging: false }),
    refused: "sequelize",
    async query(_, create) {
      const own = create(); // its pool opens connections ahead, which are no longer those of the test's time
      return own.query(sql).finally(() => own.close());
    },
    end: (sequelize) => sequelize.close(),
  },
  "postgres.js": {
    module: "postgresql-postgres-js",
    create: "createSql",
    settings: async () => ({ max: 1 }),
    refused: "pg",
    async query(_, create) {
      const own = create();
      return own.unsafe(sql).finally(() => own.end());
    },
    end: (client) => client.end(),
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

  describe.each(Object.entries(usages))("%s", (_, { module, create, settings, refused, start, query, end }) => {
    const recipe: ClientRecipe = {
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity, user = role) {
        const { [create]: createClient } = await world().load(module);
        const all = { ...at(), ...(await settings(world(), identity)) };
        const open = () => createClient(identity, user, all);
        const client = open();
        await start?.(client);
        const { namePrincipal, refused: isRefused } = await world().load("name-principal");
        const name = refused && namePrincipal(identity, `${audience}/.default`, isRefused[refused]);
        return {
          async openAtOnce(count) {
            const queries = Array.from({ length: count }, () => query(client, open).catch(name));
            for (const answer of await Promise.all(queries)) expect(JSON.stringify(answer)).toContain(role);
          },
          end: () => end(client),
        };
      },
    };
    testConnections(world, () => recipe);
    testOutage(world, () => recipe);
    testRefusal(world, () => recipe);
  });

  const start: Start = (certificate, accepts) => startPostgresql(role, certificate, accepts);
  const connects: Readonly<Record<string, Connect>> = {
    async pg(identity, port, connectionTimeoutMillis = defaultLimitMs) {
      const { createPool } = await world().load("postgresql");
      const pool = createPool(identity, role, { ...at(), port, connectionTimeoutMillis });
      await pool.query(sql).finally(() => pool.end());
    },
    async TypeORM(identity, port, connectTimeoutMS = defaultLimitMs) {
      const { createDataSource } = await world().load("postgresql-typeorm");
      const source = createDataSource(identity, role, { ...at(), port, connectTimeoutMS });
      await source.initialize();
      await source.destroy();
    },
    async Sequelize(identity, port, connectionTimeoutMillis = defaultLimitMs) {
      const { createSequelize } = await world().load("postgresql-sequelize");
      const settings = { ...at(), port, dialectOptions: { connectionTimeoutMillis } };
      const sequelize = createSequelize(identity, role, settings);
      await sequelize.query(sql).finally(() => sequelize.close());
    },
    async "postgres.js"(identity, port, limitMs = defaultLimitMs) {
      const { createSql } = await world().load("postgresql-postgres-js");
      const client = createSql(identity, role, { ...at(), port, connect_timeout: limitMs / 1_000 });
      await client.unsafe(sql).finally(() => client.end({ timeout: 0 }));
    },
  };
  describe.each(Object.entries(connects))("%s and its server", (_, connect) => {
    testCertificate(world, start, connect);
    testSilence(world, start, connect);
  });

  it("clients give up a server that does not answer after 15 seconds", async () => {
    await using identity = world().createIdentity();
    const { createPool } = await world().load("postgresql");
    const { createDataSource } = await world().load("postgresql-typeorm");
    const { createSequelize } = await world().load("postgresql-sequelize");
    const { createSql } = await world().load("postgresql-postgres-js");
    expect(createPool(identity, role).options.connectionTimeoutMillis).toBe(defaultLimitMs);
    expect(createDataSource(identity, role, {}).options.connectTimeoutMS).toBe(defaultLimitMs);
    expect(createSequelize(identity, role, {}).options.dialectOptions.connectionTimeoutMillis).toBe(defaultLimitMs);
    expect(createSql(identity, role, {}).options.connect_timeout).toBe(defaultLimitMs / 1_000);
  });

  it("clients of postgres.js that got no token connect when there is one", async () => {
    await using identity = world().createIdentity();
    const { createSql } = await world().load("postgresql-postgres-js");
    const { faults } = world().emulator;
    const client = createSql(identity, role, { ...at(), max: 2 });
    faults.add({ path: "token", error: 700016, times: 1 });
    try {
      const failed = await Promise.allSettled([client.unsafe(sql), client.unsafe(sql)]);
      expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
      expect(await client.unsafe(sql)).toMatchObject([{ current_user: role }]);
    } finally {
      faults.clear();
      await client.end();
    }
  });

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
