import { expect, it } from "vitest";
import { directoryOf } from "./directory.ts";

it.each<[NodeJS.Platform, Record<string, string>, string | undefined, string]>([
  ["linux", { HOME: "/home/ann" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "/data" }, undefined, "/data/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "./d" }, undefined, "/home/ann/.local/share/azidentity/v1/cache-mine"],
  ["darwin", { HOME: "/Users/ann" }, undefined, "/Users/ann/Library/Application Support/azidentity/v1/cache-mine"],
  ["win32", { LOCALAPPDATA: "/local", HOME: "/home/ann" }, undefined, "/local/azidentity/v1/cache-mine"],
  ["linux", {}, "/given", "/given/v1/cache-mine"],
])("is in the user's data directory on %s with %o, or in the given one", (platform, env, given, path) => {
  expect(directoryOf("mine", given, env, platform)).toBe(path);
});

it.each<[NodeJS.Platform, Record<string, string>]>([
  ["linux", {}],
  ["linux", { HOME: "" }],
  ["darwin", { XDG_DATA_HOME: "/data" }],
  ["win32", { HOME: "/home/ann" }],
])("is nowhere on %s with %o", (platform, env) => {
  expect(() => directoryOf("mine", undefined, env, platform)).toThrow(
    expect.objectContaining({ code: "store-directory-unusable" }),
  );
});
