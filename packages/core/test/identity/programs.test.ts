import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ServiceProvider, services } from "../../src/contract/services.ts";
import type { Commands } from "../../src/contract/system-services.ts";
import { definePlugin } from "../../src/options/define-options.ts";
import { subprocesses } from "../../src/services/subprocesses.ts";
import { createFakeCommands } from "../../src/test-kit/fake-commands.ts";
import { tempFolder } from "../temp-folder.ts";
import { countingSource, failure, hour, scope, setUp } from "./set-up.ts";

/** A source whose tokens are what the program `show-token` prints. */
function runningSource(name = "running") {
  const create = (_: unknown, { commands, clock }: { commands: Commands; clock: { now(): number } }) => ({
    async getToken({ signal }: { signal: AbortSignal }) {
      const { stdout } = await commands.run(commands.find("show-token") ?? "", [], {}, signal);
      return { token: stdout.trim(), expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" as const };
    },
  });
  return countingSource(name, { create: create as never }).source;
}

/** A PATH with the program `show-token`, which prints a text. */
function pathWith(text: string): string {
  const folder = tempFolder({ "show-token": `#!/bin/sh\necho ${text}\n`, "show-token.cmd": `@echo ${text}` });
  chmodSync(join(folder, "show-token"), 0o755);
  return folder;
}

const prints = (stdout: string) => createFakeCommands({ "show-token": () => ({ stdout }) });
const running = (...more: ServiceProvider[]) =>
  definePlugin({ name: "running", sources: [runningSource()], services: more });

it("a source of a plugin without `subprocesses` runs no program, and the error says what to add", async () => {
  const { identity } = setUp({ plugins: [running()] });
  expect(await failure(identity.getToken(scope))).toMatchObject({
    code: "invalid-plugin",
    remedy: expect.stringContaining("Add `subprocesses` of @azidentity/core/plugin"),
  });
});

it("several plugins may have `subprocesses`, which runs the programs on the PATH of the identity", async () => {
  const other = definePlugin({ name: "other", services: [{ ...subprocesses }] });
  const { identity } = setUp({ plugins: [running(subprocesses), other] }, { env: { PATH: pathWith("first") } });
  expect((await identity.getToken(scope)).token).toBe("first");
});

it("an identity that comes from another with variables of its own finds programs on its own PATH", async () => {
  const { identity } = setUp({ plugins: [running(subprocesses)] }, { env: { PATH: pathWith("first") } });
  const other = identity.with({}, { env: { PATH: pathWith("second") } });
  expect((await other.getToken(scope)).token).toBe("second");
  expect((await identity.getToken(scope)).token).toBe("first");
});

it("commands of another plugin take the place of `subprocesses`, and those of the caller of both", async () => {
  const own = { token: services.commands, name: "own", create: () => prints("of-the-plugin") };
  const plugins = [running(subprocesses, own)];
  expect((await setUp({ plugins }).identity.getToken(scope)).token).toBe("of-the-plugin");
  const commands = prints("of-the-caller");
  expect((await setUp({ plugins }, { commands }).identity.getToken(scope)).token).toBe("of-the-caller");
});
