/** Sinon in node:test. */
const assert = require("node:assert/strict");
const { afterEach, test } = require("node:test");
const sinon = require("sinon");
const identity = require("@azure/identity");
const { applicationOf, constructorArguments, double, scope } = require("./arguments.cjs");

const make = (name) => new identity[name](...constructorArguments[name]);
afterEach(() => sinon.restore());

for (const name of Object.keys(constructorArguments)) {
  test(`sinon.stub replaces getToken on ${name}.prototype, until it is restored`, async () => {
    const { prototype } = identity[name];
    const own = Object.getOwnPropertyDescriptor(prototype, "getToken");
    const stub = sinon.stub(prototype, "getToken").resolves(double);
    assert.equal(await make(name).getToken(scope), double);
    sinon.assert.calledOnceWithExactly(stub, scope);
    stub.restore();
    assert.deepEqual(Object.getOwnPropertyDescriptor(prototype, "getToken"), own);
  });

  test(`sinon.createStubInstance makes an instance of ${name} whose getToken is a stub`, async () => {
    const credential = sinon.createStubInstance(identity[name], { getToken: Promise.resolve(double) });
    assert.ok(credential instanceof identity[name]);
    assert.equal(await credential.getToken(scope), double);
    credential.getToken.rejects(new identity.CredentialUnavailableError("not here"));
    await assert.rejects(credential.getToken(scope), identity.CredentialUnavailableError);
  });

  test(`sinon.mock expects a call of getToken on an instance of ${name}`, async () => {
    const credential = make(name);
    const mock = sinon.mock(credential);
    mock.expects("getToken").once().withArgs(scope).resolves(double);
    assert.equal(await credential.getToken(scope), double);
    mock.verify();
  });
}

test("a stub of ChainedTokenCredential is one of DefaultAzureCredential", async () => {
  sinon.stub(identity.ChainedTokenCredential.prototype, "getToken").resolves(double);
  assert.equal(await new identity.DefaultAzureCredential().getToken(scope), double);
});

test("a stub of one member is asked by a chain", async () => {
  sinon.stub(identity.AzureCliCredential.prototype, "getToken").rejects(new identity.CredentialUnavailableError("no"));
  sinon.stub(identity.AzurePowerShellCredential.prototype, "getToken").resolves(double);
  const chain = new identity.ChainedTokenCredential(make("AzureCliCredential"), make("AzurePowerShellCredential"));
  assert.equal((await chain.getToken(scope)).token, "a-double");
});

test("sinon.spy sees calls that go through", async () => {
  const spy = sinon.spy(identity.ClientSecretCredential.prototype, "getToken");
  const { credential } = applicationOf(identity);
  assert.equal((await credential.getToken(scope)).token, "token-1");
  sinon.assert.calledOnceWithExactly(spy, scope);
  assert.ok(spy.calledOn(credential));
});

test("the fake timers of sinon end the life of a token", async () => {
  const toNotFake = ["nextTick", "queueMicrotask"]; // node:test writes its report with them
  const clock = sinon.useFakeTimers({ now: Date.now(), toNotFake });
  const { credential, requests } = applicationOf(identity);
  const first = await credential.getToken(scope);
  await clock.tickAsync(30 * 60_000);
  assert.equal((await credential.getToken(scope)).token, first.token);
  await clock.tickAsync(31 * 60_000);
  assert.equal((await credential.getToken(scope)).token, "token-2");
  assert.equal(requests(), 2);
});
