/**
 * A package registry on loopback with stand-in packages, which have a package.json and nothing
 * else.
 */
import { gzipSync } from "node:zlib";
import { type Registry, serveRegistry } from "@azidentity/test-support";

/** A package.json. */
export interface StandIn {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
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

/** Serves the stand-ins; the last version of each is its latest. */
export const startStandInRegistry = (standIns: readonly StandIn[]): Promise<Registry> =>
  serveRegistry(standIns.map((manifest) => ({ manifest, tarball: pack(manifest) })));
