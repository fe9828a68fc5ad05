import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { librariesTable, pageWithTable } from "./libraries-table.ts";
import { type Library, libraries } from "./trees/drop-in/libraries.ts";

it("docs/migrating.md has the table of the libraries that are tested (node tools/libraries-table.ts writes it)", () => {
  const page = readFileSync("docs/migrating.md", "utf8");
  expect(pageWithTable(page)).toBe(page);
});

it("the table leaves out what does not run with the drop-in, and says what is counted", () => {
  const driver: Library = {
    ...{ package: "driver", program: "driver", situation: "nothing", does: "connects", used: 1 },
    ...{ counted: "processes", before: 25, beforeIsMinimum: true },
  };
  const lockfile = { packages: { "node_modules/driver": { version: "1.2.3" } } };
  const [, , ...rows] = librariesTable([driver, { ...driver, after: 1 }], lockfile).split("\n");
  expect(rows.map((row) => row.split(/ *\| */).slice(1, -1))).toEqual([
    ["`driver`", "1.2.3", "connects", "at least 25 `az`", "1 `az`"],
  ]);
});

it("each library of the table is a direct dependency of the tree, and has a program", () => {
  const { dependencies } = JSON.parse(readFileSync("tools/trees/drop-in/package.json", "utf8"));
  for (const { package: name, program } of libraries) {
    expect(dependencies).toHaveProperty([name]);
    expect(existsSync(`tools/trees/drop-in/programs/${program}.mjs`)).toBe(true);
  }
});
