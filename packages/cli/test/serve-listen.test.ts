/**
 * `azid serve --listen`: from a network of its own, as a container has, where the system lets a
 * test make one.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@azidentity/emulator";
import { claimsOf } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { bridgeAddress } from "../src/serve/start.ts";
import { readVariables, startServe } from "./serve/start-serve.ts";

const storage = "https://storage.azure.com/.default";
const [host, container] = ["10.213.97.1", "10.213.97.2"];

const ip = (...words: readonly string[]) => execFileSync("ip", words, { stdio: "pipe" });

/**
 * Makes a network namespace that reaches this machine at one address. `undefined`: the system
 * refuses it.
 */
function makeNetwork(): { readonly name: string; remove(): void } | undefined {
  const name = `azid-${process.pid}`;
  const [outer, inner] = [`azido${process.pid}`.slice(0, 15), `azidi${process.pid}`.slice(0, 15)];
  const inside = ["netns", "exec", name, "ip"];
  try {
    ip("netns", "add", name);
  } catch {
    return undefined;
  }
  const remove = () => void ip("netns", "delete", name); // its end of the pair ends the other one
  try {
    ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
    ip("address", "add", `${host}/24`, "dev", outer);
    ip("link", "set", outer, "up");
    ip(...inside, "address", "add", `${container}/24`, "dev", inner);
    ip(...inside, "link", "set", inner, "up");
    return { name, remove };
  } catch {
    remove();
    return undefined;
  }
}

it("a program in a network of its own gets tokens at the address of --listen, and at no other", async (context) => {
  const network = makeNetwork();
  if (network === undefined) return context.skip("the system does not let this user make networks");
  const home = mkdtempSync(join(tmpdir(), "azid-"));
  try {
    await using emulator = await startEmulator();
    const env = { ...emulator.env(), NODE_EXTRA_CA_CERTS: emulator.caCertificateFile, HOME: home };
    await using serving = await startServe(["--source", "environment", "--allow", storage, "--listen", host], env);
    const { started } = serving;
    expect(started.container).toBe(`http://${host}:${started.port}`);
    const { IDENTITY_ENDPOINT = "", IDENTITY_HEADER } = readVariables(started.clients[0]?.container ?? "");
    const run = async (endpoint: string) => {
      const words = [
        process.execPath,
        join(import.meta.dirname, "serve/azure-sdk-client.mjs"),
        "ManagedIdentityCredential",
      ];
      const variables = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER };
      const { stdout } = await promisify(execFile)("ip", ["netns", "exec", network.name, ...words, storage], {
        env: { PATH: process.env.PATH, ...variables },
      });
      return JSON.parse(stdout)[0] as { token?: string; error?: string };
    };
    expect(claimsOf((await run(IDENTITY_ENDPOINT)).token ?? "")).toMatchObject({ oid: emulator.application.objectId });
    expect(await serving.next()).toMatchObject({ client: "default", outcome: "token" });
    expect((await run(IDENTITY_ENDPOINT.replace(host, "127.0.0.1"))).token).toBeUndefined();
  } finally {
    network.remove();
    rmSync(home, { recursive: true, force: true });
  }
});

it("the address of a container engine's network is found by the name of its interface", () => {
  const address = (text: string, family: "IPv4" | "IPv6") => ({ address: text, family }) as never;
  const interfaces = {
    lo: [address("127.0.0.1", "IPv4")],
    eth0: [address("192.168.1.7", "IPv4")],
    docker0: [address("fe80::1", "IPv6"), address("172.17.0.1", "IPv4")],
  };
  expect(bridgeAddress(interfaces)).toBe("172.17.0.1");
  const { docker0: _, ...without } = interfaces;
  expect(bridgeAddress(without)).toBeUndefined();
  expect(bridgeAddress(networkInterfaces())).toBe(bridgeAddress());
});
