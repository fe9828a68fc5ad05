/** docs/recipes/sql-server.md, against the server's side of TDS with FEDAUTH. */
import { afterAll, beforeAll } from "vitest";
import { startTdsServer, type TdsServer } from "../drop-in/tds-server.ts";
import { type PoolRecipe, testPool } from "./pool-suite.ts";
import type { World } from "./world.ts";

const audience = "https://database.windows.net";

export function testSqlServer(world: () => World): void {
  let server: TdsServer;
  let recipe: PoolRecipe;
  /** The principal that the server knows; the login of TDS names none. */
  let known: string;

  beforeAll(async () => {
    const { emulator, verify, load } = world();
    server = await startTdsServer((token) => verify(token, audience) === known);
    const { connect, scope } = await load("sql-server");
    recipe = {
      scope,
      codeWithoutToken: "EFEDAUTH",
      async createPool(identity, user = emulator.application.clientId) {
        known = user;
        const options = { port: server.port, encrypt: false };
        return {
          async openAtOnce(count) {
            const opened = Array.from({ length: count }, () => connect(identity, "127.0.0.1", options));
            for (const connection of await Promise.all(opened)) connection.close();
          },
          end: async () => undefined,
        };
      },
    };
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  testPool(world, () => recipe);
}
