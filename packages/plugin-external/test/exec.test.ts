/** The source `exec`, with programs that run. */
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as settle } from "node:timers/promises";
import { createIdentity } from "@azidentity/core";
import { definePlugin } from "@azidentity/core/plugin";
import { defineTokenStore } from "@azidentity/core/store";
import { createFakeClock, createMemoryStore } from "@azidentity/core/testing";
import { everythingShown } from "@azidentity/test-support";
import { describe, expect, it, onTestFinished } from "vitest";
import external from "../src/index.ts";
import { createMachine, failure, identityOn, jwt, later, type Machine, scope, script } from "./machine.ts";

const execOn = (machine: Machine, options: object = {}, env: Readonly<Record<string, string>> = {}) =>
  identityOn({ ...machine.env, ...env }).credential("exec", { program: "tokens", ...options });

/** How asking a program ends that is this script. */
async function failureOf(text: string, options?: object, env?: Readonly<Record<string, string>>) {
  const machine = createMachine();
  machine.install("tokens", script(text));
  return failure(execOn(machine, options, env).getToken(scope));
}

describe.skipIf(process.platform === "win32")("exec", () => {
  describe("asks", () => {
    it("a program gets its arguments as they are, the request in one line, and the same in its environment", async () => {
      const machine = createMachine();
      const seen = `const seen = { args: process.argv.slice(2), cwd: process.cwd(), env: process.env };
        fs.writeFileSync(home + "/seen", JSON.stringify({ ...seen, input: fs.readFileSync(0, "utf8") }));
        token("T");`;
      machine.install("tokens", script(seen));
      const args = ["--profile", "my team", "$(whoami)", "*", "é"];
      const env = { AZURE_CLIENT_SECRET: "s3cret", EDITOR_TOKEN: "p4ssed", LC_ALL: "C", https_proxy: "http://p:1" };
      const credential = execOn(machine, { args, passVariables: ["EDITOR_TOKEN", "UNSET"] }, env);
      const answer = await credential.getToken([scope], { tenantId: "contoso.com", enableCae: true });
      expect(answer).toMatchObject({ token: "T", expiresOnTimestamp: later * 1000 });

      const { input, ...rest } = JSON.parse(machine.read("seen"));
      expect(input).toMatch(/^\{.*\}\n$/);
      const guid = expect.stringMatching(/^[\da-f-]{36}$/);
      const asked = { version: 1, scopes: [scope], tenantId: "contoso.com", enableCae: true, correlationId: guid };
      expect(JSON.parse(input)).toEqual(asked);
      expect(rest).toEqual({
        args,
        cwd: "/",
        env: {
          ...machine.env,
          LC_ALL: "C",
          https_proxy: "http://p:1",
          EDITOR_TOKEN: "p4ssed",
          AZIDENTITY_EXEC_DEPTH: "1",
          AZIDENTITY_EXEC_VERSION: "1",
          AZIDENTITY_EXEC_SCOPES: scope,
          AZIDENTITY_EXEC_TENANT_ID: "contoso.com",
          AZIDENTITY_EXEC_CORRELATION_ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      });
    });

    it("a claims challenge reaches the program, past the token in memory", async () => {
      const machine = createMachine();
      machine.install("tokens", script('token(process.env.AZIDENTITY_EXEC_CLAIMS ? "fresh" : "first");'));
      const credential = execOn(machine);
      expect((await credential.getToken(scope)).token).toBe("first");
      const claims = '{"access_token":{"nbf":{"essential":true}}}';
      expect((await credential.getToken(scope, { claims })).token).toBe("fresh");
    });

    it("equal requests run one program, and tokens are kept in memory", async () => {
      const machine = createMachine();
      machine.install("tokens", script('fs.appendFileSync(home + "/runs", "1"); token("T");'));
      const credential = execOn(machine);
      await Promise.all(Array.from({ length: 20 }, () => credential.getToken(scope)));
      await credential.getToken(scope);
      expect(machine.read("runs")).toBe("1");
    });

    it("a program that says when to refresh is asked again then", async () => {
      const clock = createFakeClock(Date.now());
      const machine = createMachine();
      const soon = Math.floor(clock.now() / 1000) + 600;
      machine.install(
        "tokens",
        script(`const runs = fs.existsSync(home + "/runs") ? fs.readFileSync(home + "/runs", "utf8") : "";
          fs.writeFileSync(home + "/runs", runs + "1");
          token("T" + runs.length, { refreshOn: ${soon} });`),
      );
      const identity = identityOn(machine.env, {}, { clock, random: () => 0 });
      const credential = identity.credential("exec", { program: "tokens" });
      await credential.getToken(scope);
      await clock.advance(590_000);
      await credential.getToken(scope);
      expect(machine.read("runs")).toBe("1");
      await clock.advance(20_000);
      await credential.getToken(scope);
      await expect.poll(() => machine.read("runs")).toBe("11");
    });

    it("a program is found by its absolute path, through links, and without a PATH", async () => {
      const machine = createMachine();
      const file = machine.install("tokens", script('token("T");'));
      const link = join(machine.home, "link");
      symlinkSync(file, link);
      for (const program of [file, link]) {
        const credential = identityOn({ HOME: machine.home }).credential("exec", { program });
        expect((await credential.getToken(scope)).token).toBe("T");
      }
    });

    it("the principal of an opaque token is what the program says, and explain has it", async () => {
      const machine = createMachine();
      machine.install(
        "tokens",
        script('token("opaque", { principal: { objectId: "o1", username: "ann@x.example" } });'),
      );
      const identity = identityOn(machine.env, { chain: [{ source: "exec", options: { program: "tokens" } }] });
      await identity.getToken(scope);
      expect(identity.explain.last?.principal).toEqual({ objectId: "o1", username: "ann@x.example" });
    });
  });

  describe("an answer", () => {
    const unexpected = { code: "unexpected-output", outcome: "failed" };
    const broken: readonly (readonly [string, string, object, RegExp])[] = [
      ["two documents", 'token("A1B2"); token("A1B2");', unexpected, /something follows it/],
      ["a banner before the document", 'console.log("Welcome"); token("A1B2");', unexpected, /does not begin with/],
      ["text after the document", 'token("A1B2"); console.log("Done");', unexpected, /something follows it/],
      ["nothing", "", unexpected, /is empty/],
      ["a version that is not known", 'token("A1B2", { version: 2 });', unexpected, /another one than 1/],
      ["a token with control characters", 'token("A1\\u001b[31mB2");', unexpected, /no header can carry/],
      ["times in milliseconds", 'token("A1B2", { expiresOn: Date.now() + 3_600_000 });', unexpected, /in milliseconds/],
      ["a type that is not Bearer", 'token("A1B2", { tokenType: "pop" });', unexpected, /another one than Bearer/],
      ["an expired token", 'token("A1B2", { expiresOn: 1_000_000_000 });', { code: "invalid-token" }, /expired/],
      ["10 MB", 'process.stdout.write("x".repeat(10_000_000));', { code: "output-too-large" }, /more than 1048576/],
      ["10 MB of errors", 'process.stderr.write("x".repeat(10_000_000));', { code: "output-too-large" }, /more than/],
      [
        "what never ends",
        'setInterval(() => process.stdout.write("x".repeat(1e5)), 0);',
        { code: "output-too-large" },
        /more/,
      ],
    ];
    it.each(broken)("an answer with %s is refused, and not shown", async (_, text, expected, message) => {
      const error = await failureOf(text);
      expect(error).toMatchObject(expected);
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain("A1");
    });

    it("an answer of another tenant is refused, by its claims or by what the program says", async () => {
      const [own, other] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
      const token = jwt({ tid: other, oid: "o" });
      for (const text of [`token("${token}");`, `token("opaque", { principal: { tenantId: "${other}" } });`]) {
        const error = await failureOf(text, { tenantId: own });
        expect(error).toMatchObject({ code: "other-tenant", outcome: "misconfigured" });
        expect(error.message).toContain(`${other}, not of ${own}`);
      }
    });

    it("a new principal ends the use of the tokens of the former one", async () => {
      const machine = createMachine();
      const write = (oid: string) => writeFileSync(join(machine.home, "oid"), oid);
      machine.install(
        "tokens",
        script(`const oid = fs.readFileSync(home + "/oid", "utf8");
          const [, resource] = /([a-z]+)\\./.exec(process.env.AZIDENTITY_EXEC_SCOPES);
          const claims = Buffer.from(JSON.stringify({ tid: "t", oid, resource })).toString("base64url");
          token("e30." + claims + ".s");`),
      );
      const credential = execOn(machine);
      const oidOf = async (resource: string) => {
        const { token } = await credential.getToken(`https://${resource}.azure.net/.default`);
        return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).oid;
      };
      write("ann");
      expect([await oidOf("vault"), await oidOf("graph")]).toEqual(["ann", "ann"]);
      write("bob");
      expect(await oidOf("vault")).toBe("ann"); // from memory, until a token of bob's shows the change
      expect(await oidOf("storage")).toBe("bob");
      expect([await oidOf("vault"), await oidOf("graph")]).toEqual(["bob", "bob"]);
    });
  });

  describe("a failure", () => {
    const documented = (error: object, code: number) =>
      failureOf(`print({ error: ${JSON.stringify(error)} }); process.exitCode = ${code};`);

    it.each([1, 3, 0])("an error document is what the program reports, with exit code %d", async (exitCode) => {
      const error = await documented(
        { code: "not-signed-in", message: "No user is signed in.", remedy: "Run: tokens login" },
        exitCode,
      );
      expect(error).toMatchObject({
        name: "CredentialUnavailableError",
        code: "not-signed-in",
        outcome: "not-signed-in",
        remedy: "Run: tokens login",
      });
      expect(error.message).toMatch(
        /^exec: \/\S+\/tokens reported not-signed-in: "No user is signed in"\. Run: tokens login$/,
      );
    });

    it("a code of the program's own has the outcome that it says, else `failed`", async () => {
      expect(await documented({ code: "vault-sealed", outcome: "unreachable", message: "m" }, 1)).toMatchObject({
        code: "unreachable",
        message: expect.stringContaining("reported vault-sealed"),
      });
      expect(await documented({ code: "vault-sealed", message: "m" }, 1)).toMatchObject({ code: "failed" });
      const scopes = [scope];
      const needsUser = { name: "AuthenticationRequiredError", scopes };
      expect(await documented({ code: "interaction-required", message: "m" }, 1)).toMatchObject(needsUser);
      expect(await documented({ code: "throttled", message: "m", retryAfter: 60 }, 1)).toMatchObject({
        outcome: "throttled",
        retryAfterMs: 60_000,
      });
    });

    it("what a program reports is shown in one line, without control characters and tokens", async () => {
      const message = `first\n\u001b[31msecond\u0007 ${jwt({ oid: "o" })}`;
      const error = await documented({ code: "failed", message, remedy: `Run:\u001b]0;x\n ${jwt({})}` }, 1);
      expect(error.message).not.toMatch(/\p{Cc}|eyJ/u);
      expect(error.message).toContain("first [31msecond");
    });

    it("a program that dies by a signal has failed", async () => {
      const error = await failureOf('token("A1B2"); process.kill(process.pid, "SIGKILL");');
      expect(error).toMatchObject({ code: "tool-failed", outcome: "failed" });
      expect(error.message).toContain("was ended by SIGKILL");
    });

    it("a program that fails without a document shows the end of what it printed as its error", async () => {
      const error = await failureOf(
        'console.error("x".repeat(2000) + "\\nTraceback\\nValueError: no vault\\n"); process.exitCode = 2;',
      );
      expect(error).toMatchObject({ code: "tool-failed", outcome: "failed" });
      expect(error.message).toContain('ended with exit code 2: "Traceback ValueError: no vault".');
      expect(await failureOf('console.error("y".repeat(2000)); process.exitCode = 1;')).toMatchObject({
        message: expect.stringMatching(/exit code 1: "y{150,}…"/),
      });
      expect(await failureOf("process.exitCode = 1;")).toMatchObject({
        message: expect.stringContaining("exit code 1, and printed no error."),
      });
      expect(await failureOf('token("A1B2"); process.exitCode = 1;')).toMatchObject({ code: "tool-failed" });
    });

    it("a secret that a program prints is in no message, log line or event", async () => {
      const machine = createMachine();
      machine.install(
        "tokens",
        script(`console.error("key " + process.env.TEAM_KEY + " ${jwt({ oid: "o" })} client_secret=s3cr3t-1");
          process.exitCode = 1;`),
      );
      const shown = await everythingShown(async (see) => {
        const logger = { error: see, warn: see, info: see, debug: see };
        const env = { ...machine.env, TEAM_KEY: "k3y-of-the-team" };
        const options = { program: "tokens", passVariables: ["TEAM_KEY"] };
        const identity = identityOn(env, { log: { level: "debug" }, chain: [{ source: "exec", options }] }, { logger });
        see(await failure(identity.getToken(scope)));
      });
      expect(shown).toContain("exit code 1");
      expect(shown).not.toMatch(/k3y-of-the-team|eyJ|s3cr3t-1/);
    });

    it("the value of a variable whose name says that it is no secret may show", async () => {
      const text =
        'console.error("no tenant " + process.env.TEAM_TENANT_ID + process.env.TEAM_KEY); process.exitCode = 1;';
      const env = { TEAM_TENANT_ID: "tenant-of-the-team", TEAM_KEY: "k3y-of-the-team" };
      const error = await failureOf(text, { passVariables: Object.keys(env) }, env);
      expect(error.message).toContain("no tenant tenant-of-the-team[redacted]");
    });

    it("a token is in no log line or event, and in no argument of a process", async () => {
      const machine = createMachine();
      machine.install("tokens", script('token("opaque-t0ken-of-the-program");'));
      const shown = await everythingShown(async (see) => {
        const identity = identityOn(
          machine.env,
          { log: { level: "debug" } },
          { logger: { error: see, warn: see, info: see, debug: see } },
        );
        see(await identity.credential("exec", { program: "tokens" }).getToken(scope));
      });
      expect(shown).not.toContain("opaque-t0ken-of-the-program");
    });
  });

  describe("a program that does not end", () => {
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };

    it("is ended at the deadline", async () => {
      const clock = createFakeClock(Date.now());
      const machine = createMachine();
      machine.install(
        "tokens",
        script('fs.writeFileSync(home + "/pid", "" + process.pid); setInterval(() => {}, 1000);'),
      );
      const identity = identityOn(machine.env, {}, { clock });
      const waiting = failure(identity.credential("exec", { program: "tokens" }).getToken(scope));
      await expect.poll(() => machine.read("pid")).toMatch(/^\d+$/);
      clock.advance(30_001);
      expect(await waiting).toMatchObject({ code: "timeout", outcome: "timeout" });
      await expect.poll(() => isAlive(Number(machine.read("pid")))).toBe(false);
    });

    it("is ended when its last caller has gone", async () => {
      const machine = createMachine();
      machine.install(
        "tokens",
        script('fs.writeFileSync(home + "/pid", "" + process.pid); setInterval(() => {}, 1000);'),
      );
      const abort = new AbortController();
      const waiting = failure(execOn(machine).getToken(scope, { abortSignal: abort.signal }));
      await expect.poll(() => machine.read("pid")).toMatch(/^\d+$/);
      abort.abort();
      expect(await waiting).toMatchObject({ name: "AbortError" });
      await expect.poll(() => isAlive(Number(machine.read("pid")))).toBe(false);
    });
  });

  describe("a program that cannot be run", () => {
    it("is not installed when it is on no folder of PATH, also beside the current directory", async () => {
      const machine = createMachine();
      mkdirSync(join(machine.home, "here"));
      renameSync(machine.install("tokens", script('token("T");')), join(machine.home, "here/tokens"));
      const env = { PATH: `.::here:${machine.bin}`, HOME: machine.home };
      const error = await failure(identityOn(env).credential("exec", { program: "tokens" }).getToken(scope));
      expect(error).toMatchObject({ code: "not-installed", outcome: "not-installed" });
      expect(error.message).toContain("tokens is not on PATH");
    });

    it("is not installed when its path leads nowhere, or its interpreter is missing, or it is not executable", async () => {
      const machine = createMachine();
      const programs = [
        ["/none/tokens", "does not exist"],
        [machine.install("no-interpreter", "#!/none/interpreter\n"), "does not exist"],
        [machine.install("not-executable", script('token("T");'), 0o644), "may not run it"],
      ] as const;
      for (const [program, message] of programs) {
        const error = await failure(execOn(machine, { program }).getToken(scope));
        expect(error).toMatchObject({ code: "not-installed" });
        expect(error.message).toContain(message);
      }
    });

    it.each(["./tokens", "../tokens", "bin/tokens", "a\\b", "", "C:tokens"])(
      "is refused by a relative path: %j",
      async (program) => {
        const error = await failure((async () => execOn(createMachine(), { program }).getToken(scope))());
        expect(error).toMatchObject({ code: "invalid-option" });
        expect(error.message).toContain("an absolute path, or the name of a program on PATH");
      },
    );

    it.each([
      ["azidentity.config.json", '{ "sources": { "exec": { "program": "./tokens" } }, "chain": ["exec"] }'],
      ["azidentity.config.yaml", "sources: { exec: { program: bin/tokens } }\nchain: [exec]\n"],
    ])("is refused by a relative path in %s", async (name, text) => {
      const machine = createMachine();
      machine.install("tokens", script('fs.writeFileSync(home + "/ran", ""); token("T");'));
      const file = join(machine.home, name);
      writeFileSync(file, text);
      const identity = createIdentity({ plugins: [external] }, { env: { ...machine.env, AZIDENTITY_CONFIG: file } });
      onTestFinished(() => identity.close());
      expect(await failure(identity.getToken(scope))).toMatchObject({ code: "invalid-option" });
      expect(() => machine.read("ran")).toThrow("ENOENT");
    });

    it("is refused when every account may write it, or its folder", async () => {
      const machine = createMachine();
      const file = machine.install("tokens", script('fs.writeFileSync(home + "/ran", ""); token("T");'), 0o777);
      const error = await failure(execOn(machine).getToken(scope));
      expect(error).toMatchObject({ code: "untrusted-path", outcome: "misconfigured" });
      expect(error.remedy).toMatch(new RegExp(`^Run: chmod g?o-w ${file}$`));
      chmodSync(file, 0o775); // a group may
      expect((await execOn(machine).getToken(scope)).token).toBe("T");
      chmodSync(machine.bin, 0o777);
      const folder = await failure(execOn(machine).getToken(scope));
      expect(folder).toMatchObject({ code: "untrusted-path" });
      expect(folder.message).toContain(`The folder ${machine.bin}, on the way to ${file}, may be written by every`);
    });

    it("is refused inside a program that was itself run for a token", async () => {
      const machine = createMachine();
      machine.install("tokens", script('fs.writeFileSync(home + "/ran", ""); token("T");'));
      const error = await failure(execOn(machine, {}, { AZIDENTITY_EXEC_DEPTH: "1" }).getToken(scope));
      expect(error).toMatchObject({ code: "nested-program", outcome: "misconfigured" });
      expect(() => machine.read("ran")).toThrow("ENOENT");
    });
  });

  it("a chain goes on after a program that is not installed, and stops after one that failed", async () => {
    const machine = createMachine();
    machine.install("broken", script("process.exitCode = 1;"));
    machine.install("tokens", script('token("T");'));
    const chainOf = (program: string) => {
      const { credential, chain } = identityOn(machine.env);
      return chain([credential("exec", { program }), credential("exec", { program: "tokens" })]);
    };
    expect((await chainOf("none").getToken(scope)).token).toBe("T");
    expect(await failure(chainOf("broken").getToken(scope))).toMatchObject({ code: "tool-failed" });
  });

  it("a source that no config names runs nothing", async () => {
    const machine = createMachine();
    const identity = identityOn(machine.env);
    await settle();
    expect(await failure(identity.getToken(scope))).toMatchObject({ code: "no-credential-available" });
    expect(identity.explain.last?.attempts?.map(({ source }: { source: string }) => source)).not.toContain("exec");
  });

  it("tokens go to no store", async () => {
    const machine = createMachine();
    machine.install("tokens", script(`token("${jwt({ oid: "o", tid: "t" })}");`));
    const store = createMemoryStore(createFakeClock());
    const provider = defineTokenStore({ name: "mine", create: () => store });
    const plugins = [external, definePlugin({ name: "mine", services: [provider] })];
    const identity = identityOn(machine.env, { plugins, cache: { store: "mine" } });
    await identity.credential("exec", { program: "tokens" }).getToken(scope);
    let count = 0;
    for await (const _ of store.list?.() ?? []) count++;
    expect(count).toBe(0);
  });
});
