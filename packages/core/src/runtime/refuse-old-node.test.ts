import { expect, it } from "vitest";
import { type RuntimeGlobals, refuseOldNode } from "./refuse-old-node.ts";

it("lets this Node.js pass", () => {
  expect(() => refuseOldNode()).not.toThrow();
});

it.each<[string, RuntimeGlobals]>([
  ["Node.js v20.1.0", { process: { version: "v20.1.0" } }],
  ["Bun/1.1.9", { process: { version: "v22.3.0" }, navigator: { userAgent: "Bun/1.1.9" } }],
  ["edge-runtime", { process, EdgeRuntime: "edge-runtime" }],
  ["Cloudflare-Workers", { navigator: { userAgent: "Cloudflare-Workers" } }],
])("names %s that lacks what the core needs, and what is wanted", (name, runtime) => {
  expect(() => refuseOldNode(runtime)).toThrow(
    expect.objectContaining({
      code: "node-too-old",
      message: expect.stringMatching(
        new RegExp(`^azidentity does not run on ${name}\\. Use Node\\.js 22\\.3, .* or newer; .* workerd\\.$`),
      ),
    }),
  );
});

it("the build for Node.js is refused in a Worker, with the condition that its bundler lacks", () => {
  const refuse = () =>
    refuseOldNode({ process, WebSocketPair: class {}, navigator: { userAgent: "Cloudflare-Workers" } });
  expect(refuse).toThrow(expect.objectContaining({ code: "node-too-old" }));
  expect(refuse).toThrow(
    /^azidentity does not run on Cloudflare-Workers\..* bundle Workers with the condition workerd\.$/,
  );
});

it("The error in a web page names the library that is for it", () => {
  const refuse = () => refuseOldNode({ navigator: { userAgent: "Mozilla/5.0" } });
  expect(refuse).toThrow(expect.objectContaining({ code: "node-too-old" }));
  expect(refuse).toThrow(/^azidentity does not run on Mozilla\/5\.0\..* in a web page, @azure\/msal-browser;/);
});
