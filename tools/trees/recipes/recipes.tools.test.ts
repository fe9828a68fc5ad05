/**
 * The recipes of docs/recipes for clients that are no Azure SDK clients, as their pages show them.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testAi } from "./ai.ts";
import { testEventHubs } from "./event-hubs.ts";
import { testKafka } from "./kafka.ts";
import { testMail } from "./mail.ts";
import { testMcp } from "./mcp.ts";
import { testMongodb } from "./mongodb.ts";
import { testMysql } from "./mysql.ts";
import { testPostgresql } from "./postgresql.ts";
import { testRedis } from "./redis.ts";
import { testHostileRedis } from "./redis-hostile.ts";
import { testSqlServer } from "./sql-server.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 600_000);
afterAll(() => world?.[Symbol.asyncDispose]());

it("the recipes compile", async () => {
  expect(await world.compile()).toBe("");
});

it.each(["provider", "getToken"] as const)(
  "a callback with identity.%s that is called a hundred times at once costs one token request",
  async (how) => {
    await using identity = world.createIdentity();
    world.tokenRequests();
    const scope = "https://ossrdbms-aad.database.windows.net/.default";
    const provider = identity.provider(scope);
    const connection = { user: "orders", host: "localhost", options: "-c geqo=off" }; // what pg passes to it
    const ask = async () =>
      how === "provider" ? provider(connection as object) : (await identity.getToken(scope)).token;
    const texts = await Promise.all(Array.from({ length: 100 }, ask));
    expect(new Set(texts).size).toBe(1);
    expect(world.tokenRequests()).toBe(1);
  },
);

describe("PostgreSQL", () => testPostgresql(() => world));
describe("MySQL", () => testMysql(() => world));
describe("SQL Server", () => testSqlServer(() => world));
describe("Redis", () => testRedis(() => world));
describe("a server in place of Redis", () => testHostileRedis(() => world));
describe("AI clients", () => testAi(() => world));
describe("MCP", () => testMcp(() => world));
describe("Kafka", () => testKafka(() => world));
describe("Event Hubs", () => testEventHubs(() => world));
describe("MongoDB", () => testMongodb(() => world));
describe("mail", () => testMail(() => world));
