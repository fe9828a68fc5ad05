/** What TypeScript makes of a program with `"module": "commonjs"`. */
const identity_1 = require("@azure/identity");
const core_1 = require("@azidentity/core");
const plugin_entra_1 = __importDefault(require("@azidentity/plugin-entra"));
function __importDefault(module) {
  return module?.__esModule ? module : { default: module };
}

const scope = "https://storage.azure.com/.default";
const print = (name, value) => console.log(JSON.stringify({ [name]: value }));
new identity_1.DefaultAzureCredential()
  .getToken(scope)
  .then(({ token }) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).appid)
  .then((application) => print("DefaultAzureCredential", application));
const identity = core_1.createIdentity({
  config: false,
  plugins: [plugin_entra_1.default],
  chain: ["environment"],
});
identity
  .getToken(scope)
  .then(() => print("createIdentity", identity.explain.last.principal.clientId))
  .finally(() => identity.close());
