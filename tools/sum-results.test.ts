import { expect, it } from "vitest";
import { type Report, sumResults } from "./sum-results.ts";

function report(counts: Partial<Report>): Report {
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...counts };
}

it("sumResults adds up the tests of all reports", () => {
  const test = { status: 1, report: report({ numPassedTests: 7, numFailedTests: 2 }) };
  const tools = { status: 0, report: report({ numPassedTests: 3 }) };
  expect(sumResults([test, tools])).toEqual({ passed: 10, failed: 2 });
});

it("sumResults counts a file that does not load", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "passed", assertionResults: [{}] },
  ];
  const step = { status: 1, report: report({ numPassedTests: 1, testResults }) };
  expect(sumResults([step])).toEqual({ passed: 1, failed: 1 });
});

it("sumResults counts a step that wrote no report as one failure, and no failure when it had nothing to run", () => {
  expect(sumResults([{ status: 2 }, { status: 0 }])).toEqual({ passed: 0, failed: 1 });
});

it("sumResults counts a step that failed although its tests passed", () => {
  expect(sumResults([{ status: 1, report: report({ numPassedTests: 5 }) }])).toEqual({ passed: 5, failed: 1 });
});

it("sumResults counts every failed check", () => {
  expect(sumResults([{ status: 3, countsByStatus: true }])).toEqual({ passed: 0, failed: 3 });
});

it("sumResults counts skipped tests as failures only where nothing may be skipped", () => {
  const skips = report({ numPassedTests: 1, numPendingTests: 2, numTodoTests: 1 });
  expect(sumResults([{ status: 0, report: skips }])).toEqual({ passed: 1, failed: 0 });
  expect(sumResults([{ status: 0, report: skips, refusesSkips: true }])).toEqual({ passed: 1, failed: 3 });
});
