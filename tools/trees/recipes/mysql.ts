/** docs/recipes/mysql.md, against MariaDB, which asks for the token in clear text over TLS. */
import { connect } from "node:net";
import { startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClientRecipe, testConnections, testOutage, testRefusal, testSilence } from "./client-suite.ts";
import { type MariadbServer, startMariadb } from "./mariadb-server.ts";
import type { World } from "./world.ts";

const audience = "https://ossrdbms-aad.database.windows.net";

export function testMysql(world: () => World): void {
  let server: MariadbServer;
  let recipe: ClientRecipe;
  const seen: string[] = [];

  beforeAll(async () => {
    const { emulator, verify, load } = world();
    server = await startMariadb(["orders", "another"], emulator.serverCertificate, (user, token) => {
      seen.push(token);
      return user === "orders" && verify(token, audience) === emulator.application.clientId;
    });
    const { createPool } = await load("mysql");
    const { nameRefused } = await load("mysql-named");
    const at = { host: "localhost", port: server.port, connectionLimit: 20 };
    recipe = {
      codeWithoutToken: "AUTH_SWITCH_PLUGIN_ERROR",
      createClient: async (identity, user = "orders") =>
        poolOf(nameRefused(identity, createPool(identity, user, at)).promise()),
    };
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  testConnections(world, () => recipe);
  testOutage(world, () => recipe);
  testSilence(
    world,
    (certificate, accepts) => startMariadb(["orders"], certificate, (_, token) => accepts(token)),
    async (identity, port, connectTimeout) => {
      const { createPool } = await world().load("mysql");
      const pool = createPool(identity, "orders", { host: "localhost", port, connectTimeout }).promise();
      await pool.query("DO 1").finally(() => pool.end());
    },
  );
  testRefusal(world, () => recipe);

  it("callers that wait for one connection get errors that name the principal once", async () => {
    await using identity = world().createIdentity();
    const { createPool } = await world().load("mysql");
    const { nameRefused } = await world().load("mysql-named");
    const at = { host: "localhost", port: server.port, connectionLimit: 1 };
    const pool = nameRefused(identity, createPool(identity, "another", at)).promise();
    try {
      const queries = await Promise.allSettled(Array.from({ length: 3 }, () => pool.query("DO 1")));
      for (const query of queries) {
        const { message } = (query as PromiseRejectedResult).reason;
        expect(message.match(/The token is of/g)).toHaveLength(1);
      }
    } finally {
      await pool.end();
    }
  });

  it("a server whose authority is not the one of the settings gets no token", async () => {
    await using identity = world().createIdentity();
    await using another = await startEmulator();
    const { createPool } = await world().load("mysql");
    const at = { host: "localhost", port: server.port, ssl: { ca: another.caCertificate } };
    const pool = poolOf(createPool(identity, "orders", at).promise());
    seen.length = 0;
    try {
      await expect(pool.openAtOnce(1)).rejects.toMatchObject({ code: "HANDSHAKE_SSL_ERROR" });
      expect(seen).toEqual([]);
    } finally {
      await pool.end();
    }
  });

  it("a server whose certificate is for another name gets no token", async () => {
    await using identity = world().createIdentity();
    const { createPool } = await world().load("mysql");
    const pool = poolOf(
      createPool(identity, "orders", { host: "contoso.example", stream: () => connect(server.port) }).promise(),
    );
    seen.length = 0;
    try {
      await expect(pool.openAtOnce(1)).rejects.toThrow();
      expect(seen).toEqual([]);
    } finally {
      await pool.end();
    }
  });
}

interface Connection {
  query(sql: string): Promise<unknown>;
  destroy(): void;
}

function poolOf(pool: { getConnection(): Promise<Connection>; end(): Promise<void> }) {
  return {
    async openAtOnce(count: number) {
      const connections = await Promise.all(Array.from({ length: count }, () => pool.getConnection()));
      await Promise.all(connections.map((connection) => connection.query("DO 1")));
      for (const connection of connections) connection.destroy();
    },
    end: () => pool.end(),
  };
}
