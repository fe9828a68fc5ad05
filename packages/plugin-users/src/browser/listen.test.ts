import { createServer } from "node:net";
import { errorOf } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { send } from "../../test/browser-request.ts";
import { loopbackAddresses } from "../../test/loopback-addresses.ts";
import { listenOnLoopback } from "./listen.ts";

it("a listener skips an address that the machine does not have", async () => {
  const listener = await listenOnLoopback("browser", ["127.0.0.1", "192.0.2.1"], 0, (_, response) => response.end());
  try {
    expect((await send(`http://127.0.0.1:${listener.port}`)).status).toBe(200);
  } finally {
    await listener.close();
  }
});

it.skipIf(loopbackAddresses.length < 2)(
  "a listener closes its first address when the second one is in use",
  async () => {
    const other = createServer().listen(0, "::1");
    try {
      await new Promise((resolve) => other.once("listening", resolve));
      const { port } = other.address() as { port: number };
      const listening = listenOnLoopback("browser", ["127.0.0.1", "::1"], port, () => undefined);
      expect(await errorOf(listening)).toMatchObject({ code: "redirect-port-taken", cause: { code: "EADDRINUSE" } });
      expect((await send(`http://127.0.0.1:${port}`)).status).toBe(0);
    } finally {
      other.close();
    }
  },
);

it("a listener fails with no-loopback when no address is available", async () => {
  const listening = listenOnLoopback("browser", ["192.0.2.1"], 0, () => undefined);
  expect(await errorOf(listening)).toMatchObject({ outcome: "failed", code: "no-loopback" });
});
