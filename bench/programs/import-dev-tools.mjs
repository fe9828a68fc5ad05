import "@azidentity/core";
import "@azidentity/plugin-dev-tools";
