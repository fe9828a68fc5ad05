import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { entryScript } from "./entry-script.ts";

describe("entryScript", () => {
  const node = { argv: ["node", "/p/main.js"], execArgv: [], versions: { node: "24.0.0" } };

  it("the entry script is the file that Node was started with", () => {
    expect(entryScript(node)).toBe("/p/main.js");
    expect(entryScript({ ...node, execArgv: ["--import", "./hook.mjs", "--enable-source-maps"] })).toBe("/p/main.js");
    expect(entryScript({ ...node, argv: ["node"] })).toBeUndefined();
  });

  it.each(["-e", "-p", "-pe", "--eval", "--print", "--eval=1"])(
    "the entry script is undefined with %s: what follows is an argument",
    (flag) => {
      expect(entryScript({ ...node, execArgv: [flag, "1"] })).toBeUndefined();
    },
  );

  it("the entry script is the application in Electron, never the document to open", () => {
    const resourcesPath = tempFolder({ "app.asar": "" });
    const started = { ...node, argv: ["App", "/downloads/evil/document.txt"], versions: { electron: "40.0.0" } };
    expect(entryScript({ ...started, resourcesPath })).toBe(join(resourcesPath, "app.asar"));
    expect(entryScript({ ...started, resourcesPath: tempFolder() })).toBeUndefined();
    expect(entryScript({ ...started, argv: ["electron", "/p"], defaultApp: true })).toBe("/p");
  });
});
