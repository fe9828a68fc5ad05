import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

/** A program that opens the page for a sign-in which nobody answers, and ends when its own work does. */
const program = `
  import { openRedirectPage } from ${JSON.stringify(new URL("../src/browser/await-redirect.ts", import.meta.url))};
  import { connect } from "node:net";
  const page = { hostname: "localhost", port: 0, path: "", state: "s1", responseMode: "form_post" };
  const { uri } = await openRedirectPage("browser", page);
  const browser = connect(new URL(uri).port, "127.0.0.1", () => {
    console.log("connected");
    browser.unref();
  });
`;

it("a sign-in that nobody answers does not keep a program from ending, nor does a browser that stays connected", () => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 20_000,
  });
  expect({ status, signal, stdout, stderr }).toEqual({
    status: 0,
    signal: null,
    stdout: "connected\n",
    stderr: "",
  });
});
