import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@azidentity/test-support";
import { Redis } from "ioredis";
import { eventually } from "./eventually.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

export interface RedisCluster extends AsyncDisposable {
  readonly urls: readonly string[];
  /** The master of the first third of the keys, which has a replica. */
  readonly first: RedisServer;
  /** Resolves when the replica of the first master has received all writes so far. */
  replicated(): Promise<void>;
}

interface Node {
  readonly server: RedisServer;
  readonly busPort: number;
  readonly admin: Redis;
}

async function startNode(folder: string): Promise<Node> {
  const busPort = await freePort();
  const config = join(folder, `nodes-${busPort}.conf`);
  const server = await startRedis(
    ...["--cluster-enabled", "yes", "--cluster-config-file", config, "--cluster-port", String(busPort)],
    ...["--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0"],
    ...["--dir", folder], // for files that a replica writes
  );
  const admin = new Redis(server.url, { retryStrategy: null });
  admin.on("error", () => undefined);
  return { server, busPort, admin };
}

const isReady = async ({ admin }: Node) => {
  const info = String(await admin.call("CLUSTER", "INFO"));
  return info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:4");
};

/**
 * Forms a cluster: the first three nodes are masters of a third of the keys each, the last one is a
 * replica of the first.
 */
async function formCluster(nodes: readonly [Node, Node, Node, Node]): Promise<void> {
  const [first, , , replica] = nodes;
  const thirds = [0, 5_461, 10_923, 16_384];
  for (const [n, { admin }] of nodes.entries()) {
    await admin.call("CLUSTER", "SET-CONFIG-EPOCH", String(n + 1));
    if (n < 3) await admin.call("CLUSTER", "ADDSLOTSRANGE", String(thirds[n]), String(Number(thirds[n + 1]) - 1));
  }
  for (const { server, busPort } of nodes.slice(1)) {
    await first.admin.call("CLUSTER", "MEET", "127.0.0.1", String(server.port), String(busPort));
  }
  await eventually(async () => (await Promise.all(nodes.map(isReady))).every(Boolean));
  await replica.admin.call("CLUSTER", "REPLICATE", String(await first.admin.call("CLUSTER", "MYID")));
  await eventually(async () => String(await replica.admin.info("replication")).includes("master_link_status:up"));
}

/** Three masters, and a replica of the first. */
export async function startCluster(): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), "redis-cluster-"));
  const nodes: Node[] = [];
  const end = async () => {
    for (const { admin } of nodes) admin.disconnect();
    await Promise.all(nodes.map(({ server }) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (let n = 0; n < 4; n++) nodes.push(await startNode(folder));
    await formCluster(nodes as [Node, Node, Node, Node]);
  } catch (error) {
    await end();
    throw error;
  }
  const [first, , , replica] = nodes as [Node, Node, Node, Node];
  const offsetOf = async ({ admin }: Node, name: string) =>
    Number(new RegExp(`^${name}:(\\d+)`, "m").exec(await admin.info("replication"))?.[1]);
  return {
    urls: nodes.slice(0, 3).map(({ server }) => server.url),
    first: first.server,
    async replicated() {
      const written = await offsetOf(first, "master_repl_offset");
      await eventually(async () => (await offsetOf(replica, "slave_repl_offset")) >= written);
    },
    [Symbol.asyncDispose]: end,
  };
}
