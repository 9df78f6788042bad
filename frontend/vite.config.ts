import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { houseAssets } from "./build/house-assets.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  root: here("."),
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/chekhov/face/static/dist",
    emptyOutDir: true,
    target: "es2022",
    // Tabler is written with light-dark() and oklch(); older targets would treble the sheet with fallbacks.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    minify: mode === "development" ? false : "oxc",
    modulePreload: false,
    // A font or picture written into the sheet would break the strict `font-src 'self'`.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rolldownOptions: {
      // htmx holds an eval that `allowEval: false` (and the content security policy) never lets it reach.
      checks: { eval: false, pluginTimings: false },
      input: { main: here("src/main.ts"), theme: here("src/theme.ts") },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  plugins: [houseAssets(here("icons.json"), here("src/mark.svg"))],
}));
