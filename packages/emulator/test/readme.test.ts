import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

it("the first example of the README prints what its comments promise", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, example = ""] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  const promised = [...example.matchAll(/console\.log.*\/\/ (.*)/g)].map(([, output]) => output);

  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", example], { cwd: root });

  expect((await run).stdout.trim().split("\n")).toEqual(promised);
});
