import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import net, { type AddressInfo, type Socket } from "node:net";
import { delimiter, join, relative } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { systemFolder } from "./command-line.ts";
import { createCommands } from "./commands.ts";

const never = new AbortController().signal;
const node = process.execPath;
const run = (script: string, options = {}, signal = never, env: Record<string, string> = {}) =>
  createCommands(env).run(node, ["-e", script], options, signal);

describe.skipIf(process.platform === "win32")("find", () => {
  /** A folder with programs in it, and one file that is none. */
  function bin(): string {
    const folder = tempFolder({ "a/tool": "#!/bin/sh", "b/tool": "#!/bin/sh", "a/readme": "text" });
    chmodSync(join(folder, "a/tool"), 0o755);
    chmodSync(join(folder, "b/tool"), 0o755);
    mkdirSync(join(folder, "a/folder"), { mode: 0o755 });
    return folder;
  }
  const find = (program: string, ...path: string[]) => createCommands({ PATH: path.join(delimiter) }).find(program);

  it("commands.find finds a program in the first folder of the PATH that has it", () => {
    const folder = bin();
    expect(find("tool", join(folder, "b"), join(folder, "a"))).toBe(join(folder, "b/tool"));
    expect(find("tool", join(folder, "none"), join(folder, "a"))).toBe(join(folder, "a/tool"));
  });

  it("commands.find skips folders and files that cannot be run", () => {
    const folder = bin();
    chmodSync(join(folder, "b/tool"), 0o644);
    expect(find("tool", join(folder, "b"), join(folder, "a"))).toBe(join(folder, "a/tool"));
    expect(find("readme", join(folder, "a"))).toBeUndefined();
    expect(find("folder", join(folder, "a"))).toBeUndefined();
  });

  it("commands.find skips the current directory and folders relative to it", () => {
    const folder = join(bin(), "a");
    expect(find("tool", relative(process.cwd(), folder))).toBeUndefined();
    const here = relative(process.cwd(), join(folder, "tool"));
    expect(find(here, "", ".")).toBeUndefined();
    expect(find("tool", "", ".", folder)).toBe(join(folder, "tool"));
  });

  it("commands.find finds nothing without a PATH", () => {
    expect(createCommands({}).find("tool")).toBeUndefined();
  });
});

