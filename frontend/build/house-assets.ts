/**
 * Small deeds of our build, as one Vite plugin:
 *  - the installation's mark is handed out as a file of its own;
 *  - the icons named in icons.json become one SVG sprite (an icon is `<use href="…#name">`);
 *  - assets.json maps the stable name of each built file to its hashed one, for the template tag `{% asset %}`;
 *  - every text file gets a `.gz` and a `.br` neighbour, which the web process hands out as they are.
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(?:js|css|svg|json)$/;
const HASHED = /-[\w-]{8}(\.\w+)$/;

function sprite(names: readonly string[]): string {
  const { resolve } = createRequire(import.meta.url);
  const symbols = names.map((name) => {
    const body = readFileSync(resolve(`@tabler/icons/outline/${name}.svg`), "utf8")
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
      .replace("</svg>", "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s+/g, " ")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 8);

export function houseAssets(iconsFile: string, markFile: string): Plugin {
  let outDir = "";
  const icons = (): string[] => (JSON.parse(readFileSync(iconsFile, "utf8")) as string[]).toSorted();
  return {
    name: "house-assets",
    apply: "build",
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    buildStart() {
      this.addWatchFile(iconsFile);
    },
    generateBundle(_options, bundle) {
      const source = sprite(icons());
      const mark = readFileSync(markFile, "utf8");
      const files: Record<string, string> = {
        "icons.svg": `icons-${digestOf(source)}.svg`,
        "mark.svg": `mark-${digestOf(mark)}.svg`,
      };
      this.emitFile({ type: "asset", fileName: files["icons.svg"] as string, source });
      this.emitFile({ type: "asset", fileName: files["mark.svg"] as string, source: mark });
      const built = Object.keys(bundle).filter((fileName) => !(Object.values(files).includes(fileName)));
      for (const fileName of built) {
        files[fileName.replace(HASHED, "$1")] = fileName;
      }
      const sorted = Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      this.emitFile({
        type: "asset",
        fileName: "assets.json",
        source: `${JSON.stringify({ files: sorted, icons: icons() }, null, 1)}\n`,
      });
    },
    writeBundle() {
      for (const name of readdirSync(outDir)) {
        if (/\.(?:gz|br)$/.test(name)) rmSync(join(outDir, name));
      }
      for (const name of readdirSync(outDir)) {
        if (!COMPRESSIBLE.test(name) || name === "assets.json") continue;
        const bytes = readFileSync(join(outDir, name));
        writeFileSync(join(outDir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
        writeFileSync(
          join(outDir, `${name}.br`),
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}
