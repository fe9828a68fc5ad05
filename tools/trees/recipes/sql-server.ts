/** docs/recipes/sql-server.md, against the server's side of TDS with FEDAUTH. */
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTdsServer, type TdsServer } from "../drop-in/tds-server.ts";
import {
  type Client,
  type ClientRecipe,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
import type { World } from "./world.ts";

const audience = "https://database.windows.net";
const host = "127.0.0.1";

export function testSqlServer(world: () => World): void {
  let server: TdsServer;
  /** The principal that the server knows; the login of TDS names none. */
  let known: string;
  const options = () => ({ port: server.port, encrypt: false });

  beforeAll(async () => {
    server = await startTdsServer((token) => world().verify(token, audience) === known);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const recipes: readonly (Omit<ClientRecipe, "createClient"> & {
    readonly name: string;
    create(identity: Identity): Promise<Client>;
    connect(identity: Identity, port: number, limitMs?: number): Promise<{ close(): unknown }>;
  })[] = [
    {
      name: "tedious",
      codeWithoutToken: "EFEDAUTH",
      async create(identity) {
        const { connect, scope } = await world().load("sql-server");
        const { namePrincipal, refused } = await world().load("name-principal");
        const open = () => connect(identity, host, options()).catch(namePrincipal(identity, scope, refused.tedious));
        return {
          async openAtOnce(count) {
            for (const connection of await Promise.all(Array.from({ length: count }, open))) connection.close();
          },
          end: async () => undefined,
        };
      },
      async connect(identity, port, connectTimeout) {
        return (await world().load("sql-server")).connect(identity, host, { port, encrypt: false, connectTimeout });
      },
    },
    {
      name: "mssql",
      codeWithoutToken: "invalid-client-secret",
      async create(identity) {
        const { connectPool } = await world().load("mssql");
        const { namePrincipal, refused } = await world().load("name-principal");
        const settings = { server: host, options: options(), pool: { max: 20 } };
        const name = namePrincipal(identity, `${audience}/.default`, refused.mssql);
        const pool = await connectPool(identity, settings).catch(name);
        return {
          async openAtOnce(count) {
            await Promise.all(Array.from({ length: count }, () => pool.query("SELECT 1")));
            for (const { resource } of pool.pool.free) resource.close(); // the pool opens others in their place
          },
          end: () => pool.close(),
        };
      },
      async connect(identity, port, connectionTimeout) {
        const settings = { server: host, connectionTimeout, options: { port, encrypt: false } };
        return (await world().load("mssql")).connectPool(identity, settings);
      },
    },
  ];

  describe.each(recipes)("$name", ({ codeWithoutToken, create, connect }) => {
    const recipe: ClientRecipe = {
      codeWithoutToken,
      createClient(identity, user = world().emulator.application.clientId) {
        known = user;
        return create(identity);
      },
    };
    testConnections(world, () => recipe);
    testOutage(world, () => recipe);
    testRefusal(world, () => recipe);
    testSilence(
      world,
      (_, accepts) => startTdsServer(accepts),
      async (identity, port, limitMs) => (await connect(identity, port, limitMs)).close(),
    );
  });

  it("the error of a query names the principal, when the server refuses the token of a connection that it needs", async () => {
    const { application } = world().emulator;
    known = application.clientId;
    await using identity = world().createIdentity();
    const { connectPool } = await world().load("mssql");
    const { namePrincipal, refused } = await world().load("name-principal");
    const pool = await connectPool(identity, { server: host, options: options() });
    try {
      known = "another";
      const query = pool.query("SELECT 1").catch(namePrincipal(identity, `${audience}/.default`, refused.mssql));
      await expect(query).rejects.toThrow(`The token is of the application ${application.clientId}`);
    } finally {
      await pool.close();
    }
  });

  it("a server that says it has no encryption gets no token", async () => {
    await using identity = world().createIdentity();
    const { connect } = await world().load("sql-server");
    const { connectPool } = await world().load("mssql");
    const before = server.tokens.length;
    await expect(connect(identity, host, { port: server.port })).rejects.toMatchObject({ code: "EENCRYPT" });
    const pool = connectPool(identity, { server: host, port: server.port });
    await expect(pool).rejects.toMatchObject({ code: "EENCRYPT" });
    expect(server.tokens).toHaveLength(before);
  });
}
