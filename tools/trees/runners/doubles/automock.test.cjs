jest.mock("@azure/identity");
const identity = require("@azure/identity");
const { constructorArguments, double, scope } = require("./arguments.cjs");

const classes = Object.keys(constructorArguments);
beforeEach(() => jest.clearAllMocks());

test.each(classes)("%s is a mock, whose instances have a mocked getToken", async (name) => {
  const Mocked = identity[name];
  const credential = new Mocked(...constructorArguments[name]);
  expect(credential).toBeInstanceOf(Mocked);
  expect(Mocked.mock.instances).toEqual([credential]);
  expect(Mocked.mock.calls).toEqual([constructorArguments[name]]);
  expect(credential.getToken(scope)).toBeUndefined();
  credential.getToken.mockResolvedValue(double);
  expect(await credential.getToken(scope)).toBe(double);
  expect(credential.getToken.mock.calls).toEqual([[scope], [scope]]);
});

test("a mocked getToken on the prototype is one of all instances", async () => {
  identity.ManagedIdentityCredential.prototype.getToken.mockResolvedValue(double);
  expect(await new identity.ManagedIdentityCredential("id").getToken(scope)).toBe(double);
});

test("functions are mocks, and values are as they were", () => {
  expect(identity.getBearerTokenProvider({}, scope)).toBeUndefined();
  expect(identity.getDefaultAzureCredential()).toBeUndefined();
  expect(identity.useIdentityPlugin(() => undefined)).toBeUndefined();
  expect(identity.serializeAuthenticationRecord({})).toBeUndefined();
  expect(identity.AzureAuthorityHosts).toEqual(jest.requireActual("@azure/identity").AzureAuthorityHosts);
  expect(identity.CredentialUnavailableErrorName).toBe("CredentialUnavailableError");
  expect(identity.AuthenticationErrorName).toBe("AuthenticationError");
  expect(identity.AggregateAuthenticationErrorName).toBe("AggregateAuthenticationError");
  expect(identity.logger.info("text")).toBeUndefined();
  expect(jest.isMockFunction(identity.logger.info)).toBe(true);
});

test.each([
  "AuthenticationError",
  "AggregateAuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
])("%s is a mock, whose instances are instances", (name) => {
  const error = new identity[name]();
  expect(error instanceof identity[name]).toBe(true);
  expect(identity[name].mock.instances).toHaveLength(1);
});

test("a credential can be made from a mocked module", async () => {
  const { DefaultAzureCredential } = jest.createMockFromModule("@azure/identity");
  const credential = new DefaultAzureCredential();
  credential.getToken.mockResolvedValueOnce(double);
  expect(await credential.getToken(scope)).toBe(double);
  expect(credential.getToken(scope)).toBeUndefined();
});
