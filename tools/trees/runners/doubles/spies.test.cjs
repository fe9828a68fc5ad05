const identity = require("@azure/identity");
const { applicationOf, constructorArguments, double, scope } = require("./arguments.cjs");

const classes = Object.keys(constructorArguments);
const make = (name) => new identity[name](...constructorArguments[name]);
afterEach(() => jest.restoreAllMocks());

test.each(classes)("spyOn replaces getToken on %s.prototype, until it is restored", async (name) => {
  const { prototype } = identity[name];
  const before = prototype.getToken;
  const spy = jest.spyOn(prototype, "getToken").mockResolvedValue(double);
  const credential = make(name);
  expect(await credential.getToken(scope, { tenantId: undefined })).toEqual(double);
  expect(spy).toHaveBeenCalledWith(scope, { tenantId: undefined });
  expect(spy.mock.contexts).toEqual([credential]);
  spy.mockRestore();
  expect(prototype.getToken).toBe(before);
});

test.each(classes)("spyOn replaces getToken of one instance of %s", async (name) => {
  const credential = make(name);
  jest.spyOn(credential, "getToken").mockRejectedValue(new identity.CredentialUnavailableError("not here"));
  await expect(credential.getToken(scope)).rejects.toThrow(identity.CredentialUnavailableError);
  expect(make(name).getToken).not.toBe(credential.getToken);
});

test.each(classes)("getToken of %s has no access type get", (name) => {
  expect(() => jest.spyOn(identity[name].prototype, "getToken", "get")).toThrow("does not have access type get");
});

test.each(classes)("an assignment replaces getToken on %s.prototype", async (name) => {
  const { prototype } = identity[name];
  const own = Object.getOwnPropertyDescriptor(prototype, "getToken");
  prototype.getToken = jest.fn(async () => double);
  expect(await make(name).getToken(scope)).toBe(double);
  delete prototype.getToken;
  if (own) Object.defineProperty(prototype, "getToken", own);
});

test("a spy of ChainedTokenCredential is one of DefaultAzureCredential", async () => {
  const spy = jest.spyOn(identity.ChainedTokenCredential.prototype, "getToken").mockResolvedValue(double);
  expect(await new identity.DefaultAzureCredential().getToken(scope)).toBe(double);
  expect(spy).toHaveBeenCalledTimes(1);
});

test("a spy of DefaultAzureCredential is none of ChainedTokenCredential", async () => {
  jest.spyOn(identity.DefaultAzureCredential.prototype, "getToken").mockResolvedValue(double);
  const chain = new identity.ChainedTokenCredential({ getToken: async () => ({ ...double, token: "of-the-chain" }) });
  expect((await chain.getToken(scope)).token).toBe("of-the-chain");
});

test("a spy without an implementation calls through", async () => {
  const { credential, requests } = applicationOf(identity);
  const spy = jest.spyOn(identity.ClientSecretCredential.prototype, "getToken");
  expect((await credential.getToken(scope)).token).toBe("token-1");
  expect(spy.mock.calls).toEqual([[scope]]);
  expect(requests()).toBe(1);
});

test("tokens and errors are equal to plain objects and errors", async () => {
  const token = await applicationOf(identity).credential.getToken(scope);
  const { refreshAfterTimestamp, ...rest } = token;
  expect(rest).toEqual({ token: "token-1", expiresOnTimestamp: expect.any(Number), tokenType: "Bearer" });
  const error = new identity.AuthenticationError(400, { error: "invalid_grant", error_description: "no" });
  expect(error).toMatchObject({ name: "AuthenticationError", statusCode: 400 });
  expect(error).toBeInstanceOf(Error);
  expect(() => {
    throw error;
  }).toThrow(identity.AuthenticationError);
});

test("jest.replaceProperty sets variables that a credential reads", () => {
  jest.replaceProperty(process, "env", { ...process.env, SYSTEM_OIDCREQUESTURI: "" });
  expect(() => make("AzurePipelinesCredential")).toThrow(identity.CredentialUnavailableError);
});

test("fake timers end the life of a token", async () => {
  jest.useFakeTimers({ doNotFake: [] });
  const { credential, requests } = applicationOf(identity);
  const first = await credential.getToken(scope);
  jest.advanceTimersByTime(30 * 60_000);
  expect((await credential.getToken(scope)).token).toBe(first.token);
  jest.advanceTimersByTime(31 * 60_000);
  expect((await credential.getToken(scope)).token).toBe("token-2");
  expect(requests()).toBe(2);
  jest.useRealTimers();
});
