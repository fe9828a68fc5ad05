/** Tests of Workers in workerd. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { principalOf } from "@azidentity/core";
import { expect, it, vi } from "vitest";
import type { Finding } from "./matrix.ts";
import type { Project } from "./project.ts";
import { getAfterFirstLeft, startShared } from "./shared-worker.ts";
import { startWorker } from "./worker.ts";
import { startWorld } from "./world.ts";

/**
 * What of the suite a Worker can do: it has no files, programs or sockets, and no host of Azure.
 */
const casesByArea = {
  "core: cache, chain, config files, time limits": [
    "many callers, one request",
    "which source, and why",
    "text of a token (provider)",
    "an unexpected principal is refused",
    "chain of two applications",
    "events on diagnostics_channel",
    "an abort ends a call",
    "a time limit ends a call",
    "the end of an identity ends its calls",
  ],
  "plugin-entra: applications": [
    "client secret",
    "a wrong secret is named",
    "certificate, text",
    "assertion of a callback",
    "federated: token of another source",
  ],
  "drop-in for @azure/identity": ["ClientSecretCredential", "DefaultAzureCredential"],
};

/** @param findings gets what the suite has found in workerd */
export function testWorkers(project: () => Project, findings: Map<string, readonly Finding[]>): void {
  it("Cases of the suite work in workerd", async () => {
    const folder = join(project().folder, "workerd");
    await mkdir(folder);
    await using world = await startWorld(folder);
    const text = await readFile(world.file, "utf8");
    const { silentServer } = JSON.parse(text);
    const settings = { folder: project().folder, program: "worker.mjs", emulator: world.emulator, silentServer };
    await using worker = await startWorker({ ...settings, bindings: { world: text } });
    const found: Finding[] = [];
    for (const [area, names] of Object.entries(casesByArea)) {
      for (const name of names) {
        const outcome = await worker.get(name);
        expect(outcome, name).toBe("ok");
        found.push({ area, name, outcome });
      }
    }
    findings.set("workerd", found);
  });

  it("The Worker of the recipe reads a blob with the variables of its bindings", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/recipes/cloudflare-workers.md"), "utf8");
    const [, code = ""] = /```ts\n(\/\/ worker\.ts\n.*?)```/s.exec(page) ?? [];
    const program = "recipe-worker.ts";
    await writeFile(join(project().folder, "suite", program), code);
    await using worker = await startShared(project().folder, program);
    expect([await worker.get(""), await worker.get("")]).toEqual(["Hello", "Hello"]);
    expect(worker.entra.asked).toBe(1);
  });

  it("A Worker reads a blob with the client of the Azure SDK", async () => {
    await using worker = await startShared(project().folder);
    expect([await worker.get("blob"), await worker.get("blob")]).toEqual(["Hello", "Hello"]);
    expect(worker.entra.asked).toBe(1);
  });

  it("A hundred requests of a Worker share one token request, and later ones its token", async () => {
    await using worker = await startShared(project().folder);
    const tokens = await Promise.all(Array.from({ length: 100 }, () => worker.get("token")));
    expect(new Set([...tokens, await worker.get("token")]).size).toBe(1);
    expect(tokens[0]).toMatch(/^eyJ/);
    expect(worker.entra.asked).toBe(1);
  });

  it.each(["token", "drop-in"])(
    "No request waits in vain when the client of the one that began has left: %s",
    async (name) => {
      await using worker = await startShared(project().folder);
      const [second, third] = await getAfterFirstLeft(worker, { leaves: name, before: [name], after: [name] });
      expect(second).toMatch(/^eyJ/);
      expect([third, await worker.get(name)]).toEqual([second, second]);
      expect(worker.entra.asked).toBe(1);
    },
  );

  it("No request waits in vain for the token of another library when the client of the one that began has left", async () => {
    await using worker = await startShared(project().folder);
    const name = "token provider";
    const answers = await getAfterFirstLeft(worker, { leaves: name, before: [name] });
    expect([...answers, await worker.get(name)]).toEqual(Array(2).fill("eyJ of another library"));
    expect(worker.entra.asked).toBe(2);
  });

  it("Requests of a Worker on behalf of two users at once get the token of their own user", async () => {
    await using worker = await startShared(project().folder);
    const users = ["11111111-aaaa-4aaa-8aaa-111111111111", "22222222-bbbb-4bbb-8bbb-222222222222"];
    const issue = (objectId: string) =>
      worker.emulator.issueUserToken({ username: `${objectId}@contoso.com`, objectId });
    const names = await Promise.all(users.map(async (objectId) => `on behalf of ${await issue(objectId)}`));
    const [ann = "", bob = ""] = names;
    const answers = await getAfterFirstLeft(worker, { leaves: ann, before: [bob, ann, bob, ann] });
    const tokens = [...answers, await worker.get(ann)];
    const objectIds = tokens.map((token) => principalOf({ token }).objectId);
    expect(objectIds).toEqual([users[1], users[0], users[1], users[0], users[0]]);
    expect(worker.entra.asked).toBe(2);
  });

  it("A Worker refreshes a token after the response, and answers with the valid one meanwhile", async () => {
    await using worker = await startShared(project().folder);
    const first = await worker.get("token");
    expect(await worker.get("refresh is due")).toBe("due");
    const reached = worker.entra.shut();
    const answers = Promise.all(Array.from({ length: 20 }, () => worker.get("token")));
    await reached;
    expect(new Set([first, ...(await answers)]).size).toBe(1);
    worker.entra.open();
    await vi.waitFor(async () => expect(await worker.get("token")).not.toBe(first), 30_000);
    expect(worker.entra.asked).toBe(2);
  });

  it("Requests, a schedule, a queue, a Durable Object and its alarm share one token request", async () => {
    const durableObjects = { KEEPER: "Keeper" };
    const queues = { queueProducers: { QUEUE: "queue" }, queueConsumers: { queue: { maxBatchTimeout: 0 } } };
    const resources = { durableObjects, ...queues };
    await using worker = await startShared(project().folder, "handlers-worker.mjs", resources);
    const reached = worker.entra.shut();
    const schedule = worker.runSchedule();
    await reached;
    const answers = ["request", "object", "object", "request"].map(worker.get);
    expect([await worker.get("send"), await worker.get("wake")]).toEqual(["sent", "set"]);
    worker.entra.open();
    await schedule;
    const [token, ...others] = await Promise.all(answers);
    expect(token).toMatch(/^eyJ/);
    expect(others).toEqual([token, token, token]);
    const tokens = { schedule: token, queue: token, alarm: token };
    await vi.waitFor(async () => expect(JSON.parse(await worker.get("tokens"))).toEqual(tokens), 20_000);
    expect(worker.entra.asked).toBe(1);
  });

  it("A request of a Worker may close an identity of which another one awaits a token, and explain in each", async () => {
    await using worker = await startShared(project().folder);
    expect([await worker.get("explain"), await worker.get("explain")]).toEqual(["environment", "environment"]);
    const reached = worker.entra.shut();
    const waiting = worker.get("token");
    await reached;
    expect(await worker.get("close")).toBe("closed");
    worker.entra.open();
    expect(await waiting).toMatch(/^closed: /);
    await worker.get("another identity");
    expect(await worker.get("token")).toMatch(/^eyJ/);
  });

  it("A token that is requested in the global scope of a Worker is refused; later ones of that identity are not", async () => {
    await using worker = await startShared(project().folder);
    expect(await worker.get("too early")).toMatch(/^Disallowed operation called within global scope.*\neyJ/);
  });

  it("The token stores of processes are refused in a Worker, which gets its tokens all the same", async () => {
    await using worker = await startShared(project().folder);
    const refused = (name: string) =>
      new RegExp(`^eyJ The store \`${name}\` is not for Workers.*Workers KV.*\\[store-unsupported\\]$`, "m");
    const answer = await worker.get("stores of processes");
    expect(answer).toMatch(refused("file"));
    expect(answer).toMatch(refused("redis"));
  });

  it("A Worker does not send past a proxy that is configured", async () => {
    await using worker = await startShared(project().folder);
    expect(await worker.get("a proxy")).toMatch(/^proxy-unsupported: /);
    expect(worker.entra.asked).toBe(0);
  });
}
