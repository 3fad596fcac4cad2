// Builds the browser scripts. With --check it writes nothing, and fails if what is committed differs.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const OUTPUT = new URL("../src/leadline/tracker/dist/", import.meta.url);
const CONFIG_LITERAL = '"__LEADLINE__"';
const SCRIPTS = [
  { source: "fathom.ts", output: "script.js", configLiterals: 0 },
  { source: "seal.ts", output: "t.js", configLiterals: 1 },
];

async function bundle(source) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`src/${source}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2018",
    charset: "utf8",
    legalComments: "none",
    sourcemap: false,
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

function assertConfigLiterals({ output, configLiterals }, text) {
  const found = text.split(CONFIG_LITERAL).length - 1;
  if (found !== configLiterals) {
    throw new Error(`${output} holds ${CONFIG_LITERAL} ${found} times instead of ${configLiterals}`);
  }
}

function write(file, text) {
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(file, text);
}

function check(file, text) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  console.error(`${fileURLToPath(file)} is not what tracker/src builds: run "make tracker" and commit`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--check") ? check : write;
for (const script of SCRIPTS) {
  const text = await bundle(script.source);
  assertConfigLiterals(script, text);
  finish(new URL(script.output, OUTPUT), text);
  console.log(`${script.output}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`);
}
