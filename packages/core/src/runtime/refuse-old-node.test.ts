import { expect, it } from "vitest";
import { type Runtime, refuseOldNode } from "./refuse-old-node.ts";

it("lets this Node.js pass", () => {
  expect(() => refuseOldNode()).not.toThrow();
});

it.each<[string, Runtime]>([
  ["Node.js v20.1.0", { process: { cwd: process.cwd, version: "v20.1.0" } }],
  ["Bun/1.1.9", { process: { cwd: process.cwd, version: "v22.3.0" }, navigator: { userAgent: "Bun/1.1.9" } }],
  ["edge-runtime", { process, EdgeRuntime: "edge-runtime" }],
  ["Cloudflare-Workers", { navigator: { userAgent: "Cloudflare-Workers" } }],
])("names %s that lacks what the core needs, and what is wanted", (name, runtime) => {
  expect(() => refuseOldNode(runtime)).toThrow(
    expect.objectContaining({
      code: "node-too-old",
      message: expect.stringMatching(
        new RegExp(`^azidentity does not run on ${name}\\. Use Node\\.js 22\\.3, .* or newer\\.$`),
      ),
    }),
  );
});
