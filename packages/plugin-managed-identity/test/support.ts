import type { CredentialSource, IdentityError, SourceContext } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, createTestContext, type FakeHttp } from "@azidentity/core/testing";
import type { Machine } from "../src/machine.ts";
// What sources load on first use is there before a clock of a test moves, which waits for no file.
import "../src/aadsts.ts";
import "../src/arc-agent.ts";
import "../src/host-error.ts";
import "../src/service-fabric-request.ts";
import "../src/workload/credential.ts";

export const azureTag = "7783-7084-3265-9085-8269-3286-77";

/** A Linux machine that shows only the given facts. */
export function fakeMachine(
  given: Partial<Machine> & { readonly tag?: string; readonly files?: readonly string[] } = {},
): Machine {
  const { tag, files = [], ...others } = given;
  return {
    platform: "linux",
    chassisAssetTag: () => tag,
    hasFile: (path) => files.includes(path),
    hostName: () => "vm-1",
    arcTokenFolder: "/var/opt/azcmagent/tokens",
    ...others,
  };
}

/** The response of a host with a token for one hour; `changes` make it invalid. */
export function tokenAnswer(now: number, changes: Readonly<Record<string, unknown>> = {}) {
  const seconds = Math.floor(now / 1000) + 3_600;
  return {
    body: JSON.stringify({ access_token: "opaque", token_type: "Bearer", expires_on: String(seconds), ...changes }),
  };
}

/** The context of a source, with a host that issues tokens. */
export function hostContext(
  env: Readonly<Record<string, string>>,
  http?: FakeHttp,
): SourceContext & { readonly http: FakeHttp } {
  const clock = createFakeClock();
  const given = http ?? createFakeHttp(tokenAnswer(clock.now()));
  return { ...createTestContext({ env, http: given, clock, tenantId: env.AZURE_TENANT_ID }), http: given };
}

/** One acquisition of a source with its options. */
export async function acquire<O>(
  source: CredentialSource<string, O>,
  options: O,
  context: SourceContext,
  request: Parameters<Awaited<ReturnType<CredentialSource<string, O>["create"]>>["getToken"]>[0],
) {
  return (await source.create(options, context)).getToken(request);
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<IdentityError> {
  return promise.then(
    () => {
      throw new TypeError("It succeeded.");
    },
    (error) => error,
  );
}
