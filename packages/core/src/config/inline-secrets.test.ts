import { expect, it } from "vitest";
import { createInlineSecrets } from "./inline-secrets.ts";

const { refuseProxyPassword, refuseOptions } = createInlineSecrets("c.json");
const inFile = (proxy: unknown) => () => refuseProxyPassword({ http: { proxy } as never });

it.each(["http://ann:secret@proxy.example", "ann:secret@proxy.example:8080", "https://:secret@proxy.example"])(
  "a proxy with a password is refused in a file: %s",
  (proxy) => {
    expect(inFile(proxy)).toThrow(
      expect.objectContaining({ code: "inline-secret", path: "http.proxy", file: "c.json" }),
    );
    expect(inFile(proxy)).not.toThrow("secret@");
  },
);

it.each<[unknown]>([
  ["http://proxy.example:8080"],
  ["proxy.example:8080"],
  ["http://ann@proxy.example:8080"],
  [{ env: "PROXY" }],
  [{ $template: "http://ann:secret@proxy.example" }],
  [false],
  [undefined],
])("a proxy without a password is accepted: %j", (proxy) => {
  expect(inFile(proxy)).not.toThrow();
});

it("a proxy of a profile is named with its place", () => {
  const profiles = { laptop: {}, server: { http: { proxy: "http://ann:secret@proxy.example" } } };
  expect(() => refuseProxyPassword({ profiles })).toThrow(
    expect.objectContaining({ path: "profiles.server.http.proxy" }),
  );
});

it.each<[unknown]>([["text"], [[{ env: "F" }, "text"]]])("a secret that is text is refused: %j", (secret) => {
  const options = { name: "public", secret };
  const error = { code: "inline-secret", path: "sources.mine.secret", file: "c.json" };
  expect(() => refuseOptions(options, ["missing", "secret"], "sources.mine")).toThrow(expect.objectContaining(error));
});

it.each<[unknown]>([[{ env: "B" }], [{ file: "d" }], [{ $template: "C" }], [[{ $template: "G" }]], [undefined]])(
  "a secret that is a reference is accepted: %j",
  (secret) => {
    expect(() => refuseOptions({ name: "public", secret }, ["secret"], "sources.mine")).not.toThrow();
  },
);
