import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { directoryOf, prepareDirectory } from "./directory.ts";

it.each<[NodeJS.Platform, Record<string, string>, string | undefined, string]>([
  ["linux", { HOME: "/home/ann" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "/data" }, undefined, "/data/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "./d" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["darwin", { HOME: "/Users/ann" }, undefined, "/Users/ann/Library/Application Support/azidentity/v1/cache-mine"],
  ["win32", { LOCALAPPDATA: "/local", HOME: "/home/ann" }, undefined, "/local/azidentity/v1/cache-mine"],
  ["linux", {}, "/configured", "/configured/v1/cache-mine"],
])(
  "the folder of a cache on %s with %o is in the data directory, or in the configured folder",
  (platform, env, configured, path) => {
    expect(directoryOf("mine", configured, env, platform)).toBe(path);
  },
);

it.each<[NodeJS.Platform, Record<string, string>]>([
  ["linux", {}],
  ["linux", { HOME: "" }],
  ["darwin", { XDG_DATA_HOME: "/data" }],
  ["win32", { HOME: "/home/ann" }],
])("a cache on %s with %o has no folder", (platform, env) => {
  expect(() => directoryOf("mine", undefined, env, platform)).toThrow(
    expect.objectContaining({ code: "store-directory-unusable" }),
  );
});

describe.skipIf(process.platform === "win32")("the folders above a store", () => {
  const isRoot = process.geteuid?.() === 0;
  const exposed = (remedy: string) => ({ code: "store-directory-exposed", remedy: expect.stringContaining(remedy) });

  it.skipIf(!existsSync("/proc/self"))("a folder in a file system that makes none is an error at once", async () => {
    await expect(prepareDirectory("/proc/azidentity/v1/cache-x")).rejects.toMatchObject({
      code: "store-directory-unusable",
    });
  });

  it("folders are created with access for their owner only", async () => {
    const folder = tempFolder();
    await prepareDirectory(join(folder, "a/v1/cache-x"));
    for (const made of ["a", "a/v1", "a/v1/cache-x"]) expect(statSync(join(folder, made)).mode & 0o777).toBe(0o700);
  });

  it.each(["", "shared", "shared/v1"])(
    'a store is refused when others may write a folder above it: "%s"',
    async (open) => {
      const folder = tempFolder();
      mkdirSync(join(folder, "shared/v1"), { recursive: true });
      chmodSync(join(folder, open), 0o777);
      const failed = prepareDirectory(join(folder, "shared/v1/cache-x"));
      await expect(failed).rejects.toMatchObject(exposed(`chmod o-w ${join(folder, open)}`));
      expect(existsSync(join(folder, "shared/v1/cache-x"))).toBe(false);
    },
  );

  it("a folder with the sticky bit, such as /tmp, is accepted above a store", async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o1777);
    await prepareDirectory(join(folder, "v1/cache-x"));
    expect(statSync(join(folder, "v1/cache-x")).isDirectory()).toBe(true);
  });

  it("the target of a link above a store is checked", async () => {
    const [folder, open] = [tempFolder(), tempFolder()];
    chmodSync(open, 0o777);
    symlinkSync(open, join(folder, "store"));
    await expect(prepareDirectory(join(folder, "store/v1/cache-x"))).rejects.toMatchObject(exposed(open));
  });

  it.skipIf(!isRoot)("a store is refused when a folder above it belongs to another account", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "theirs"));
    chownSync(join(folder, "theirs"), 54_322, 54_322);
    const failed = prepareDirectory(join(folder, "theirs/v1/cache-x"));
    await expect(failed).rejects.toMatchObject(exposed("cache.directory"));
  });

  it.skipIf(!isRoot)("a store is refused when a foreign group may write a folder above it", async () => {
    const folder = tempFolder();
    chownSync(folder, 0, 54_322);
    chmodSync(folder, 0o775);
    await expect(prepareDirectory(join(folder, "v1/cache-x"))).rejects.toMatchObject(exposed("chmod g-w"));
  });
});
