/** The config file is read when the server runs, so no bundler finds it. */
export default {
  output: "standalone",
  outputFileTracingIncludes: { "/**": ["./azidentity.config.yaml"] },
};