describe("run", () => {
  it("commands.run returns both outputs and the exit code, which is not an error", async () => {
    const script = 'process.stdout.write("grüße"); process.stderr.write("oh"); process.exitCode = 7';
    expect(await run(script)).toEqual({ exitCode: 7, stdout: "grüße", stderr: "oh" });
  });

  it("commands.run joins characters that arrive in pieces", async () => {
    const { stdout } = await run('process.stdout.write("ü".repeat(200_000))');
    expect(stdout).toBe("ü".repeat(200_000));
  });

  it("commands.run closes stdin, so that a tool that prompts does not wait", async () => {
    const { stdout } = await run('process.stdin.on("end", () => console.log("closed")).resume()');
    expect(stdout.trim()).toBe("closed");
  });

  it("commands.run writes the input to stdin, and closes it", async () => {
    const echo = "process.stdin.on('data', (text) => process.stdout.write(text)).on('end', () => console.log('end'))";
    expect(await run(echo, { input: '{"grüße":1}\n' })).toMatchObject({ stdout: '{"grüße":1}\nend\n' });
  });

  it("commands.run accepts a program that does not read its input", async () => {
    const result = await run("console.log('done')", { input: "x".repeat(1_000_000) });
    expect(result).toMatchObject({ exitCode: 0, stdout: "done\n" });
  });

  it("commands.run gives a program the variables of `env` alone, if `clearEnv` says so", async () => {
    const names = "console.log(Object.keys(process.env).filter((name) => /^(OWN|SECRET)$/.test(name)).join())";
    const env = { SECRET: "s", PATH: process.env.PATH ?? "" };
    expect(await run(names, { env: { OWN: "1" } }, never, env)).toMatchObject({ stdout: "SECRET,OWN\n" });
    expect(await run(names, { env: { OWN: "1" }, clearEnv: true }, never, env)).toMatchObject({ stdout: "OWN\n" });
  });

  it.skipIf(process.platform === "win32")("commands.run reports the signal that ended a program", async () => {
    expect(await run("process.kill(process.pid, 'SIGTERM')")).toMatchObject({ exitCode: -1, signal: "SIGTERM" });
    expect(await run("process.exitCode = 3")).not.toHaveProperty("signal");
  });

  it("commands.run passes arguments on without a shell", async () => {
    const nasty = ["$(id)", "a b", "`x`", ";", '"', "%PATH%"];
    const script = "console.log(JSON.stringify(process.argv.slice(1)))";
    const { stdout } = await createCommands({}).run(node, ["-e", script, "--", ...nasty], {}, never);
    expect(JSON.parse(stdout)).toEqual(nasty);
  });

  it("commands.run runs in a folder of the system, so that nothing is loaded from the current directory", async () => {
    const { stdout } = await run("process.stdout.write(process.cwd())");
    expect(stdout).toBe(systemFolder({}, process.platform));
    expect(stdout).not.toBe(process.cwd());
  });

  it("commands.run adds variables to the environment and removes variables from it", async () => {
    const script = "const { A, B, C } = process.env; console.log(JSON.stringify({ A, B, C }))";
    const { stdout } = await run(script, { env: { B: undefined, C: "added" } }, never, { A: "kept", B: "gone" });
    expect(JSON.parse(stdout)).toEqual({ A: "kept", C: "added" });
  });

  it.each(["stdout", "stderr"])(
    "commands.run counts the bytes of %s, and ends a program that prints too many",
    async (name) => {
      const print = (text: string) => run(`process.${name}.write(${JSON.stringify(text)})`, { maxOutputBytes: 1_000 });
      expect((await print("ü".repeat(500))).exitCode).toBe(0);
      await expect(print("ü".repeat(501))).rejects.toMatchObject({ code: "output-too-large", outcome: "failed" });
    },
  );

  it("commands.run ends a program that never stops printing", async () => {
    const script = 'const more = () => process.stdout.write("x".repeat(65_536), more); more()';
    await expect(run(script)).rejects.toMatchObject({ code: "output-too-large" });
  });

  it("commands.run rejects with not-installed when a program does not exist or cannot be run", async () => {
    const folder = tempFolder({ tool: "text" });
    for (const file of [join(folder, "none"), join(folder, "tool")]) {
      const failed = createCommands({}).run(file, [], {}, never);
      await expect(failed).rejects.toMatchObject({ outcome: "not-installed", name: "CredentialUnavailableError" });
    }
  });

  it("commands.run says why a program that was found cannot be run", async () => {
    const folder = tempFolder({ tool: "#!/no/such/interpreter\n" });
    chmodSync(join(folder, "tool"), 0o755);
    const failed = createCommands({}).run(join(folder, "tool"), [], {}, never);
    const message = "the program that its first line names does not exist (ENOENT). Install the interpreter";
    await expect(failed).rejects.toThrow(message);
  });

  it.skipIf(process.platform === "win32")(
    "commands.run says what to do about a program that is not executable",
    async () => {
      const failed = createCommands({}).run(join(tempFolder({ tool: "text" }), "tool"), [], {}, never);
      await expect(failed).rejects.toThrow("this user may not run it (EACCES). Make it executable");
    },
  );

  it.each(["node", "./node", "bin/node"])(
    "commands.run runs nothing that is not an absolute path: %s",
    async (file) => {
      const failed = createCommands({ PATH: process.env.PATH }).run(file, ["-v"], {}, never);
      await expect(failed).rejects.toMatchObject({ code: "not-installed" });
    },
  );

  it("commands.run starts nothing when the signal has ended already", async () => {
    const reason = new Error("too late");
    const failed = createCommands({}).run("/nowhere/tool", [], {}, AbortSignal.abort(reason));
    await expect(failed).rejects.toBe(reason);
  });
});

/**
 * A program that starts another one, which holds a connection to us for as long as it lives, and
 * then does something itself.
 */
async function family(thenDoes = "") {
  const server = net.createServer();
  const sockets: Socket[] = [];
  const { promise: alive, resolve: onAlive } = Promise.withResolvers<void>();
  const { promise: dead, resolve: onDead } = Promise.withResolvers<void>();
  server.on("connection", (socket) => {
    sockets.push(socket.on("error", () => undefined).on("close", () => onDead()));
    onAlive();
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy(); // with which a survivor ends
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const second = `
    const socket = require("node:net").connect(${port}, "127.0.0.1", () => console.log("connected"));
    socket.on("error", () => {}).on("close", () => process.exit());`;
  const first = `
    const { spawn } = require("node:child_process");
    const second = spawn(process.execPath, ["-e", ${JSON.stringify(second)}], { stdio: ["ignore", "pipe", "ignore"] });
    second.stdout.once("data", () => { ${thenDoes} });`;
  return { first, alive, dead };
}

it("an abort ends the whole process tree and rejects with the reason of the signal", async () => {
  const { first, alive, dead } = await family();
  const controller = new AbortController();
  const running = run(first, {}, controller.signal);
  await alive;
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await dead;
});

it("a program that prints too much is ended with its whole process tree", async () => {
  const { first, dead } = await family('process.stdout.write("too much")');
  await expect(run(first, { maxOutputBytes: 7 })).rejects.toMatchObject({ code: "output-too-large" });
  await dead;
});

it("run resolves when the program ends, even if it leaves a process with its outputs open", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const stays = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { detached: true, stdio: "inherit" });
    process.stdout.write(String(stays.pid), () => process.exit(3));`;
  const { exitCode, stdout } = await run(script);
  const stays = Number(stdout);
  try {
    expect(exitCode).toBe(3);
    expect(process.kill(stays, 0)).toBe(true); // it is not ours to end
  } finally {
    process.kill(stays, "SIGKILL");
  }
});
