import { expect, it } from "vitest";
import { readPluginName } from "./plugin-name.ts";

it.each([
  ["team-broker", "azidentity-team-broker", "team-broker", "teamBrokerSource"],
  ["azidentity-team-broker", "azidentity-team-broker", "team-broker", "teamBrokerSource"],
  ["azidentity-plugin-new", "azidentity-plugin-new", "new", "newSource"],
  ["@contoso/azidentity-vault2", "@contoso/azidentity-vault2", "vault2", "vault2Source"],
  ["@contoso/broker", "@contoso/azidentity-broker", "broker", "brokerSource"],
])("%s is a plugin", (text, packageName, source, variable) => {
  expect(readPluginName(text)).toMatchObject({ packageName, source, variable });
});

it.each(["", "Team", "team_broker", "azidentity-", "a/b", "../x", "@azidentity/broker", "-x", "9x"])(
  "%j cannot be the name of a plugin",
  (text) => {
    expect(() => readPluginName(text)).toThrow(expect.objectContaining({ code: "usage", exitCode: 2 }));
  },
);
