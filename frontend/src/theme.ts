/**
 * Light or dark as the system says, before the first paint.
 * Loaded as a classic blocking script, so it must stay without imports and exports.
 */
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = (): void => {
  document.documentElement.dataset["bsTheme"] = dark.matches ? "dark" : "light";
};
follow();
dark.addEventListener("change", follow);
document.documentElement.dataset["script"] = "on";
