const mockGetToken = jest.fn();
jest.mock("@azure/identity", () => ({
  ...jest.requireActual("@azure/identity"),
  DefaultAzureCredential: jest.fn(() => ({ getToken: mockGetToken })),
  AzureCliCredential: class extends jest.requireActual("@azure/identity").AzureCliCredential {
    async getToken() {
      throw new (jest.requireActual("@azure/identity").CredentialUnavailableError)("az is not here");
    }
  },
}));
const identity = require("@azure/identity");
const { double, scope } = require("./arguments.cjs");

test("a factory replaces one class and keeps the rest of the module", async () => {
  mockGetToken.mockResolvedValue(double);
  const credential = new identity.DefaultAzureCredential({ tenantId: "t" });
  expect(await credential.getToken(scope)).toBe(double);
  expect(identity.DefaultAzureCredential).toHaveBeenCalledWith({ tenantId: "t" });
  expect(Object.keys(identity)).toEqual(expect.arrayContaining(Object.keys(jest.requireActual("@azure/identity"))));
  expect(new identity.ClientSecretCredential("t", "c", "s")).toBeInstanceOf(identity.ClientSecretCredential);
});

test("a chain of the module goes on after the error of a replaced class, and takes the token of a double", async () => {
  mockGetToken.mockResolvedValue(double);
  const members = [new identity.AzureCliCredential(), new identity.DefaultAzureCredential()];
  expect(await new identity.ChainedTokenCredential(...members).getToken(scope)).toEqual(double);
  expect(await identity.getBearerTokenProvider(members[1], scope)()).toBe("a-double");
});

test("jest.doMock gives the modules that are loaded after jest.resetModules a module of their own", () => {
  jest.resetModules();
  jest.doMock("@azure/identity", () => ({
    DefaultAzureCredential: class {
      own = true;
    },
  }));
  expect(new (require("@azure/identity").DefaultAzureCredential)()).toEqual({ own: true });
});
