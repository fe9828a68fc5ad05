import "@azidentity/core";
import "@azidentity/plugin-broker";
