import type { AnySource } from "@azidentity/core/plugin";
import { testCredentialSource } from "@azidentity/core/testing";
import type { Finding } from "../../findings/finding.ts";
import { exampleOptions } from "./example-options.ts";

/** How long one test of the contract may take, in milliseconds; its hosts and clock are fakes. */
const testMs = 3_000;

type Test = { readonly name: string; readonly run: () => Promise<void> | void };

/** What is wrong, in one line: an assertion has its values in further ones. */
const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

async function withinTestTime(run: Test["run"], signal: AbortSignal): Promise<void> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(`It had not ended after ${testMs / 1_000} s.`)), testMs);
  const onAbort = () => limit.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([run(), limit.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

async function runTest({ name, run }: Test, source: string, signal: AbortSignal): Promise<Finding> {
  try {
    await withinTestTime(run, signal);
    return { state: "ok", subject: source, sentence: name };
  } catch (error) {
    signal.throwIfAborted();
    const remedy = 'See "What each field promises" of docs/write-a-plugin.md.';
    return { state: "problem", subject: source, sentence: `${name}: ${firstLine(error)}`, remedy, code: "contract" };
  }
}

/**
 * Runs the tests of the contract that need no system which answers: description, detection,
 * options, and how it fails.
 *
 * @param given options of the author, for a source whose options cannot be guessed
 */
export async function checkSource(
  source: AnySource,
  given: Readonly<Record<string, unknown>> | undefined,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { options, unknown } = exampleOptions(source.options, given);
  const { name } = source;
  if (unknown.length > 0) {
    const sentence = `Not tested: no value is known for ${unknown.filter(Boolean).join(", ") || "its options"}.`;
    const remedy = `Write options with which it works into a file: { "${name}": { ... } }, and add --options FILE.`;
    return [{ state: "skipped", subject: name, sentence, remedy }];
  }
  const tests: Test[] = [];
  testCredentialSource({ it: (title, run) => tests.push({ name: title, run }) }, { source, options });
  const findings: Finding[] = [];
  // one after another: they share the source
  for (const test of tests) findings.push(await runTest(test, name, signal));
  return findings;
}
