/** A package registry on loopback with stand-in packages, which have a package.json and nothing else. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A package.json. */
export interface StandIn {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

export interface StandInRegistry extends AsyncDisposable {
  readonly url: string;
}

/** One file of a tar archive. Source: POSIX ustar */
function tarEntry(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        0", 148);
  header.write("ustar\0" + "00", 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function pack(standIn: StandIn): Buffer {
  const entry = tarEntry("package/package.json", Buffer.from(JSON.stringify(standIn)));
  return gzipSync(Buffer.concat([entry, Buffer.alloc(1024)]));
}

function describe(standIn: StandIn, url: string): object {
  const tarball = pack(standIn);
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  return { ...standIn, dist: { tarball: `${url}/${standIn.name}/-/${standIn.version}.tgz`, integrity, shasum } };
}

/** Serves the stand-ins; the last version of each is its latest. */
export async function startStandInRegistry(standIns: readonly StandIn[]): Promise<StandInRegistry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    const named = standIns.filter(({ name }) => path === name || path.startsWith(`${name}/-/`));
    const latest = named.at(-1);
    if (latest === undefined) return void response.writeHead(404).end("{}");
    const found = named.find(({ name, version }) => path === `${name}/-/${version}.tgz`);
    if (found !== undefined) return void response.end(pack(found));
    const time = {
      created: "2026-01-01T00:00:00.000Z",
      ...Object.fromEntries(named.map(({ version }) => [version, "2026-01-01T00:00:00.000Z"])),
    };
    const versions = Object.fromEntries(named.map((one) => [one.version, describe(one, url)]));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ name: latest.name, "dist-tags": { latest: latest.version }, versions, time }));
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
