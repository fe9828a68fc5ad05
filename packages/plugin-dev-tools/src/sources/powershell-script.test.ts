import { describe, expect, it } from "vitest";
import { encodedScript, readScriptError } from "./powershell-script.ts";

const script = Buffer.from(encodedScript(), "base64").toString("utf16le");

/** Types that Constrained Language Mode allows, of those that the script may use. */
const coreTypes = ["char", "int", "long", "string", "version"];

it("the script for PowerShell runs in Constrained Language Mode, because it casts to core types alone", () => {
  const types = [...script.matchAll(/\[([\w.]+)(?:\[\])?\](?!\s*::)/g)].map(([, type]) => type);
  expect(types.length).toBeGreaterThan(5);
  expect(types.filter((type) => !coreTypes.includes(type ?? ""))).toEqual([]);
});

it("the script for PowerShell runs in Constrained Language Mode, because it calls no static method, and sets no static property", () => {
  expect(script).not.toContain("::");
});

it("the script for PowerShell runs in Constrained Language Mode, because it creates no object but a PSCredential, and calls a method of that one alone", () => {
  const created = [...script.matchAll(/New-Object\s+-TypeName\s+([\w.]+)/g)].map(([, type]) => type);
  expect(created).toEqual(["System.Management.Automation.PSCredential"]);
  expect(script.match(/New-Object/g)).toHaveLength(1);
  const methods = [...script.matchAll(/(\S+)\.(\w+)\(/g)].map(([, object, method]) => `${object}.${method}`);
  expect(methods).toEqual(["$holder.GetNetworkCredential"]);
});

it("the script for PowerShell runs in Constrained Language Mode, because it sets properties of hash tables alone", () => {
  const set = [...script.matchAll(/(\$\w+)\.\w+ = /g)].map(([, object]) => object);
  expect(new Set(set)).toEqual(new Set(["$query"]));
  expect(script).toContain("$query = @{");
});

describe("readScriptError", () => {
  const printed = (text: string, more: object = {}) =>
    JSON.stringify({ error: [...text].map((letter) => letter.codePointAt(0)), ...more });

  it("readScriptError reads a text in any language, with PowerShell's id of it", () => {
    const text = "Führen Sie Connect-AzAccount aus";
    expect(readScriptError(printed(text, { id: "A,B" }))).toBe(`${text} (A,B)`);
    expect(readScriptError(printed(text))).toBe(text);
    expect(readScriptError(`WARNING: {0}\n${printed(text, { id: text })}`)).toBe(text);
  });

  it.each(["", "{}", '{"error":"text"}', '{"error":[-1]}', '{"error":[65536]}', '{"error":[1.5]}', '{"token":"x"}'])(
    "readScriptError ignores %j",
    (stdout) => expect(readScriptError(stdout)).toBeUndefined(),
  );
});
