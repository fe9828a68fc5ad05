/** Files of keys and variables, and the socket: what other users of the machine cannot reach. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "../../test/serve/relay-client.ts";
import { createKey, createKeyCheck } from "./client-keys.ts";
import { keysOfFile } from "./key-file.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";
import { listenAtSocket } from "./unix-socket.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "azid-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const whereModesExist = describe.skipIf(process.platform === "win32");

describe("keys", () => {
  it("keys are found by their whole text, and differ from each other", () => {
    const [one, other] = [createKey(), createKey()];
    expect(one).toMatch(/^[\w-]{43}$/);
    const clientOf = createKeyCheck([
      { name: "app", key: one },
      { name: "web", key: other },
    ]);
    const keys = [one, other, "", one.slice(1), `${one}x`, one.toUpperCase()];
    expect(keys.map(clientOf)).toEqual(["app", "web", undefined, undefined, undefined, undefined]);
  });

  it("a key file is made once, and later has new clients added", async () => {
    const path = join(folder, "new", "keys");
    const first = await keysOfFile(path, ["app"]);
    expect(await keysOfFile(path, ["app"])).toEqual(first);
    const [web, app] = await keysOfFile(path, ["web", "app"]);
    expect([app, web?.name]).toEqual([first[0], "web"]);
    expect(readFileSync(path, "utf8")).toBe(
      `# Keys of azid serve, one client a line. Delete a line to give its client a new key.\napp=${app?.key}\nweb=${web?.key}\n`,
    );
  });

  it.each([
    ["a short key", "app=0123456789\n"],
    ["no name", `${"x".repeat(40)}\n`],
    ["a key that a shell would change", `app=$(id)${"x".repeat(40)}\n`],
    ["a blank in a key", `app=${"x".repeat(20)} ${"x".repeat(20)}\n`],
    ["two keys of a client", `app=${"x".repeat(40)}\napp=${"y".repeat(40)}\n`],
    ["one key of two clients", `app=${"x".repeat(40)}\nweb=${"x".repeat(40)}\n`],
  ])("a key file with %s is refused by its line, without its text", async (_, text) => {
    const path = join(folder, "wrong-keys");
    await writePrivateFile(path, `# keys\n${text}`, "");
    await expect(keysOfFile(path, ["app"])).rejects.toMatchObject({
      code: "invalid-key-file",
      message: expect.stringMatching(/^Line [23] of .*wrong-keys is no key of a client\.$/),
    });
  });
});

whereModesExist("private files", () => {
  it("a private file has the mode 0600 in a folder of mode 0700, also when it replaces another", async () => {
    const path = join(folder, "variables", "app.env");
    await writePrivateFile(path, "A=1\n", "");
    await writePrivateFile(path, "A=2\n", "");
    expect([modeOf(path), modeOf(join(folder, "variables")), await readPrivateFile(path)]).toEqual([
      "600",
      "700",
      "A=2\n",
    ]);
  });

  it("a folder that other users can enter is refused with one that would do", async () => {
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o755);
    const refused = { code: "folder-exposed", remedy: expect.stringMatching(/ such as .*open\/azid$/) };
    await expect(writePrivateFile(join(open, "app.env"), "", "")).rejects.toMatchObject(refused);
    await expect(listenAtSocket(join(open, "relay.sock"), () => undefined)).rejects.toMatchObject(refused);
  });

  it("a private folder below one that other users can write is refused: they can replace it", async () => {
    const open = join(folder, "below");
    mkdirSync(join(open, "own"), { recursive: true, mode: 0o700 });
    chmodSync(open, 0o777);
    const refused = { code: "folder-exposed", remedy: `Run: chmod o-w ${open}` };
    await expect(writePrivateFile(join(open, "own", "app.env"), "", "")).rejects.toMatchObject(refused);
    await expect(listenAtSocket(join(open, "own", "relay.sock"), () => undefined)).rejects.toMatchObject(refused);
  });

  it.skipIf(process.getuid?.() !== 0)("a private folder below one of another user is refused", async () => {
    const theirs = join(folder, "theirs");
    mkdirSync(join(theirs, "own"), { recursive: true, mode: 0o700 });
    chownSync(theirs, 65_534, 65_534);
    const refused = { code: "folder-exposed", message: expect.stringContaining(`${theirs}, on the way to`) };
    await expect(listenAtSocket(join(theirs, "own", "relay.sock"), () => undefined)).rejects.toMatchObject(refused);
  });

  it("a key file that other users can read is refused with the command that changes it", async () => {
    const path = join(folder, "open-keys");
    writeFileSync(path, "");
    chmodSync(path, 0o640);
    await expect(keysOfFile(path, ["app"])).rejects.toMatchObject({
      code: "file-exposed",
      remedy: `Run: chmod 600 ${path}`,
    });
  });

  it("a key file that is a pipe is refused at once, and not waited for", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", ["-m", "600", path]);
    await expect(keysOfFile(path, ["app"])).rejects.toMatchObject({ code: "file-unusable" });
  });

  it("a socket below what is no folder is refused with another path", async () => {
    const path = join(folder, "no-folder");
    writeFileSync(path, "");
    await expect(listenAtSocket(join(path, "below", "relay.sock"), () => undefined)).rejects.toMatchObject({
      code: "socket-path-taken",
      remedy: expect.stringContaining("--socket"),
    });
  });

  it("a key file that is a folder is refused", async () => {
    await expect(readPrivateFile(folder)).rejects.toMatchObject({ code: "file-unusable" });
  });
});

it("a file that cannot be written is an error with the remedy of its command", async () => {
  const file = join(folder, "no-folder");
  writeFileSync(file, "");
  await expect(writePrivateFile(join(file, "app.env"), "", "Choose another.")).rejects.toMatchObject({
    code: "file-unusable",
    message: expect.stringMatching(/^The file .*app\.env cannot be written \(E[A-Z]+\)\.$/),
    remedy: "Choose another.",
  });
});

whereModesExist("the socket", () => {
  it("the socket has the mode 0600 in a folder of mode 0700, answers, and is removed at the end", async () => {
    const path = join(folder, "sockets", "relay.sock");
    const listener = await listenAtSocket(path, (_, response) => void response.end("{}"));
    try {
      expect([modeOf(path), modeOf(join(folder, "sockets"))]).toEqual(["600", "700"]);
      expect((await ask(0, { socketPath: path })).status).toBe(200);
      await expect(listenAtSocket(path, () => undefined)).rejects.toMatchObject({ code: "socket-in-use" });
    } finally {
      await listener.close();
    }
    expect(() => statSync(path)).toThrow("ENOENT");
  });

  it("the socket of a relay that was killed is replaced, and nothing else is", async () => {
    const path = join(folder, "stale.sock");
    await leaveSocketBehind(path);
    await (await listenAtSocket(path, () => undefined)).close();
    writeFileSync(path, "a file");
    await expect(listenAtSocket(path, () => undefined)).rejects.toMatchObject({ code: "socket-path-taken" });
    expect(readFileSync(path, "utf8")).toBe("a file");
  });

  it("a path that is too long for a socket is refused before anything is created", async () => {
    const path = join(folder, "x".repeat(110), "relay.sock");
    await expect(listenAtSocket(path, () => undefined)).rejects.toMatchObject({ code: "socket-path-too-long" });
    expect(() => statSync(join(folder, "x".repeat(110)))).toThrow("ENOENT");
  });
});

/** Listens at a path in a process that is killed. */
async function leaveSocketBehind(path: string): Promise<void> {
  const program = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  const child = spawn(process.execPath, ["-e", program]);
  try {
    await once(child, "exit");
  } finally {
    child.kill("SIGKILL");
  }
  expect(statSync(path).isSocket()).toBe(true);
}
