import { expect, it } from "vitest";
import { faults } from "./matrix/faults.ts";
import { hosts, type MatrixHost } from "./matrix/hosts.ts";
import { writePage } from "./matrix/page.ts";
import { type ChainKind, expected, expectedAfter } from "./matrix/rule.ts";
import { run } from "./matrix/run.ts";

const rows = hosts.map((host) => [host.title, host] as const);
/** Milliseconds: a row takes a tenth of a second, and more on a machine that has other work. */
const rowTimeoutMs = 60_000;

/** The cells of a host that are not what the rule says. */
async function differencesInAuto(host: MatrixHost, chain: ChainKind): Promise<string[]> {
  const found: string[] = [];
  for (const fault of faults) {
    const { first, second, code } = await run(host, fault, "auto", chain);
    const wanted = expected(host, fault, "auto", chain);
    const after = expectedAfter(host, fault, chain);
    if (first !== wanted) found.push(`${fault.title}: expected ${wanted}, got ${first} (${code})`);
    if (second !== after) found.push(`after ${fault.title}: expected ${after}, got ${second} (${code})`);
  }
  return found;
}

async function differencesInProduction(host: MatrixHost, chain: ChainKind): Promise<string[]> {
  const found: string[] = [];
  for (const fault of faults) {
    const { first, developers, code } = await run(host, fault, "production", chain);
    const wanted = expected(host, fault, "production", chain);
    if (first !== wanted) found.push(`${fault.title}: expected ${wanted}, got ${first} (${code})`);
    if (developers > 0) found.push(`${fault.title}: the developer source was used`);
  }
  return found;
}

it("the matrix contains at least 27 hosts and 60 faults, each once", () => {
  const titles = [hosts, faults].map((table) => new Set(table.map(({ title }) => title)));
  expect(titles.map(({ size }) => size)).toEqual([hosts.length, faults.length]);
  expect(hosts.length).toBeGreaterThanOrEqual(27);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});

it.each(rows)(
  "under every fault, with the default chain, a program on %s gets the token that the evidence allows, and the host's token after recovery",
  async (_, host) => expect(await differencesInAuto(host, "default")).toEqual([]),
  rowTimeoutMs,
);

it.each(rows)(
  "under every fault, with the default chain, a program in production on %s gets the token of its host or an error",
  async (_, host) => expect(await differencesInProduction(host, "default")).toEqual([]),
  rowTimeoutMs,
);

it.each(rows)(
  "under every fault, with a chain of managed-identity and azure-cli, a program on %s gets the token that the evidence allows, and the host's token after recovery",
  async (_, host) => expect(await differencesInAuto(host, "named")).toEqual([]),
  rowTimeoutMs,
);

it.each(rows)(
  "under every fault, with a chain of managed-identity and azure-cli, a program in production on %s gets an error",
  async (_, host) => expect(await differencesInProduction(host, "named")).toEqual([]),
  rowTimeoutMs,
);

it("docs/fault-matrix.md shows the tested cells", async () => {
  await expect(writePage()).toMatchFileSnapshot("../../../docs/fault-matrix.md");
});
