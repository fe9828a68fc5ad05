import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { refusePathsOutside, writableByOthers } from "./trust.ts";

it.skipIf(process.platform === "win32")("warns of a config that everybody may write", () => {
  const folder = tempFolder({ "c.json": "{}" });
  const file = join(folder, "c.json");
  chmodSync(file, 0o644);
  expect(writableByOthers(file)).toBeUndefined();
  chmodSync(file, 0o646);
  expect(writableByOthers(file)?.remedy).toContain(file);
  chmodSync(file, 0o644);
  chmodSync(folder, 0o777); // who can replace it need not be able to write it
  expect(writableByOthers(file)?.remedy).toContain(`o-w ${folder}`);
});

const refuse = (plugin: unknown, name = "c.json") => refusePathsOutside([plugin], join("/project", name));

it.each([
  "../evil.js",
  "./../evil.js",
  "./a/../../evil.js",
  "/evil.js",
  "/project-2/x.js",
  "x/../../evil.js",
  "@a/b/../../../../evil.js",
])("lets JSON not name %s", (plugin) => {
  for (const name of ["c.json", "c.yaml", "c.yml", ".azidentityrc", "package.json"]) {
    expect(() => refuse(plugin, name)).toThrow(
      expect.objectContaining({ code: "path-outside-config", path: "plugins" }),
    );
  }
});

it.each(["./plugin.js", "./a/../plugin.js", "/project/plugin.js", "@azidentity/plugin-entra", "my..plugin", 5])(
  "lets JSON name %s",
  (plugin) => {
    expect(() => refuse(plugin)).not.toThrow();
  },
);

it("lets a config that is a program name what it likes", () => {
  for (const name of ["c.ts", "c.mts", "c.js", "c.mjs", "c.cjs"])
    expect(() => refuse("../plugin.js", name)).not.toThrow();
});
