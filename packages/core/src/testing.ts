/**
 * For tests of plugins: fakes for everything that a source is given, and what every source and
 * store has to do. Works with any test runner.
 */

export { damageText } from "./test-kit/damage-text.ts";
export { echoEncodings, echoesIn } from "./test-kit/echoes.ts";
export { createFakeClock, type FakeClock } from "./test-kit/fake-clock.ts";
export { createFakeCommands, type FakeCommands, type FakeProgram, type FakeRun } from "./test-kit/fake-commands.ts";
export { createFakeHttp, type FakeHttp, type FakeReply } from "./test-kit/fake-http.ts";
export { createMemoryStore } from "./test-kit/memory-store.ts";
export { messageFaults, resultFaults } from "./test-kit/message-faults.ts";
export type { TestRunner } from "./test-kit/source-contract.ts";
export { type SourceUnderTest, testCredentialSource } from "./test-kit/source-contract.ts";
export { type StoreUnderTest, testTokenStore } from "./test-kit/store-contract.ts";
export { createTestContext, createTestRequest, type TestContextSettings } from "./test-kit/test-context.ts";
