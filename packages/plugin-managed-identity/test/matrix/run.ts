import { createIdentity } from "@azidentity/core";
import { definePlugin, isIdentityError } from "@azidentity/core/plugin";
import "../../src/aadsts.ts"; // loaded now: time on the idle clock does not wait for modules
import "../../src/arc-agent.ts";
import "../../src/host-error.ts";
import "../../src/service-fabric-request.ts";
import "../../src/workload/credential.ts";
import { createDeveloper, developersToken } from "@azidentity/test-support";
import { createManagedIdentitySource } from "../../src/sources/managed-identity.ts";
import { workloadIdentity } from "../../src/sources/workload-identity.ts";
import { fakeMachine } from "../support.ts";
import type { Fault } from "./faults.ts";
import { createFaultyHost } from "./faulty-host.ts";
import type { MatrixHost } from "./hosts.ts";
import { createIdleClock } from "./idle-clock.ts";
import type { Cell, ChainKind, Mode } from "./rule.ts";

const startMs = Date.UTC(2026, 0, 1);
/**
 * Milliseconds until the second token: no throttling and no answer of a probe is remembered so
 * long.
 */
const pauseMs = 3_600_000;

export interface Outcome {
  /** Whose token came under the fault. */
  readonly first: Cell;
  /**
   * Whose token for another resource came when the fault was over; in production no second one is
   * acquired.
   */
  readonly second: Cell | undefined;
  /** How often the developer's source was asked. */
  readonly developers: number;
  /** The code of the first error. */
  readonly code: string | undefined;
}

/** Two tokens on that host: one under that fault, one when it is over. */
export async function run(host: MatrixHost, fault: Fault, mode: Mode, chain: ChainKind): Promise<Outcome> {
  const clock = createIdleClock(startMs);
  const http = createFaultyHost(host, fault, clock);
  const developer = createDeveloper();
  const managedIdentity = createManagedIdentitySource(host.machine ?? fakeMachine());
  const plugin = definePlugin({ name: "matrix", sources: [workloadIdentity, managedIdentity, developer.source] });
  const identity = createIdentity(
    {
      config: false,
      mode,
      plugins: [plugin],
      sources: { "managed-identity": host.options ?? {} },
      ...(chain === "named" && { chain: ["managed-identity", "azure-cli"] }),
    },
    { env: host.env, http, clock, random: () => 0 },
  );
  let code: string | undefined;
  const cellOf = (scope: string) =>
    clock.run(identity.getToken(scope)).then(
      ({ token }): Cell => (token === developersToken ? "developer" : "host"),
      (error: unknown): Cell => {
        if (!isIdentityError(error)) throw error;
        code ??= error.code;
        return "error";
      },
    );
  try {
    await identity.ready().catch(() => undefined); // what is wrong with the config, `getToken` says as well
    const first = await cellOf("https://vault.azure.net/.default");
    if (mode === "production") return { first, second: undefined, developers: developer.asked(), code };
    http.recover();
    await clock.run(clock.sleep(pauseMs, new AbortController().signal));
    const second = await cellOf("https://storage.azure.com/.default");
    return { first, second, developers: developer.asked(), code };
  } finally {
    await identity.close();
  }
}
