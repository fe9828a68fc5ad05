/** docs/recipes/mongodb.md, against a server that checks each token. */
import { once } from "node:events";
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ClientRecipe,
  type Start,
  testCertificate,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
import { type MongodbServer, startMongodb } from "./mongodb-server.ts";
import type { World } from "./world.ts";

const audience = "https://ossrdbms-aad.database.windows.net";
const hosts = ["localhost"];

const loadBson = ({ folder }: World) => import(`${folder}/node_modules/bson/lib/bson.mjs`);

export function testMongodb(world: () => World): void {
  let server: MongodbServer;
  /** The principal that the server knows; MONGODB-OIDC names none. */
  let known: string;
  beforeAll(async () => {
    const { emulator, verify } = world();
    known = emulator.application.clientId;
    const bson = await loadBson(world());
    server = await startMongodb(bson, emulator.serverCertificate, (token) => verify(token, audience) === known);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const createClient = async (identity: Identity, allowed = hosts) =>
    (await world().load("mongodb")).createClient(identity, `mongodb://localhost:${server.port}/`, allowed);

  const recipe: ClientRecipe = {
    codeWithoutToken: "invalid-client-secret",
    async createClient(identity, user = world().emulator.application.clientId) {
      known = user;
      return {
        async openAtOnce(count) {
          const { namePrincipal, refused } = await world().load("name-principal");
          const client = await createClient(identity);
          try {
            await client.connect().catch(namePrincipal(identity, `${audience}/.default`, refused.mongodb));
            await Promise.all(Array.from({ length: count }, () => client.db().command({ ping: 1 })));
          } finally {
            await client.close();
          }
        },
        async end() {
          known = world().emulator.application.clientId;
        },
      };
    },
  };
  testConnections(world, () => recipe);
  testOutage(world, () => recipe);
  testRefusal(world, () => recipe);
  const start: Start = async (certificate, accepts) => startMongodb(await loadBson(world()), certificate, accepts);
  testSilence(world, start, async (identity, port, limitMs) => {
    const { createClient: create } = await world().load("mongodb");
    const settings = { serverSelectionTimeoutMS: limitMs, connectTimeoutMS: limitMs, waitQueueTimeoutMS: limitMs };
    const client = create(identity, `mongodb://localhost:${port}/`, hosts, settings);
    await client.connect().finally(() => client.close());
  });

  it("the recipe limits how long a command waits for a connection, which is not limited by default", async () => {
    await using identity = world().createIdentity();
    const { waitQueueTimeoutMS } = (await createClient(identity)).options;
    expect(waitQueueTimeoutMS).toBe(30_000);
  });

  testCertificate(world, start, async (identity, port) => {
    const { createClient: create } = await world().load("mongodb");
    const client = create(identity, `mongodb://localhost:${port}/`, hosts);
    const failed = once(client, "serverHeartbeatFailed"); // the driver goes on for half a minute
    const connected = client.connect().catch(() => undefined);
    const [{ failure }] = await failed;
    await client.close();
    await connected;
    throw failure;
  });

  it("a server that asks for a new token gets it on the connection that is open", async () => {
    await using identity = world().createIdentity();
    const client = await createClient(identity);
    try {
      await client.db().command({ ping: 1 });
      world().advance(7_200_000);
      server.demandToken();
      await client.db().command({ ping: 1 });
      const [first, second] = server.signIns.slice(-2);
      expect(second?.connection).toBe(first?.connection);
      expect(second?.token).not.toBe(first?.token);
    } finally {
      await client.close();
    }
  });

  it("the callback ends with the time limit of the driver", async () => {
    await using identity = world().createIdentity();
    const { createOidcCallback } = await world().load("mongodb");
    const timeoutContext = AbortSignal.abort();
    await expect(createOidcCallback(identity)({ timeoutContext, version: 1 })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("a server that is not among the hosts gets no connection", async () => {
    await using identity = world().createIdentity();
    const client = await createClient(identity, ["*.mongocluster.cosmos.azure.com"]);
    try {
      await expect(client.connect()).rejects.toThrow("ALLOWED_HOSTS");
    } finally {
      await client.close();
    }
  });
}
