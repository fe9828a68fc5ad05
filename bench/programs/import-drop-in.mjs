import "@azidentity/identity";
