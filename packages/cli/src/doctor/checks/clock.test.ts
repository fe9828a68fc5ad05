import { expect, it } from "vitest";
import { createDoctorContext } from "../../../test/doctor-context.ts";
import { clock } from "./clock.ts";

const minute = 60_000;
const found = async (aheadMs: number | undefined, platform = "linux") =>
  (await clock(createDoctorContext({ platform, server: async () => ({ host: "login.test", ms: 1, aheadMs }) })))[0];

it.each([
  [0, "ok", "The clock agrees with login.test."],
  [-20_000, "ok", "The clock agrees with login.test."],
  [2 * minute, "warning", "The clock of this machine is 2 minutes behind login.test."],
  [10 * minute, "problem", "The clock of this machine is 10 minutes behind login.test."],
  [-10 * minute, "problem", "The clock of this machine is 10 minutes ahead of login.test."],
])("a server that is %i ms ahead is %s", async (aheadMs, state, sentence) => {
  expect(await found(aheadMs)).toMatchObject({ state, sentence });
});

it.each([
  ["linux", "timedatectl"],
  ["darwin", "sntp"],
  ["win32", "w32tm"],
  ["aix", "Set the clock"],
])("on %s the remedy sets the clock", async (platform, words) => {
  expect((await found(10 * minute, platform))?.remedy).toContain(words);
});

it("without a date, or without a server, the clock is not judged", async () => {
  expect(await found(undefined)).toMatchObject({ state: "skipped" });
  const error = Object.assign(new Error("No answer."), { code: "unreachable" }) as never;
  const context = createDoctorContext({ server: async () => ({ host: "login.test", ms: 1, error }) });
  expect(await clock(context)).toMatchObject([{ state: "skipped" }]);
});
