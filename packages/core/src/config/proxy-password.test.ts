import { expect, it } from "vitest";
import { refuseProxyPassword } from "./proxy-password.ts";

const inFile = (proxy: unknown) => () => refuseProxyPassword({ http: { proxy } as never }, "c.json");

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
  expect(() => refuseProxyPassword({ profiles }, "c.json")).toThrow(
    expect.objectContaining({ path: "profiles.server.http.proxy" }),
  );
});
