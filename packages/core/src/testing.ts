/** For tests of plugins: fakes for everything that a source is given. Works with any test runner. */
export { createFakeClock, type FakeClock } from "./test-kit/fake-clock.ts";
export { createFakeCommands, type FakeCommands, type FakeProgram, type FakeRun } from "./test-kit/fake-commands.ts";
export { createFakeHttp, type FakeHttp, type FakeReply } from "./test-kit/fake-http.ts";
