import "@azidentity/core";
import "@azidentity/plugin-entra";
