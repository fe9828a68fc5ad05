import { execFileSync } from "node:child_process";
import { mkdtemp, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { errorOf } from "../../test/support.ts";
import { readTokenFile } from "./token-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-file-"));
  path = join(folder, "token");
});
afterEach(() => rm(folder, { recursive: true }));

/**
 * What happens to the file after each read of it, before it is checked whether it is still the
 * same.
 */
const meanwhile = (...events: readonly (() => Promise<unknown>)[]) => {
  const left = [...events];
  return {
    reads: () => events.length - left.length,
    files: {
      open,
      async stat(...args: Parameters<typeof stat>) {
        await left.shift()?.();
        return stat(...args);
      },
    } as { readonly open: typeof open; readonly stat: typeof stat },
  };
};
const nothing = async () => undefined;
const write = (text: string) => () => writeFile(path, text);
const swap = (text: string) => async () => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};

it("an unchanged token file is read once", async () => {
  await writeFile(path, "a.b.c");
  const { files, reads } = meanwhile(nothing, swap("d.e.f"));
  expect(await readTokenFile("it", path, files)).toBe("a.b.c");
  expect(reads()).toBe(1);
});

it("a token file that is replaced during the read is read again, even if the first content is a complete token", async () => {
  await writeFile(path, "a.b.c");
  const { files, reads } = meanwhile(swap("d.e.f"), nothing);
  expect(await readTokenFile("it", path, files)).toBe("d.e.f");
  expect(reads()).toBe(2);
});

it("a token file that is being written is read again", async () => {
  await writeFile(path, "a.b");
  expect(await readTokenFile("it", path, meanwhile(write("a.b.c"), nothing).files)).toBe("a.b.c");
});

it("a token file is read at most three times, however often it changes", async () => {
  await writeFile(path, "a.b.c");
  const { files, reads } = meanwhile(swap("d.e.ff"), swap("g.h.iii"), swap("j.k.llll"), swap("m.n.o"));
  expect(await readTokenFile("it", path, files)).toBe("g.h.iii");
  expect(reads()).toBe(3);
});

it("a token file that disappears during the read is an error", async () => {
  await writeFile(path, "a.b.c");
  const error = await errorOf(readTokenFile("it", path, meanwhile(() => rm(path)).files));
  expect(error).toMatchObject({ outcome: "misconfigured", code: "token-file-unreadable" });
});

it("a token in the place of its path is not shown", async () => {
  const token = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"pod"}').toString("base64url")}.c2lnbmF0dXJl`;
  const error = await errorOf(readTokenFile("it", token));
  expect(error).toMatchObject({ outcome: "misconfigured", code: "token-file-unreadable" });
  expect(String(error)).not.toContain("c2lnbmF0dXJl");
});

it.skipIf(process.platform === "win32")(
  "a pipe in place of a token file is an error, and keeps no thread waiting",
  async () => {
    execFileSync("mkfifo", [path]);
    const error = await errorOf(readTokenFile("it", path));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "token-file-unreadable" });
  },
);
