import { createIdentity } from "@azidentity/core";
import { definePlugin, isIdentityError } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { type Emulator, type Fault as EmulatorFault, startEmulator } from "@azidentity/emulator";
import { createDeveloper } from "@azidentity/test-support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hosts as knownHosts } from "../src/hosts.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { type Fault, faults } from "./matrix/faults.ts";
import { hosts } from "./matrix/hosts.ts";
import { run } from "./matrix/run.ts";
import { fakeMachine } from "./support.ts";

/** Hosts of the emulator, and what they are called in the matrix. */
const emulated = [
  ["imds", "AKS with AZURE_POD_IDENTITY_AUTHORITY_HOST"],
  ["app-service", "App Service"],
  ["cloud-shell", "Cloud Shell"],
] as const;
type HostName = (typeof emulated)[number][0];

const broken: Readonly<Record<string, EmulatorFault>> = {
  "the connection is reset before the headers": { connection: "reset" },
  "the connection is closed within the body": { connection: "truncate" },
};

/**
 * The same fault for the emulator; `undefined` where it cannot bring it about, or only by waiting.
 */
function onTheWire(fault: Fault): EmulatorFault | undefined {
  const reply = fault.reply(Date.now());
  if (reply === "silence" || reply instanceof Error) return broken[fault.title];
  if (fault.kind === "token" || fault.times !== undefined) return undefined;
  const { status = 200, headers = {}, body = "" } = reply;
  return { status, headers: headers as Record<string, string>, body };
}

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: Object.fromEntries(emulated.map(([name]) => [name, {}])) });
});
afterAll(() => emulator.close());

const responseTimeouts = new Set(knownHosts.flatMap(({ requestTimeoutsMs }) => requestTimeoutsMs));
/** Pauses between attempts are shorter than the deadline of the source. */
const minDeadlineMs = 90_000;

/** A clock on which pauses between tries pass at once, and limits never. */
function createHurriedClock() {
  const clock = createFakeClock(Date.now());
  const isLimit = (ms: number) => responseTimeouts.has(ms) || ms >= minDeadlineMs;
  const sleep = (ms: number, signal: AbortSignal) => (isLimit(ms) ? clock.sleep(ms, signal) : clock.advance(ms));
  return { ...clock, sleep };
}

/** What a program on that host ends with. */
async function codeOnTheWire(name: HostName, fault: EmulatorFault): Promise<string | undefined> {
  const clock = createHurriedClock();
  const developer = createDeveloper();
  const sources = [createManagedIdentitySource(fakeMachine()), developer.source];
  await using identity = createIdentity(
    { config: false, plugins: [definePlugin({ name: "matrix", sources })] },
    { env: emulator.env(name), clock, random: () => 0 },
  );
  emulator.faults.add({ service: name, times: Number.POSITIVE_INFINITY, ...fault });
  try {
    await identity.getToken("https://vault.azure.net/.default");
    return undefined;
  } catch (error) {
    if (!isIdentityError(error)) throw error;
    return error.code;
  } finally {
    emulator.faults.clear();
  }
}

describe.each(emulated)("on a server with the protocol of %s", (name, title) => {
  const host = hosts.find((one) => one.title === title);
  const sample = faults.flatMap((fault) => {
    const wired = onTheWire(fault);
    return wired === undefined ? [] : [[fault.title, fault, wired] as const];
  });

  it(`the faults that a server with the protocol of ${name} can produce are more than 36`, () =>
    expect(sample.length).toBeGreaterThan(36));

  it.each(sample)(
    `the fault %s of a server with the protocol of ${name} has the code of the matrix`,
    async (_, fault, wired) => {
      if (host === undefined) throw new TypeError(`The matrix has no host "${title}".`);
      const { code } = await run(host, fault, "auto", "default");
      expect(await codeOnTheWire(name, wired)).toBe(code);
    },
  );
});
