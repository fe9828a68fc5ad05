import { expect, it } from "vitest";
import { selectProfile } from "./profiles.ts";

const config = { profile: "own", profiles: { own: { tenantId: "own" }, asked: { tenantId: "asked" } } };

it("takes the profile that is asked for, else the config's own, else none", () => {
  expect(selectProfile(config, "asked", undefined)).toEqual({ tenantId: "asked" });
  expect(selectProfile(config, undefined, undefined)).toEqual({ tenantId: "own" });
  expect(selectProfile({ profiles: config.profiles }, undefined, undefined)).toEqual({});
});

it.each(["askd", "constructor"])("does not know the profile %s", (name) => {
  const select = () => selectProfile(config, name, "/p/c.json");
  expect(select).toThrow(expect.objectContaining({ code: "unknown-profile", file: "/p/c.json", path: "profiles" }));
});

it("suggests the profile that was meant", () => {
  expect(() => selectProfile(config, "askd", undefined)).toThrow('Did you mean "asked"?');
});
