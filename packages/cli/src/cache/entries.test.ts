import { userPartitionKey } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { describeEntry, isSelected, timeLeft, whoseText } from "./entries.ts";

const key = (parts: readonly unknown[]) => JSON.stringify(["azidentity.token.1", ...parts]);
const token = describeEntry({
  key: key([
    "client-secret",
    '["t","app"]',
    null,
    "https://login.example",
    "t",
    null,
    false,
    "https://a/.default",
    "https://b/.default",
  ]),
  expiresOnTimestamp: 120_000,
});
const signIn = describeEntry({
  key: userPartitionKey({ authorityHost: "https://login.example", clientId: "app", homeAccountId: "ann.t" }),
});
const other = describeEntry({ key: "of another program" });

it("an entry says whose it is, for what, and until when", () => {
  expect(token).toMatchObject({
    kind: "token",
    source: "client-secret",
    tenantId: "t",
    scopes: ["https://a/.default", "https://b/.default"],
    expiresOnTimestamp: 120_000,
  });
  expect(whoseText(token)).toBe("app");
  expect(signIn).toMatchObject({ kind: "sign-in", subject: "ann.t", clientId: "app" });
  expect(other.kind).toBe("other");
  expect(whoseText({ ...token, subject: "[not JSON" })).toBe("[not JSON");
  expect(whoseText({ ...token, subject: undefined })).toBe("");
});

it("tokens are cleared, sign-ins when that is asked for, and entries of other programs never", () => {
  const selected = (selection: { source?: string; signIns: boolean }) =>
    [token, signIn, other].filter((entry) => isSelected(entry, selection));
  expect(selected({ signIns: false })).toEqual([token]);
  expect(selected({ signIns: true })).toEqual([token, signIn]);
  expect(selected({ source: "azure-cli", signIns: false })).toEqual([]);
  expect(selected({ source: "client-secret", signIns: false })).toEqual([token]);
});

it("the time that is left is in minutes, then in hours", () => {
  expect(timeLeft(90_000, 60_000)).toBe("in less than 1 min");
  expect(timeLeft(660_000, 0)).toBe("in 11 min");
  expect(timeLeft(7_200_000, 0)).toBe("in 2 h");
  expect(timeLeft(undefined, 0)).toBe("");
});
