import type { Inspection } from "@azidentity/core/inspect";
import { createTestContext, type TestContextSettings } from "@azidentity/core/testing";
import type { DoctorContext } from "../src/doctor/doctor-context.ts";

/** What a test says of the machine; the rest is a machine on which nothing is set up. */
export interface TestMachine extends Partial<Omit<DoctorContext, "inspection">> {
  readonly context?: TestContextSettings;
  readonly inspection?: Partial<Inspection>;
}

/** A context for one check. */
export function createDoctorContext({ context, inspection, ...more }: TestMachine = {}): DoctorContext {
  return {
    project: { configFile: undefined, untrusted: [], error: undefined, versions: {} },
    inspection: {
      configFile: undefined,
      settings: {},
      plugins: [],
      sources: [],
      chain: [],
      store: undefined,
      context: createTestContext(context),
      agentOptions: () => ({}),
      explain: () => Promise.reject(new Error("No test asked for a walk.")),
      ...inspection,
    },
    warnings: [],
    scope: "https://management.azure.com/.default",
    tenantId: undefined,
    chain: undefined,
    platform: "linux",
    server: async () => ({ host: "login.test", ms: 12, status: 200, aheadMs: 0 }),
    signal: new AbortController().signal,
    ...more,
  };
}
