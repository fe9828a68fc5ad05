import { expect, it } from "vitest";
import { variablesFile, variablesOf, variablesOfItself } from "./variables.ts";

it("a file of variables has one line for each, which shells and docker read alike", () => {
  expect(variablesFile(variablesOf("http://127.0.0.1:41817", "the-key"), "linux")).toBe(
    [
      "IDENTITY_ENDPOINT=http://127.0.0.1:41817/msi/token",
      "IDENTITY_HEADER=the-key",
      "AZD_AUTH_ENDPOINT=http://127.0.0.1:41817/azd",
      "AZD_AUTH_KEY=the-key",
      "AZIDENTITY_RELAY_URL=http://127.0.0.1:41817",
      "AZIDENTITY_RELAY_KEY=the-key",
      "",
    ].join("\n"),
  );
});

it("a value with a blank is quoted for shells, and as it is for PowerShell", () => {
  const variables = [["AZID_ENV_FILE", "/home/ann's pc/app.env"]] as const;
  expect(variablesFile(variables, "linux")).toBe("AZID_ENV_FILE='/home/ann'\\''s pc/app.env'\n");
  expect(variablesFile(variables, "win32")).toBe("AZID_ENV_FILE=/home/ann's pc/app.env\n");
});

const hosts = new Set(["127.0.0.1", "localhost", "[::1]"]);

it.each([
  ["the relay's own variables", { IDENTITY_ENDPOINT: "http://127.0.0.1:41817/msi/token" }, ["IDENTITY_ENDPOINT"]],
  ["another spelling", { AZD_AUTH_ENDPOINT: "http://LOCALHOST:41817" }, ["AZD_AUTH_ENDPOINT"]],
  [
    "those of the relay of a container's host",
    { IDENTITY_ENDPOINT: "http://host.docker.internal:41817/msi/token" },
    [],
  ],
  ["those of another relay", { IDENTITY_ENDPOINT: "http://127.0.0.1:41818/msi/token" }, []],
  ["what is no URL", { IDENTITY_ENDPOINT: "41817" }, []],
  ["those of the relay's socket", { AZIDENTITY_RELAY_URL: "unix:///run/a%20b/../a%20b/s" }, ["AZIDENTITY_RELAY_URL"]],
  ["those of another socket", { AZIDENTITY_RELAY_URL: "unix:/run/s" }, []],
  ["a socket that is no text", { AZIDENTITY_RELAY_URL: "unix:/%" }, []],
  ["none", {}, []],
])("an environment with %s has %j", (_, environment, names) => {
  expect(variablesOfItself(environment, { port: 41_817, hosts, socketPath: "/run/a b/s" })).toEqual(names);
});
