import { createIdentity } from "@azidentity/core";
import { definePlugin, type Http, isIdentityError } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { createDeveloper, developersToken, scope } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { type ApplicationHost, applicationHosts } from "./matrix/applications.ts";
import { type EntraFault, type EntraReply, entraFaults } from "./matrix/entra-faults.ts";

type Mode = "auto" | "production";
type Cell = "application" | "developer" | "error";

/** Milliseconds after which every source has given up. */
const longestMs = 120_000;

/** Replies to every request; `requested` resolves with the first one. */
function createEntra(reply: EntraReply) {
  const { promise: requested, resolve } = Promise.withResolvers<void>();
  const http: Http = {
    async send(_, signal) {
      resolve();
      signal.throwIfAborted();
      if (reply instanceof Error) throw reply;
      if (reply !== "silence") return { status: 200, headers: {}, body: "", ...reply };
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  };
  return { http, requested };
}

/** One token on that machine under that fault. */
async function run({ env }: ApplicationHost, fault: EntraFault, mode: Mode) {
  const clock = createFakeClock();
  const developer = createDeveloper();
  const { http, requested } = createEntra(fault.reply);
  await using identity = createIdentity(
    { config: false, mode, plugins: [entra, definePlugin({ name: "developer", sources: [developer.source] })] },
    { env, clock, http, random: () => 0 },
  );
  let cell: Cell | undefined;
  let code: string | undefined;
  const asked = identity.getToken(scope).then(
    ({ token }) => {
      cell = token === developersToken ? "developer" : "application";
    },
    (error: unknown) => {
      if (!isIdentityError(error)) throw error;
      cell = "error";
      ({ code } = error);
    },
  );
  // the deadline of a source does not wait for modules that are loaded on first use, so time begins
  // with the first request
  await Promise.race([asked, requested]);
  for (let ms = 0; cell === undefined && ms < longestMs; ms += 5_000) await clock.advance(5_000);
  await asked;
  return { cell, code, developers: developer.asked() };
}

function expected({ variables }: ApplicationHost, { isToken = false }: EntraFault, mode: Mode): Cell {
  if (variables === "none") return mode === "auto" ? "developer" : "error";
  return variables === "complete" && isToken ? "application" : "error";
}

async function differences(host: ApplicationHost, mode: Mode): Promise<string[]> {
  const found: string[] = [];
  for (const fault of entraFaults) {
    const { cell, code, developers } = await run(host, fault, mode);
    const wanted = expected(host, fault, mode);
    if (cell !== wanted) found.push(`${fault.title}: ${wanted} expected, ${cell} came (${code})`);
    if (mode === "production" && developers > 0) found.push(`${fault.title}: the developer was asked`);
  }
  return found;
}

describe("a machine under every fault of Entra:", () => {
  const rows = applicationHosts.map((host) => [host.title, host] as const);

  it.each(rows)("%s signs in the application of its variables, or fails", async (_, host) => {
    expect(await differences(host, "auto")).toEqual([]);
  });

  it.each(rows)("%s never gets a developer's token in production", async (_, host) => {
    expect(await differences(host, "production")).toEqual([]);
  });
});
