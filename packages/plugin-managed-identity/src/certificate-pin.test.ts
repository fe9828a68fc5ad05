import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { pinCertificate } from "./certificate-pin.ts";

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "service-fabric": {} } });
});
beforeEach(() => emulator.requests.clear());
afterAll(() => emulator?.close());

const shown = () => new X509Certificate(String(emulator.host("service-fabric").certificate));

/** The status of a response over an agent with a pin. */
async function statusWith(thumbprint: string): Promise<number | undefined> {
  const agent = new https.Agent();
  pinCertificate(thumbprint).restrict(agent);
  try {
    const request = https.get(emulator.env("service-fabric").IDENTITY_ENDPOINT ?? "", { agent });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await once(response.resume(), "end");
    return response.statusCode;
  } finally {
    agent.destroy();
  }
}

it("a server with the pinned certificate is trusted without a certificate authority, in each way to write it", async () => {
  const { fingerprint, fingerprint256 } = shown();
  const written = [fingerprint, fingerprint256, fingerprint.replaceAll(":", "")];
  for (const one of [...written, fingerprint256.replaceAll(":", " ").toLowerCase()])
    expect(await statusWith(one)).toBeGreaterThanOrEqual(400);
  expect(emulator.requests).toHaveLength(4);
});

it("nothing is sent to a server with another certificate than the pinned one", async () => {
  for (const other of ["AABB", "", shown().fingerprint.slice(0, -1), "not hex"])
    await expect(statusWith(other)).rejects.toMatchObject({ code: "unexpected-certificate", outcome: "misconfigured" });
  expect(emulator.requests).toHaveLength(0);
});
