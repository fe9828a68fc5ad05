import { durationInWords } from "@azidentity/core/plugin";
import type { Finding } from "../../findings/finding.ts";
import { asksAuthority } from "../asks-authority.ts";
import type { DoctorContext } from "../doctor-context.ts";

/**
 * Entra refuses what a program has signed when its clock is further off than this, in milliseconds.
 */
const refusedMs = 300_000;
/** What people and logs notice, in milliseconds. */
const noticedMs = 30_000;

const remedies: Readonly<Record<string, string>> = {
  linux: "Set the clock: sudo timedatectl set-ntp true",
  darwin: "Set the clock: sudo sntp -sS time.apple.com",
  win32: "Set the clock: w32tm /resync",
};

/** Compares the clock of this machine with the date that the server of the authority says. */
export async function clock(context: DoctorContext): Promise<readonly Finding[]> {
  const nothing: Finding = { state: "skipped", sentence: "There is no server to compare it with." };
  if (!asksAuthority(context)) return [nothing];
  const { server, platform } = context;
  const { host, aheadMs, error } = await server();
  if (error !== undefined) return [nothing];
  if (aheadMs === undefined) return [{ state: "skipped", sentence: `${host} did not say what time it is.` }];
  const offMs = Math.abs(aheadMs);
  if (offMs < noticedMs) return [{ state: "ok", sentence: `The clock agrees with ${host}.` }];
  const direction = aheadMs > 0 ? "behind" : "ahead of";
  return [
    {
      state: offMs < refusedMs ? "warning" : "problem",
      sentence: `The clock of this machine is ${durationInWords(Math.round(offMs / 1_000) * 1_000)} ${direction} ${host}.`,
      remedy: remedies[platform] ?? "Set the clock of this machine.",
    },
  ];
}
