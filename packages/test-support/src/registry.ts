/**
 * A package registry on loopback: for the packages of this repository, or for stand-ins of others.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

export interface Registry extends AsyncDisposable {
  readonly url: string;
}

/** One version of a package. */
export interface Served {
  /** Its package.json. */
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

async function read(path: string): Promise<Served> {
  const { stdout } = await promisify(execFile)("tar", ["-xzOf", path, "package/package.json"]);
  return { manifest: JSON.parse(stdout), tarball: await readFile(path) };
}

const pathOf = ({ manifest: { name, version } }: Served) => `${name}/-/${version}.tgz`;

/** What a registry tells of one version. */
function describe(served: Served, url: string): object {
  const { manifest, tarball } = served;
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  return { ...manifest, dist: { tarball: `${url}/${pathOf(served)}`, integrity, shasum } };
}

/** What a registry tells of a package; the last version is the latest. */
function describePackage(name: string, versions: readonly Served[], url: string): object {
  const published = "2026-01-01T00:00:00.000Z";
  const of = <T>(value: (served: Served) => T) =>
    Object.fromEntries(versions.map((served) => [served.manifest.version, value(served)]));
  return {
    name,
    "dist-tags": { latest: versions.at(-1)?.manifest.version },
    versions: of((served) => describe(served, url)),
    time: { created: published, ...of(() => published) },
  };
}

/** Serves the packages in these tarballs; ends with its process or when it is disposed. */
export const startRegistry = async (paths: Iterable<string>): Promise<Registry> =>
  serveRegistry(await Promise.all([...paths].map(read)));

/** Serves these packages, of which several may be versions of one. */
export async function serveRegistry(packages: readonly Served[]): Promise<Registry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    const file = packages.find((served) => path === pathOf(served));
    if (file !== undefined) return void response.end(file.tarball);
    const versions = packages.filter(({ manifest: { name } }) => path === name);
    if (versions.length === 0) return void response.writeHead(404).end("{}");
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(describePackage(path, versions, url)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
}
