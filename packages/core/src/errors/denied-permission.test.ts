import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { deniedPermission } from "./denied-permission.ts";

/** As Deno throws it. */
const notCapable = (message: string) => Object.assign(new Error(message), { name: "NotCapable" });

it("a refusal of Deno names the flag that is missing", () => {
  const message = 'Requires read access to "/etc/hostname", run again with the --allow-read flag';
  expect(deniedPermission(notCapable(message))?.remedy).toBe("Start the program with --allow-read.");
  const lookup = Object.assign(new Error("getaddrinfo EPERM localhost"), { code: "EPERM", syscall: "getaddrinfo" });
  expect(deniedPermission(lookup)?.remedy).toBe("Start the program with --allow-net.");
});

it("so does one of this Node.js with --permission, and a file is named with its flag", () => {
  const program = `import { readFileSync } from "node:fs";
import { deniedPermission } from ${JSON.stringify(pathToFileURL(`${import.meta.dirname}/denied-permission.ts`))};
const denied = (work) => { try { work(); } catch (error) { return deniedPermission(error).remedy; } };
console.log(denied(() => readFileSync(process.execPath)), denied(() => process.getBuiltinModule("node:child_process").spawnSync("true")));`;
  const sources = `--allow-fs-read=${import.meta.dirname}/../*`;
  const args = ["--permission", sources, "--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe(
    `Start the program with --allow-fs-read for ${process.execPath}. Start the program with --allow-child-process.\n`,
  );
});

it("other errors are not about permissions, whatever their text", () => {
  for (const error of [new Error("use --allow-net"), "--allow-net", undefined, { name: "NotCapable" }])
    expect(deniedPermission(error)).toBeUndefined();
});
