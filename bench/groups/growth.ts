/**
 * What readers of text from elsewhere take for a byte of a large input, beside one of a tenth of
 * its size.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import type { AnySource } from "@azidentity/core/plugin";
import { createFakeCommands, createFakeHttp, createTestContext, createTestRequest } from "@azidentity/core/testing";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import type { Group } from "../group.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { timesFloor } from "../harness/row.ts";

const largeBytes = 600_000;
const ids = { tenantId: "contoso.com", clientId: "app" };

type Context = ReturnType<typeof createTestContext>;

/** One acquisition, with a token or an error as its result. */
async function acquire(sources: readonly AnySource[], name: string, options: object, context: Partial<Context>) {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) throw new TypeError(`There is no source ${name}.`);
  try {
    const credential = await source.create(options as never, { ...createTestContext(), ...context });
    await credential.getToken(createTestRequest());
  } catch {
    // the error of an input that is not valid is what is timed
  }
}

const application = (status: number, body: string) =>
  acquire(entra.sources, "client-secret", { ...ids, clientSecret: "s" }, { http: createFakeHttp({ status, body }) });
const az = (answer: object) =>
  acquire(
    devTools.sources,
    "azure-cli",
    {},
    { commands: createFakeCommands({ az: () => ({ stdout: "", stderr: "", exitCode: 0, ...answer }) }) },
  );

const blocks = (size: number) =>
  `-----BEGIN CERTIFICATE-----\n${`${"M".repeat(64)}\n`.repeat(size / 65)}-----END CERTIFICATE-----\n`;

/** Each reads a text of about that size. */
function readers(folder: string): Readonly<Record<string, (size: number) => () => Promise<unknown>>> {
  return {
    "a token of Entra": (size) => {
      const body = JSON.stringify({ token_type: "Bearer", expires_in: 3_599, access_token: "t".repeat(size) });
      return () => application(200, body);
    },
    "an error of Entra": (size) => {
      const description = `AADSTS7000215: ${'It is wrong. \\"x\\" %41 '.repeat(size / 20)}`;
      const body = JSON.stringify({
        error: "invalid_client",
        error_description: description,
        error_codes: [7_000_215],
      });
      return () => application(400, body);
    },
    "a page in place of Entra's answer": (size) => () => application(200, `<html>${"<p>".repeat(size / 3)}`),
    "a certificate in PEM": (size) => {
      const certificate = blocks(size);
      return () => acquire(entra.sources, "client-certificate", { ...ids, certificate }, {});
    },
    "output of az": (size) => {
      const stdout = JSON.stringify({ accessToken: "t".repeat(size), expires_on: 4_000_000_000, tokenType: "Bearer" });
      return () => az({ stdout });
    },
    "an error of az": (size) => {
      const stderr = `ERROR: ${"It failed, at line 1: x\n".repeat(size / 24)}`;
      return () => az({ stderr, exitCode: 1 });
    },
    "a config with a mistake at its end": (size) => {
      const configFile = join(folder, `${size}.json`);
      writeFileSync(configFile, `{ "additionallyAllowedTenants": [${'"contoso.com",\n'.repeat(size / 15)}x] }`);
      return async () => {
        await using identity = createIdentity({ configFile });
        await identity.ready().catch(() => undefined);
      };
    },
  };
}

export const run: Group = async function* ({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-growth-"));
  try {
    for (const [name, read] of Object.entries(readers(folder))) {
      const [large, small] = [read(largeBytes), read(largeBytes / 10)];
      const tenTimes = async () => {
        for (let turn = 0; turn < 10; turn++) await small();
      };
      // so that times are in milliseconds for a million bytes, which is nanoseconds for one
      const calls = largeBytes / 1_000_000;
      const times = await interleave(
        { large: { calls, run: large }, small: { calls, run: tenTimes } },
        quick ? 15 : 45,
      );
      yield {
        figure: `600 kB of ${name}, a byte`,
        unit: "ns",
        ours: median(times.large),
        peer: undefined,
        floor: median(times.small),
        ...timesFloor(2, ratio(times.large, times.small), "60 kB"),
      };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
};
