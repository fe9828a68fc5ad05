import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { defaultBounds, listCode } from "./code-files.ts";
import { searchCode } from "./search-code.ts";

async function project(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "code-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

const never = new AbortController().signal;

it("node_modules, what .gitignore files leave out, and what is no code are not listed", async () => {
  const root = await project({
    ".gitignore": "/dist\n*.gen.ts\n!keep.gen.ts\n",
    "src/a.ts": "",
    "src/b.gen.ts": "",
    "src/keep.gen.ts": "",
    "src/.gitignore": "local/\n",
    "src/local/c.ts": "",
    "dist/d.js": "",
    "src/dist/e.js": "",
    "node_modules/x/index.js": "",
    "packages/p/node_modules/x/index.js": "",
    "README.md": "",
    "package-lock.json": "",
    "package.json": "",
  });
  expect(listCode(root, defaultBounds)).toEqual({
    paths: ["package.json", "src/a.ts", "src/dist/e.js", "src/keep.gen.ts"],
    isCut: false,
  });
});

it("links are not followed, so that a circle has an end", async () => {
  const root = await project({ "src/a.ts": "" });
  await symlink(root, join(root, "src/again"));
  await symlink("/etc/passwd", join(root, "src/passwd.ts"));
  expect(listCode(root, defaultBounds).paths).toEqual(["src/a.ts"]);
});

it("a .gitignore that is no file has no rules", async () => {
  const root = await project({ ".gitignore/a.ts": "", "src/b.ts": "" });
  await symlink("/dev/zero", join(root, "src/.gitignore"));
  expect(listCode(root, defaultBounds).paths).toEqual([".gitignore/a.ts", "src/b.ts"]);
});

it("more files than are allowed are left out, and the report says so", async () => {
  const root = await project({ "a.ts": "", "b.ts": "", "c.ts": "" });
  expect(listCode(root, { ...defaultBounds, maxFiles: 2 })).toMatchObject({ isCut: true });
});

it("a file that is too large is left out, and the report says so", async () => {
  const root = await project({ "a.ts": 'import "@azure/identity"; credential.msalClient', "b.ts": "x".repeat(200) });
  const report = await searchCode(root, [], never, { ...defaultBounds, maxFileBytes: 100 });
  expect(report).toMatchObject({ files: 1, mentions: 1, isCut: true, habits: [{ file: "a.ts", line: 1 }] });
});

it("a search that is interrupted ends", async () => {
  const root = await project({ "a.ts": "" });
  await expect(searchCode(root, [], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
