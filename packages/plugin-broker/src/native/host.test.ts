import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the call is removed from the environment, so that no child process inherits it", () => {
  const host = fileURLToPath(new URL("./host.cts", import.meta.url));
  const printAtExit = "process.on('exit', () => console.error('left:', process.env.AZIDENTITY_BROKER_CALL))";
  const call = JSON.stringify({ method: "getAllAccounts", arguments: ["client", "correlation"] });
  const env = { ...process.env, AZIDENTITY_BROKER_CALL: call, DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" };
  const { stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${printAtExit}`, host], {
    env,
    encoding: "utf8",
  });
  expect(stderr).toContain("left: undefined");
});
