import { withBase } from "vitepress";
import theme from "vitepress/theme-without-fonts";
import { h } from "vue";
import "./site.css";

const notFound = () =>
  h("main", { class: "vp-doc not-found" }, [
    h("h1", "There is no such page"),
    h("p", "It may have been renamed: search for what it was about, or begin at the start."),
    h("p", h("a", { href: withBase("/") }, "To the start")),
  ]);

export default { extends: theme, Layout: () => h(theme.Layout, null, { "not-found": notFound }) };
