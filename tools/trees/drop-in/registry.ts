/**
 * A package registry on loopback for one scope: the packages of this repository. Package managers
 * get all others from the registry of their own settings.
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

interface Served {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

async function read(path: string): Promise<Served> {
  const { stdout } = await promisify(execFile)("tar", ["-xzOf", path, "package/package.json"]);
  return { manifest: JSON.parse(stdout), tarball: await readFile(path) };
}

/** What a registry tells of a package that has one version. */
function describe({ manifest, tarball }: Served, url: string): unknown {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  const dist = { tarball: `${url}/${name}/-/${version}.tgz`, integrity, shasum };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: "2026-01-01T00:00:00.000Z", [version]: "2026-01-01T00:00:00.000Z" },
  };
}

/** Serves tarballs; ends with its process or when it is disposed. */
export async function startRegistry(paths: Iterable<string>): Promise<Registry> {
  const packages = await Promise.all([...paths].map(read));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    const found = packages.find(({ manifest: { name } }) => path === name || path.startsWith(`${name}/-/`));
    if (found === undefined) return void response.writeHead(404).end("{}");
    if (path !== found.manifest.name) return void response.end(found.tarball);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(describe(found, url)));
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
